import { Erased } from "@food/shared/contracts/erasure";
import { OrderId } from "@food/shared/contracts/ids";
import type { OrderAction, PlaceOrderRequest, TipRequest } from "@food/shared/contracts/order";
import type { ServiceClient } from "@food/shared/http/service-client";
import { withQuery } from "@food/shared/http/service-client";
import { Type } from "@sinclair/typebox";

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

const Ids = Type.Object({ items: Type.Array(Type.Object({ orderId: OrderId })) });

/** The ids of some of the customer's open orders. */
export async function openOrdersOf(orders: ServiceClient, actorId: string): Promise<string[]> {
  const path = withQuery("/internal/orders", { actorId, open: true });
  return (await orders.ask(Ids, { method: "GET", path })).items.map(({ orderId }) => orderId);
}

/** Removes the personal data of orders that have ended. Returns how many orders have some. */
export const eraseOrders = async (orders: ServiceClient, customerId: string): Promise<number> =>
  (await orders.ask(Erased, { method: "PUT", path: `/internal/customers/${customerId}/erasure` })).remaining;

/** Retried: a repeated move changes nothing. */
export const moveOrder = (
  orders: ServiceClient,
  orderId: string,
  action: OrderAction,
  body: { actorId: string },
) =>
  orders.forward({ method: "POST", path: `/internal/orders/${orderId}/${action}`, body, repeatable: true });
