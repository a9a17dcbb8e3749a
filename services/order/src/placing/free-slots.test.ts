import { describe, expect, test } from "bun:test";
import type { OrderStatus } from "@food/shared/contracts/order";
import { newId } from "@food/shared/values/id";
import { requireRoomAt, type SlotDeps } from "./free-slots.ts";

/** A restaurant's list of orders, all with this status. */
function listed(count: number, status: OrderStatus) {
  let ids = Array.from({ length: count }, () => newId("ord"));
  const read = { orders: 0 };
  const open = {
    counts: async () => ({ ofRestaurant: ids.length, toAddress: 0 }),
    of: async () => ({ ofRestaurant: ids.map((orderId) => ({ orderId, at: new Date() })), toAddress: [] }),
    remove: async (over: string[]) => {
      ids = ids.filter((orderId) => !over.includes(orderId));
    },
  };
  const outcomes = {
    statusesOf: async (orderIds: string[]) => {
      read.orders += orderIds.length;
      return new Map(orderIds.map((orderId) => [orderId, status]));
    },
  };
  const deps = { orders: { open }, outcomes, terms: { openPerAddress: 20 } } as unknown as SlotDeps;
  const place = () => requireRoomAt(deps, { restaurantId: "rst", addressKey: "way" });
  return { place, read, length: () => ids.length };
}

describe("the list of a restaurant's open orders", () => {
  test("that is long: each of many placements at once reads a few of them, not all", async () => {
    const { place, read } = listed(500, "pending");
    await Promise.all(Array.from({ length: 400 }, place));
    // On average as many as are placed. That one is read 25 times is less likely than 1 in 10^20.
    expect(read.orders).toBeLessThan(25 * 500);
  });

  test("loses those that have ended", async () => {
    const { place, length } = listed(50, "delivered");
    for (let tries = 0; tries < 5_000 && length() > 0; tries++) await place();
    expect(length()).toBe(0);
  });

  test("that is short is left", async () => {
    const { place, read } = listed(24, "delivered");
    await Promise.all(Array.from({ length: 500 }, place));
    expect(read.orders).toBe(0);
  });
});
