import { describe, expect, test } from "bun:test";
import { totalOf } from "@food/shared/contracts/price";
import { anOrder } from "../orders/order.builder.ts";
import { componentsOf, plainComponents, tipped } from "./price.ts";

const order = anOrder();

describe("componentsOf", () => {
  test("of an order of an older release are its lines and its fee, and add up to its total", () => {
    const { components: _, ...older } = order;
    expect(componentsOf(older)).toEqual(plainComponents(order.items, 250));
    expect(totalOf(componentsOf(older))).toBe(order.totalCents);
  });
});

describe("tipped", () => {
  const total = order.totalCents;

  test("adds the tip, replaces it, and takes it back", () => {
    const once = tipped(order, 300);
    expect(once).toEqual({
      tipCents: 300,
      totalCents: total + 300,
      components: [...componentsOf(order), { kind: "tip", amountCents: 300 }],
    });
    const twice = tipped({ ...order, ...once }, 500);
    expect([twice.totalCents, twice.components.length]).toEqual([total + 500, once.components.length]);
    expect(tipped({ ...order, ...twice }, 0)).toEqual({
      tipCents: 0,
      totalCents: total,
      components: componentsOf(order),
    });
  });

  test("does not add a tax that is included", () => {
    const tax = { kind: "tax" as const, rateBasisPoints: 700, netCents: 1, included: true, amountCents: 99 };
    expect(tipped({ ...order, components: [...componentsOf(order), tax] }, 300).totalCents).toBe(total + 300);
  });
});
