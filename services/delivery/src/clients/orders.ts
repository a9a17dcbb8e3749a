import { type MoveRequest, Order, type OrderAction } from "@food/shared/contracts/order";
import type { ServiceClient } from "@food/shared/http/service-client";

/** Calls to the order service: a courier's moves and arrival, and the release of a silent courier. */
export type Asked = OrderAction | "arrive" | "release";

/** Makes the move in the order service. Throws its refusal. A move is idempotent, so the client may retry
 * it. */
export const moveOrder = (orders: ServiceClient, orderId: string, action: Asked, body: MoveRequest) =>
  orders.ask(Order, {
    method: "POST",
    path: `/internal/orders/${orderId}/${action}`,
    body,
    repeatable: true,
  });
