import { Erased } from "@food/shared/contracts/erasure";
import { type MoveQuery, type MoveRequest, Order, type OrderAction } from "@food/shared/contracts/order";
import { type ServiceClient, withQuery } from "@food/shared/http/service-client";
import { type Static, Type } from "@sinclair/typebox";

/** Calls to the order service: a courier's moves and arrival, and the release of a silent courier. */
export type Asked = OrderAction | "arrive" | "release";

/** Makes the move in the order service. Throws its refusal. A move is idempotent, so the client may retry
 * it. */
export const moveOrder = (
  orders: ServiceClient,
  orderId: string,
  action: Asked,
  { followsUp, ...body }: MoveRequest & MoveQuery,
) =>
  orders.ask(Order, {
    method: "POST",
    path: withQuery(`/internal/orders/${orderId}/${action}`, { followsUp }),
    body,
    repeatable: true,
  });

/** The order as its courier sees it. Throws 404 when it is with another courier or none. */
export const readOrder = (orders: ServiceClient, orderId: string, courierId: string): Promise<Order> =>
  orders.ask(Order, {
    method: "GET",
    path: withQuery(`/internal/orders/${orderId}`, { actorId: courierId }),
  });

/** Removes the name of a deleted courier from these orders. Returns how many keep it, because they are under way. */
export const eraseCourierAt =
  (orders: ServiceClient) =>
  async (courierId: string, orderIds: string[]): Promise<number> => {
    const path = `/internal/couriers/${courierId}/erasure`;
    return (await orders.ask(Erased, { method: "PUT", path, body: { orderIds } })).remaining;
  };

const Tipped = Type.Object({ tipCents: Type.Optional(Type.Integer()), currency: Type.String() });

/** The tip of an order as it is now, and its currency. Throws 404 unless the order has this courier. */
export const tipOf = (
  orders: ServiceClient,
  orderId: string,
  courierId: string,
): Promise<Static<typeof Tipped>> =>
  orders.ask(Tipped, {
    method: "GET",
    path: withQuery(`/internal/orders/${orderId}`, { actorId: courierId }),
  });
