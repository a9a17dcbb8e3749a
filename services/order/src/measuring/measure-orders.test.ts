import { describe, expect, test } from "bun:test";
import type { OrderStatus } from "@food/shared/contracts/order";
import { createMetrics } from "@food/shared/observe/metrics";
import { metricIn } from "@food/shared/testing/tools";
import { anOrder } from "../orders/order.builder.ts";
import type { OrderEvent } from "../orders/order.ts";
import { measureOrders } from "./measure-orders.ts";

const PLACED_AT = new Date("2026-01-01T12:00:00Z");

/** What is measured of an order that has these events, each this many minutes after its placing. */
function measured(open: Record<string, number> = {}) {
  const metrics = createMetrics("order");
  const figures = (_: string, read: () => Promise<Record<string, number>>) => () => read().catch(() => ({}));
  const orderMoved = measureOrders({ metrics, figures }, { countOpen: async () => open });
  const order = anOrder({
    placedAt: PLACED_AT,
    readyAt: new Date(PLACED_AT.getTime() + 20 * 60_000),
    events: [],
  });
  const happen = (
    minutes: number,
    type: string,
    [from, to]: [OrderStatus | null, OrderStatus],
    more: Partial<OrderEvent> = {},
  ) => {
    const at = new Date(PLACED_AT.getTime() + minutes * 60_000);
    order.events = [
      ...order.events,
      { sequence: order.events.length + 1, type, from, to, at, actor: { role: "system" }, ...more },
    ];
    orderMoved(order);
  };
  const value = async (name: string, ...labels: string[]) =>
    metricIn(await metrics.render(), name, ...labels);
  return { happen, value };
}

describe("the metrics of orders", () => {
  test("have the times from placing to acceptance, to the first courier and to the door", async () => {
    const { happen, value } = measured();
    happen(0, "placed", [null, "pending"]);
    happen(1, "courier_assigned", ["pending", "pending"]);
    happen(3, "accepted", ["pending", "accepted"]);
    happen(4, "courier_released", ["accepted", "accepted"]);
    happen(9, "courier_assigned", ["accepted", "accepted"]);
    happen(20, "ready", ["accepted", "ready"]);
    happen(25, "picked_up", ["ready", "out_for_delivery"]);
    happen(40, "delivered", ["out_for_delivery", "delivered"]);
    const sums: [string, number][] = [
      ["order_time_to_accept_seconds", 3],
      ["order_time_to_assign_seconds", 1],
      ["order_ready_to_pickup_seconds", 5],
      ["order_click_to_door_seconds", 40],
    ];
    for (const [name, minutes] of sums) {
      expect([name, await value(`${name}_sum`)]).toEqual([name, minutes * 60]);
      expect([name, await value(`${name}_count`)]).toEqual([name, 1]);
    }
  });

  test("count moves by who made them and why, without people's own words", async () => {
    const { happen, value } = measured();
    happen(0, "placed", [null, "pending"], { actor: { role: "customer", id: "cus_1" } });
    happen(1, "courier_assigned", ["pending", "pending"]);
    happen(2, "rejected", ["pending", "rejected"], { actor: { role: "restaurant" }, reason: "too_busy" });
    happen(2, "cancelled", ["accepted", "cancelled"], { actor: { role: "operator" }, reason: "Ana rang" });
    expect(await value("order_moves_total", 'to="pending"', 'by="customer"', 'reason=""')).toBe(1);
    expect(await value("order_moves_total", 'to="rejected"', 'reason="too_busy"')).toBe(1);
    expect(await value("order_moves_total", 'to="cancelled"', 'reason="own_words"')).toBe(1);
  });

  test("have the open orders of each status, and none while they cannot be read", async () => {
    expect(await measured({ pending: 3, ready: 0 }).value("orders_open", 'status="pending"')).toBe(3);
    expect(await measured().value("orders_open", 'status="pending"')).toBeNaN();
  });
});
