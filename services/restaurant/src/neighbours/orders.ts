import type { MoveRequest, OrderAction } from "@food/shared/contracts/order";
import { type ServiceClient, withQuery } from "@food/shared/service-client";

export const listOrders = (
  orders: ServiceClient,
  query: { actorId: string; status?: string; limit?: number; cursor?: string },
) => orders.forward({ method: "GET", path: withQuery("/internal/orders", query) });

export const orderOf = (orders: ServiceClient, orderId: string, actorId: string) =>
  orders.forward({ method: "GET", path: withQuery(`/internal/orders/${orderId}`, { actorId }) });

/** A repeated move changes nothing, so it may be repeated. */
export const moveOrder = (orders: ServiceClient, orderId: string, action: OrderAction, body: MoveRequest) =>
  orders.forward({ method: "POST", path: `/internal/orders/${orderId}/${action}`, body, repeatable: true });
