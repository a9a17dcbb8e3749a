import type { OrderAction, PlaceOrderRequest, TipRequest } from "@food/shared/contracts/order";
import type { ServiceClient } from "@food/shared/http/service-client";
import { withQuery } from "@food/shared/http/service-client";

/** Retried: placing is idempotent by its key. */
export const placeOrder = (orders: ServiceClient, request: PlaceOrderRequest) =>
  orders.forward({
    method: "POST",
    path: "/internal/orders",
    body: request,
    repeatable: true,
    timeoutMs: 8_000,
  });

export const listOrders = (
  orders: ServiceClient,
  query: { actorId: string; status?: string; open?: boolean; limit?: number; cursor?: string },
) => orders.forward({ method: "GET", path: withQuery("/internal/orders", query) });

export const orderOf = (orders: ServiceClient, orderId: string, actorId: string) =>
  orders.forward({ method: "GET", path: withQuery(`/internal/orders/${orderId}`, { actorId }) });

export const tipOrder = (orders: ServiceClient, orderId: string, body: TipRequest) =>
  orders.forward({ method: "PUT", path: `/internal/orders/${orderId}/tip`, body });

/** Retried: a repeated move changes nothing. */
export const moveOrder = (
  orders: ServiceClient,
  orderId: string,
  action: OrderAction,
  body: { actorId: string },
) =>
  orders.forward({ method: "POST", path: `/internal/orders/${orderId}/${action}`, body, repeatable: true });
