import { deliveryIdOf } from "./delivery-id.ts";
import type { Actor, Change, OrderDocument } from "./order.ts";
import type { Terms } from "./terms.ts";

/** Takes the courier off an order and begins the next round, in which this courier is not asked again. */
export function releaseCourier(order: OrderDocument, actor: Actor, now: Date, terms: Terms): Change {
  const round = order.round + 1;
  return {
    type: "courier_released",
    status: order.status,
    actor,
    deliveryId: order.deliveryId,
    unset: ["courier", "pickupBy", "leasedUntil"],
    set: {
      round,
      deliveryId: deliveryIdOf(order._id, round),
      awaitingCourier: true,
      dispatchDueAt: now,
      dispatchTries: 0,
      assignBy: new Date(now.getTime() + terms.assignWithinMs),
    },
    inform: { status: "released", ready: false, declined: true },
  };
}
