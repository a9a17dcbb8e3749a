import { Erased } from "@food/shared/contracts/erasure";
import { OrderId } from "@food/shared/contracts/ids";
import {
  type ChangedOrders,
  type ChangedOrdersRequest,
  type MoveRequest,
  type OrderAction,
  OrderStatus,
} from "@food/shared/contracts/order";
import { OrderOutcomes, type OrderOutcomesRequest } from "@food/shared/contracts/stock";
import { type ServiceClient, withQuery } from "@food/shared/http/service-client";
import type { ReadChanged } from "@food/shared/live/owner-feed";
import { type Static, Type } from "@sinclair/typebox";

export const listOrders = (
  orders: ServiceClient,
  query: { actorId: string; status?: string; open?: boolean; limit?: number; cursor?: string },
) => orders.forward({ method: "GET", path: withQuery("/internal/orders", query) });

export const orderOf = (orders: ServiceClient, orderId: string, actorId: string) =>
  orders.forward({ method: "GET", path: withQuery(`/internal/orders/${orderId}`, { actorId }) });

/** Retried: a repeated move changes nothing. */
export const moveOrder = (orders: ServiceClient, orderId: string, action: OrderAction, body: MoveRequest) =>
  orders.forward({ method: "POST", path: `/internal/orders/${orderId}/${action}`, body, repeatable: true });

/** Checks only the fields used here. The rest passes through unchanged. */
const Changed = Type.Array(Type.Object({ orderId: OrderId, version: Type.Integer() }));
const Answer = Type.Object({ open: Changed, ended: Changed } satisfies Record<keyof ChangedOrders, unknown>);

/** Reads the changes of a restaurant's open orders. Throws 503 while the order service is away. */
export const changedOrders =
  (orders: ServiceClient): ReadChanged =>
  async (restaurantId, known) => {
    const body: ChangedOrdersRequest = {
      actorId: restaurantId,
      known: [...known].map(([orderId, version]) => ({ orderId, version })),
    };
    const call = { method: "POST", path: "/internal/orders/changed", body, repeatable: true } as const;
    const { open, ended } = await orders.ask(Answer, call);
    const itemsOf = (changed: Static<typeof Changed>, isOpen: boolean) =>
      changed.map((order) => ({ id: order.orderId, version: order.version, isOpen, view: order }));
    return [...itemsOf(open, true), ...itemsOf(ended, false)];
  };

const Open = Type.Array(Type.Object({ orderId: OrderId, status: OrderStatus }));
export type OpenOrder = Static<typeof Open>[number];

/** Some of the restaurant's open orders. */
export async function openOrdersOf(orders: ServiceClient, actorId: string): Promise<OpenOrder[]> {
  const path = withQuery("/internal/orders", { actorId, open: true, limit: 100 });
  return (await orders.ask(Type.Object({ items: Open }), { method: "GET", path })).items;
}

/** Ends an order that nobody will cook. One that has left the kitchen takes its course. Throws unless it has ended. */
export async function endOrder(
  orders: ServiceClient,
  actorId: string,
  { orderId, status }: OpenOrder,
): Promise<void> {
  if (status === "out_for_delivery") return;
  const [action, reason] =
    status === "pending"
      ? (["reject", "other"] as const)
      : (["cancel", "The restaurant has closed"] as const);
  const response = await moveOrder(orders, orderId, action, { actorId, reason });
  if (!response.ok) throw new Error(`The order service answered ${response.status} to ${action} ${orderId}`);
}

/** Removes what the order service stores of a deleted restaurant besides its orders. */
export const eraseRestaurantAt = (orders: ServiceClient, restaurantId: string) =>
  orders.ask(Erased, { method: "PUT", path: `/internal/restaurants/${restaurantId}/erasure` });

/** What became of orders that hold stock. Throws 503 while the order service is away. */
export const orderOutcomes = (orders: ServiceClient) => async (orderIds: string[]) => {
  const body: OrderOutcomesRequest = { orderIds };
  const call = { method: "POST", path: "/internal/orders/outcomes", body, repeatable: true } as const;
  return (await orders.ask(OrderOutcomes, call)).items;
};
