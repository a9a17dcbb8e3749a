// The outbox entries of a change of an order.
import type { Change, NotifyWebhooks, OrderEntry, OrderEvent, OrderHead } from "./order.ts";
import { givesBackStock } from "./status.ts";

export const notifyWebhooks = (
  { _id, restaurantId }: Pick<OrderHead, "_id" | "restaurantId">,
  event: OrderEvent,
): NotifyWebhooks => ({
  ...{ id: `${_id}:${event.sequence}:webhooks`, kind: "notify_webhooks", at: event.at, restaurantId },
  event,
});

/** The entries for other services. */
export function entriesOf(order: OrderHead, change: Change, version: number, now: Date): OrderEntry[] {
  const { inform, refreshTrip } = change;
  const entries: OrderEntry[] = [];
  if (inform)
    entries.push({
      ...{ id: `${order._id}:${version}`, kind: "inform_delivery", at: now, deliveryId: order.deliveryId },
      progress: { orderId: order._id, orderVersion: version, ...inform },
    });
  if (refreshTrip)
    entries.push({
      ...{ id: `${order._id}:${version}:trip`, kind: "refresh_trip", at: now },
      ...{ tripId: refreshTrip.tripId, orderIds: refreshTrip.sequence },
    });
  if (order.holdsStock && givesBackStock(change.status))
    entries.push({
      ...{ id: `${order._id}:${version}:stock`, kind: "release_stock", at: now },
      restaurantId: order.restaurantId,
    });
  return entries;
}
