import { describe, expect, test } from "bun:test";
import type { OrderStatus } from "@food/shared/contracts/order";
import { newId } from "@food/shared/values/id";
import { aCart, anOrder, aQuote, aRequest, TERMS } from "./order.builder.ts";
import { dropoffOf, findRepeated, isParty, kitchenTimes, newOrder } from "./order.ts";
import { viewFor } from "./view.ts";

const NOW = new Date("2026-11-23T12:00:00Z");
const made = (overrides: Partial<Parameters<typeof newOrder>[0]> = {}) =>
  newOrder({
    request: aRequest(),
    requestHash: "hash",
    quote: aQuote(),
    orderId: "ord_01",
    deliveryId: "dlv_01",
    handoverPin: "0417",
    now: NOW,
    terms: TERMS,
    ...overrides,
  });

describe("newOrder", () => {
  test("prices every line from the quote and adds the delivery fee", () => {
    const { dishId } = aRequest().items[0] ?? { dishId: "" };
    const request = aRequest({ items: [{ dishId, quantity: 3 }] });
    const order = made({ request });
    expect(order.items).toEqual([{ dishId, name: "Margherita", quantity: 3, unitPriceCents: 950 }]);
    expect([order.subtotalCents, order.deliveryFeeCents, order.totalCents]).toEqual([2850, 250, 3100]);
  });

  test("keeps every line apart, with its options, prices and note, in the order of the request", () => {
    const [{ dishId = "" } = {}] = aRequest().items;
    const optionId = newId("opt");
    const option = {
      ...{ optionId, optionGroupId: newId("ogp"), groupName: "Size", name: "Large" },
      ...{ quantity: 1, priceCents: 300 },
    };
    const priced = { dishId, name: "Margherita", quantity: 1 };
    const lines = [
      { ...priced, unitPriceCents: 1250, options: [option] },
      { ...priced, unitPriceCents: 950 },
      { ...priced, unitPriceCents: 950, quantity: 2 },
    ];
    const items = [
      { dishId, quantity: 1, options: [{ optionId }], note: "well done" },
      { dishId, quantity: 1 },
      { dishId, quantity: 2 },
    ];
    const order = made({ request: aRequest({ items }), quote: aQuote({ cart: aCart(lines) }) });
    expect(order.items).toEqual(lines.map((line, i) => (i === 0 ? { ...line, note: "well done" } : line)));
    expect(order.subtotalCents).toBe(1250 + 950 + 2 * 950);
  });

  test("begins pending, with its deadlines and one event", () => {
    const order = made();
    expect(order.status).toBe("pending");
    expect(order.acceptBy.getTime() - NOW.getTime()).toBe(TERMS.acceptWithinMs);
    expect(order.assignBy.getTime() - NOW.getTime()).toBe(TERMS.assignWithinMs);
    expect(order.events).toEqual([
      {
        sequence: 1,
        type: "placed",
        from: null,
        to: "pending",
        actor: { role: "customer", id: order.customerId },
        at: NOW,
      },
    ]);
  });

  test("estimates the delivery from preparation, distance and hand-over", () => {
    const near = made();
    const far = made({
      request: aRequest({
        deliveryAddress: { ...aRequest().deliveryAddress, location: { lat: 52.6, lng: 13.4 } },
      }),
    });
    const minutes = (order: typeof near) => (order.estimatedDeliveryAt.getTime() - NOW.getTime()) / 60_000;
    expect(minutes(near)).toBeGreaterThan(aQuote().prepMinutes);
    expect(minutes(far)).toBeGreaterThan(minutes(near) + 20);
  });

  test("throws for a dish without a price in the quote", () => {
    expect(() => made({ quote: aQuote({ items: [] }) })).toThrow("quoted other dishes");
    const other = { dishId: newId("dsh"), name: "Soup", quantity: 2, unitPriceCents: 1 };
    expect(() => made({ quote: aQuote({ cart: aCart([other]) }) })).toThrow("quoted other dishes");
  });
});

describe("kitchenTimes", () => {
  test("moves the estimate with the kitchen's promise", () => {
    const order = made();
    const quick = kitchenTimes(order, 10, NOW, TERMS);
    const slow = kitchenTimes(order, 40, NOW, TERMS);
    expect(slow.estimatedDeliveryAt.getTime() - quick.estimatedDeliveryAt.getTime()).toBe(30 * 60_000);
    expect(quick.readyAt.getTime() - NOW.getTime()).toBe(10 * 60_000);
  });
});

describe("isParty", () => {
  const courier = { courierId: "crr_1", name: "Kim", vehicle: "bicycle" } as const;
  const order = anOrder({ customerId: "cus_1", restaurantId: "rst_1", courier });

  test("is true for the order's customer, restaurant and courier", () => {
    expect(isParty(order, { role: "customer", id: "cus_1" })).toBe(true);
    expect(isParty(order, { role: "restaurant", id: "rst_1" })).toBe(true);
    expect(isParty(order, { role: "courier", id: "crr_1" })).toBe(true);
  });

  test("is false for other actors, and for an id in another role", () => {
    expect(isParty(order, { role: "customer", id: "cus_2" })).toBe(false);
    expect(isParty(order, { role: "restaurant", id: "cus_1" })).toBe(false);
    expect(isParty(anOrder(), { role: "courier", id: "crr_1" })).toBe(false);
  });
});

describe("findRepeated", () => {
  const restaurant = { role: "restaurant", id: "rst_1" } as const;
  const accepted = {
    sequence: 2,
    type: "accepted",
    from: "pending",
    to: "accepted",
    actor: restaurant,
    at: NOW,
  } as const;
  const assigned = {
    ...accepted,
    sequence: 3,
    type: "courier_assigned",
    from: "accepted",
    actor: { role: "system" },
  } as const;

  test("finds the same move by the same actor, also before a later courier event", () => {
    const order = anOrder({ status: "accepted", events: [accepted, assigned] });
    expect(findRepeated(order, "accepted", restaurant)).toBe(accepted);
  });

  test("finds none in another actor's move or after a later move", () => {
    const order = anOrder({ status: "accepted", events: [accepted] });
    expect(findRepeated(order, "accepted", { role: "restaurant", id: "rst_2" })).toBeUndefined();
    expect(findRepeated({ ...order, status: "preparing" }, "accepted", restaurant)).toBeUndefined();
  });
});

describe("a courier's door", () => {
  const request = aRequest({ note: "Third floor", contact: { name: "Ada", phone: "+49 30 1234567" } });
  const order = made({ request });

  test("has the address with its label, the note and the contact", () => {
    expect(dropoffOf(order)).toEqual({
      address: request.deliveryAddress,
      note: "Third floor",
      contact: { name: "Ada", phone: "+49 30 1234567" },
    });
    expect(dropoffOf(made({ request: aRequest() }))).toEqual({ address: aRequest().deliveryAddress });
  });

  test("no view of the order contains the contact", () => {
    for (const role of ["customer", "restaurant", "courier"] as const)
      expect(JSON.stringify(viewFor(order, role))).not.toContain("1234567");
  });
});

describe("viewFor", () => {
  test("shows when the order was accepted, picked up, delivered and ended, once it was", () => {
    /** The order after these statuses, a minute each. */
    const timesAfter = (...statuses: OrderStatus[]) => {
      const events = statuses.map((to, minute) => {
        const at = new Date(NOW.getTime() + minute * 60_000);
        const from = statuses[minute - 1] ?? null;
        return { sequence: minute + 1, type: "moved", from, to, actor: { role: "system" } as const, at };
      });
      const { acceptedAt, pickedUpAt, deliveredAt, endedAt } = viewFor(anOrder({ events }), "customer");
      return [acceptedAt, pickedUpAt, deliveredAt, endedAt].map((at) => at && new Date(at).getMinutes());
    };
    expect(timesAfter("pending")).toEqual([undefined, undefined, undefined, undefined]);
    expect(timesAfter("pending", "preparing", "ready")).toEqual([1, undefined, undefined, undefined]);
    expect(timesAfter("pending", "accepted", "preparing", "ready", "ready", "out_for_delivery")).toEqual([
      ...[1, 5, undefined, undefined],
    ]);
    expect(timesAfter("pending", "accepted", "ready", "out_for_delivery", "delivered")).toEqual([1, 3, 4, 4]);
    expect(timesAfter("pending", "rejected")).toEqual([undefined, undefined, undefined, 1]);
  });

  test("shows the handover PIN to the customer only", () => {
    const order = anOrder({ handoverPin: "0417" });
    expect(viewFor(order, "customer").handoverPin).toBe("0417");
    expect(viewFor(order, "restaurant").handoverPin).toBeUndefined();
    expect(viewFor(order, "courier").handoverPin).toBeUndefined();
  });
});
