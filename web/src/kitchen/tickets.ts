// The board's tickets: the open orders, by column and deadline.

import type { StreamEvent } from "@food/client";
import type { Order, OrderStatus } from "../api/bodies.ts";

export type Column = "new" | "cooking" | "ready";
const COLUMNS: Partial<Record<OrderStatus, Column>> = {
  pending: "new",
  accepted: "cooking",
  preparing: "cooking",
  ready: "ready",
};

export type Tickets = ReadonlyMap<string, Order>;

/** An older version never replaces a newer one, and an order that is out of the kitchen leaves the board. */
export function withOrder(tickets: Tickets, order: Order): Tickets {
  const known = tickets.get(order.orderId);
  if (known && known.version > order.version) return tickets;
  const next = new Map(tickets);
  if (order.status in COLUMNS) next.set(order.orderId, order);
  else next.delete(order.orderId);
  return next;
}

export function afterEvent(tickets: Tickets, { event, data }: StreamEvent): Tickets {
  if (event === "order") return withOrder(tickets, data as unknown as Order);
  if (event !== "snapshot") return tickets;
  const items = data.items as Order[];
  const kept = items.map((order) => {
    const known = tickets.get(order.orderId);
    return known && known.version > order.version ? known : order;
  });
  return new Map(kept.filter(({ status }) => status in COLUMNS).map((order) => [order.orderId, order]));
}

/** When the kitchen must have done its part. */
export const deadlineOf = ({ status, acceptBy, readyAt, estimatedDeliveryAt }: Order): string =>
  status === "pending" ? acceptBy : (readyAt ?? estimatedDeliveryAt);

export const isLate = (order: Order, nowMs: number): boolean =>
  order.status !== "ready" && new Date(deadlineOf(order)).getTime() < nowMs;

export const inColumn = (tickets: Tickets, column: Column): Order[] =>
  [...tickets.values()]
    .filter(({ status }) => COLUMNS[status] === column)
    .sort((a, b) => deadlineOf(a).localeCompare(deadlineOf(b)));
