import { describe, expect, test } from "bun:test";
import type { Order } from "../api/bodies.ts";
import { shortId } from "../ui/order-words.ts";
import { afterEvent, inColumn, isLate, type Tickets, withOrder } from "./tickets.ts";

const order = (orderId: string, status: Order["status"], version: number, minute = 0): Order => {
  const at = `2026-01-01T12:${String(minute).padStart(2, "0")}:00Z`;
  return { orderId, status, version, acceptBy: at, readyAt: at, estimatedDeliveryAt: at } as Order;
};
const event = (name: string, data: object) => ({ event: name, data: data as Record<string, unknown> });
const none: Tickets = new Map();

describe("the board", () => {
  test("has a column for each state, by deadline", () => {
    const items = [
      order("a", "pending", 1, 5),
      order("b", "pending", 1, 2),
      order("c", "preparing", 3),
      order("d", "ready", 4),
    ];
    const tickets = afterEvent(none, event("snapshot", { items }));
    const ids = (["new", "cooking", "ready"] as const).map((column) =>
      inColumn(tickets, column).map(({ orderId }) => orderId),
    );
    expect(ids).toEqual([["b", "a"], ["c"], ["d"]]);
  });

  test("never goes back to an older version, not by a snapshot either", () => {
    const tickets = withOrder(none, order("a", "ready", 4));
    expect(withOrder(tickets, order("a", "preparing", 3)).get("a")?.status).toBe("ready");
    expect(
      afterEvent(tickets, event("snapshot", { items: [order("a", "preparing", 3)] })).get("a")?.status,
    ).toBe("ready");
  });

  test.each(["out_for_delivery", "cancelled", "rejected", "delivered"] as const)(
    "lets a ticket go when it is %s",
    (status) => {
      const tickets = withOrder(none, order("a", "ready", 4));
      expect(afterEvent(tickets, event("order", order("a", status, 5))).size).toBe(0);
    },
  );

  test("forgets what a snapshot does not have", () => {
    expect(afterEvent(withOrder(none, order("a", "ready", 4)), event("snapshot", { items: [] })).size).toBe(
      0,
    );
  });

  test("is late after the deadline, but not once the food is ready", () => {
    const noon = Date.parse("2026-01-01T12:01:00Z");
    expect([isLate(order("a", "pending", 1), noon), isLate(order("a", "pending", 1, 2), noon)]).toEqual([
      true,
      false,
    ]);
    expect([isLate(order("a", "preparing", 1), noon), isLate(order("a", "ready", 1), noon)]).toEqual([
      true,
      false,
    ]);
  });

  test("calls an order by its last four signs", () => {
    expect(shortId("ord_01k9v3e6m2x8r4t7w0z5b1c3d6")).toBe("C3D6");
  });
});
