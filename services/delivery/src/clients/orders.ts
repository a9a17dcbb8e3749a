import { type MoveRequest, Order, type OrderAction } from "@food/shared/contracts/order";
import type { ServiceClient } from "@food/shared/http/service-client";

/** Lets the order service decide. Throws what it refuses with. A repeated move changes nothing, so it may be
 * repeated. */
export const moveOrder = (orders: ServiceClient, orderId: string, action: OrderAction, body: MoveRequest) =>
  orders.ask(Order, {
    method: "POST",
    path: `/internal/orders/${orderId}/${action}`,
    body,
    repeatable: true,
  });
