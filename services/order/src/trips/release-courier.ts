import { deliveryIdOf } from "../orders/delivery-id.ts";
import { type Actor, type Change, leavingTrip, type OrderDocument } from "../orders/order.ts";
import type { Terms } from "../orders/terms.ts";

/** Removes the courier from an order and begins the next round. A courier who `declined` is not offered it
 * again. */
export function releaseCourier(
  order: OrderDocument,
  actor: Actor,
  now: Date,
  terms: Terms,
  { reason, declinedBy }: { reason?: string; declinedBy?: string | undefined } = {},
): Change {
  const round = order.round + 1;
  return {
    type: "courier_released",
    status: order.status,
    actor,
    ...(reason && { reason }),
    deliveryId: order.deliveryId,
    unset: ["courier", "pickupBy", "trip", "pickupAt"],
    set: {
      round,
      deliveryId: deliveryIdOf(order._id, round, order.restaurantId),
      awaitingCourier: true,
      ...(declinedBy && { declinedBy: [...(order.declinedBy ?? []), declinedBy] }),
      assignBy: new Date(now.getTime() + terms.assignWithinMs),
    },
    inform: {
      status: "released",
      ready: false,
      ...(reason && { reason }),
      ...(declinedBy && { declined: true }),
    },
    ...leavingTrip(order),
  };
}
