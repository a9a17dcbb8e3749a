import { type ChangedOrdersRequest, OPEN_ORDERS_MAX, ORDER_STATUSES } from "@food/shared/contracts/order";
import type { OrderDocument } from "./order.ts";
import { isFinal } from "./status.ts";
import type { OrderStore } from "./store.ts";

const OPEN = ORDER_STATUSES.filter((status) => !isFinal(status));

/** What is new to a restaurant that knows these versions of its orders. Of what is open only the versions are read
 * unless they are newer: mostly nothing is. */
export async function changedOrders(
  orders: OrderStore,
  { actorId, known }: ChangedOrdersRequest,
): Promise<{ open: OrderDocument[]; ended: OrderDocument[] }> {
  const versions = new Map(known.map(({ orderId, version }) => [orderId, version]));
  const isNewer = ({ _id, version }: Pick<OrderDocument, "_id" | "version">) =>
    version > (versions.get(_id) ?? 0);

  const newest = await orders.newestVersions(actorId, OPEN, OPEN_ORDERS_MAX);
  const stillOpen = new Set(newest.map(({ _id }) => _id));
  const changed = [
    ...newest.filter(isNewer).map(({ _id }) => _id),
    ...[...versions.keys()].filter((orderId) => !stillOpen.has(orderId)),
  ];
  const found = changed.length > 0 ? (await orders.findOwn(actorId, changed)).filter(isNewer) : [];
  return {
    open: found.filter(({ status }) => !isFinal(status)),
    ended: found.filter(({ status }) => isFinal(status)),
  };
}
