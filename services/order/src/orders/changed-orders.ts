import { type ChangedOrdersRequest, OPEN_ORDERS_MAX } from "@food/shared/contracts/order";
import type { OrderDocument } from "./order.ts";
import { isFinal } from "./status.ts";
import type { OrderStore } from "./store.ts";

/** The changes since these known versions of a restaurant's orders. Reads only the versions of open orders,
 * and then the changed orders: usually none has changed. */
export async function changedOrders(
  orders: OrderStore,
  { actorId, known }: ChangedOrdersRequest,
): Promise<{ open: OrderDocument[]; ended: OrderDocument[] }> {
  const versions = new Map(known.map(({ orderId, version }) => [orderId, version]));
  const isNewer = ({ _id, version }: Pick<OrderDocument, "_id" | "version">) =>
    version > (versions.get(_id) ?? 0);

  const oldest = await orders.oldestVersions(actorId, OPEN_ORDERS_MAX + 1);
  const stillOpen = new Set(oldest.map(({ _id }) => _id));
  const changed = [
    ...oldest.filter(isNewer).map(({ _id }) => _id),
    ...[...versions.keys()].filter((orderId) => !stillOpen.has(orderId)),
  ];
  const found = changed.length > 0 ? (await orders.findOwn(actorId, changed)).filter(isNewer) : [];
  return {
    open: found.filter(({ status }) => !isFinal(status)),
    ended: found.filter(({ status }) => isFinal(status)),
  };
}
