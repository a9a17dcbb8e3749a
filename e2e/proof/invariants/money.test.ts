import { describe, expect, test } from "bun:test";
import { found, type World } from "./world.builder.ts";

/** Removes the components of a kind, or makes them a cent more, and keeps the sum right. */
function changeComponents(order: World["order"], kind: string, more: number) {
  order.components = order.components.flatMap((one) => {
    if (one.kind !== kind) return one;
    return more > 0 ? { ...one, amountCents: one.amountCents + more } : [];
  });
  order.totalCents = order.components.reduce((sum, { amountCents }) => sum + amountCents, 0);
}

describe("I8 reports", () => {
  test.each<[string, string, (world: World) => unknown]>([
    ["a total that is not the sum", "I8", ({ order }) => Object.assign(order, { totalCents: 2_644 })],
    ["another fee than its component", "I8", ({ order }) => Object.assign(order, { deliveryFeeCents: 0 })],
    ["another subtotal", "I8", ({ order }) => Object.assign(order, { subtotalCents: 2_101 })],
    ["an order without components", "I8", ({ order }) => Object.assign(order, { components: [] })],
    ...["dish", "option", "delivery_fee", "tax", "tip"].flatMap(
      (kind): [string, string, (w: World) => unknown][] => [
        [`a ${kind} that is left out`, "I8", ({ order }) => changeComponents(order, kind, 0)],
        [`a ${kind} that is too high, with its total`, "I8", ({ order }) => changeComponents(order, kind, 1)],
      ],
    ),
    ["a tip that nobody gave", "I8", ({ history }) => void history.tips.pop()],
    [
      "a tip that was refused",
      "I8",
      ({ history }) => Object.assign(history.tips[0] ?? {}, { outcome: "refused" }),
    ],
    [
      "another total shown",
      "I8",
      ({ history }) => Object.assign(history.sightings[0] ?? {}, { totalCents: 2_645 }),
    ],
    [
      "a shown tip that nobody gave",
      "I8",
      ({ history }) => Object.assign(history.sightings[0] ?? {}, { totalCents: 2_546, tipCents: 1 }),
    ],
    [
      "an option price that was not on the menu",
      "I8",
      ({ history }) => Object.assign(history.prices[0] ?? {}, { cents: 49 }),
    ],
    [
      "other options than requested",
      "I8",
      ({ placement }) => Object.assign(placement.lines[0] ?? {}, { options: [] }),
    ],
    ["a price before it was on the menu", "I8", ({ price }) => Object.assign(price, { from: 21 })],
    [
      "a price that was no longer on the menu",
      "I8",
      ({ price }) => Object.assign(price, { from: 1, until: 9 }),
    ],
    [
      "other dishes than requested",
      "I8",
      ({ order }) => void Object.assign(order.items[0] ?? {}, { dishId: "dsh_2" }),
    ],
  ])("%s", (_, invariant, break_) => {
    const said = found(break_);
    expect(said.length).toBeGreaterThan(0);
    expect(said.filter((one) => !one.startsWith(invariant))).toEqual([]);
  });
});
