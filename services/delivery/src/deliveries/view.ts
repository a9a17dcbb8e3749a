import { type DeliveryOnTrip, liveInSequence } from "../trips/trip.ts";
import type { Delivery } from "./schema.ts";

/** A delivery as its courier sees it. */
export function deliveryView({ trip, delivery }: DeliveryOnTrip): Delivery {
  const { pickup } = trip;
  const { dropoff, why } = delivery;
  if (!pickup) throw new Error(`Delivery ${delivery.deliveryId} never had a courier`);
  return {
    deliveryId: delivery.deliveryId,
    tripId: trip._id,
    orderId: delivery.orderId,
    status: delivery.status,
    ...(delivery.reason && { reason: delivery.reason }),
    pickup,
    ...(delivery.live && dropoff && { dropoff }),
    ...(delivery.readyAt && { readyAt: delivery.readyAt.toISOString() }),
    ready: delivery.ready,
    ...(delivery.live && { stopsBefore: liveInSequence(trip).indexOf(delivery) }),
    distanceMeters: why?.distanceMeters ?? 0,
    idleSeconds: delivery.idleSeconds,
    assignedAt: delivery.assignedAt.toISOString(),
    ...(delivery.pickedUpAt && { pickedUpAt: delivery.pickedUpAt.toISOString() }),
    ...(delivery.arrivedAt && { arrivedAt: delivery.arrivedAt.toISOString() }),
    ...(delivery.endedAt && { endedAt: delivery.endedAt.toISOString() }),
  };
}
