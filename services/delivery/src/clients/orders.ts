import { type MoveRequest, Order, type OrderAction } from "@food/shared/contracts/order";
import type { ServiceClient } from "@food/shared/http/service-client";

/** What the delivery service asks of an order: a courier's moves, their arrival, and taking a silent courier off it. */
export type Asked = OrderAction | "arrive" | "release";

/** Lets the order service decide. Throws what it refuses with. A repeated move changes nothing, so it may be
 * repeated. */
export const moveOrder = (orders: ServiceClient, orderId: string, action: Asked, body: MoveRequest) =>
  orders.ask(Order, {
    method: "POST",
    path: `/internal/orders/${orderId}/${action}`,
    body,
    repeatable: true,
  });
