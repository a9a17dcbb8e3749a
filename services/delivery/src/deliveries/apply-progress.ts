import type { OrderProgress } from "@food/shared/contracts/delivery";
import { newId } from "@food/shared/values/id";
import type { CourierStore, Freed } from "../couriers/store.ts";
import type { TripStore } from "../trips/store.ts";
import type { DeliveryOnTrip, TripDocument } from "../trips/trip.ts";
import { isLive } from "./status.ts";

export interface ProgressDeps {
  couriers: CourierStore;
  trips: TripStore;
  /** Publishes that a courier has become free; must not throw. */
  onFree: (courier: Freed) => void;
  /** Publishes the change to its courier; must not throw. */
  onChanged: (changed: DeliveryOnTrip) => void;
}

/** A tombstone for a delivery that was released before a courier had it. A later assignment finds it and
 * stops. */
const tombstone = (
  deliveryId: string,
  { orderId, orderVersion, reason }: OrderProgress,
  now: Date,
): TripDocument => ({
  _id: newId("trp"),
  ...{ live: false, open: false, capacity: 0, liveOrderIds: [], sequence: [], version: 1 },
  deliveries: [
    {
      ...{ deliveryId, orderId, orderVersion, slot: 0, live: false, status: "released", ready: false },
      ...(reason && { reason }),
      ...{ idleSeconds: 0, assignedAt: now, endedAt: now },
    },
  ],
  assignedAt: now,
  endedAt: now,
});

/** Applies the progress of an order. Late, repeated and outdated messages change nothing. A final status
 * also frees the courier, on every repeat, because a crash may have come between the two writes. */
export async function applyProgress(
  deps: ProgressDeps,
  deliveryId: string,
  progress: OrderProgress,
): Promise<void> {
  const { trips } = deps;
  const now = new Date();
  const endedNear = isLive(progress.status) ? undefined : await positionFor(deps, deliveryId);
  let changed = await trips.follow(deliveryId, progress, now, endedNear);
  if (!changed && progress.status === "released") {
    await trips.begin(tombstone(deliveryId, progress, now));
    changed = await trips.follow(deliveryId, progress, now);
  }
  if (changed) deps.onChanged(changed);
  const current = changed ?? (isLive(progress.status) ? undefined : await trips.findDelivery(deliveryId));
  if (current && !current.delivery.live) await settleClaim(deps, current.trip, now);
}

/** The last position of the delivery's courier. */
async function positionFor({ couriers, trips }: ProgressDeps, deliveryId: string) {
  const { trip } = (await trips.findDelivery(deliveryId)) ?? {};
  const courier = trip?.courierId ? await couriers.find(trip.courierId) : null;
  const { location, locationAt } = courier ?? {};
  return location && locationAt && { location, recordedAt: locationAt };
}

/** The claim lists the remaining orders of the trip. Without any the courier is free. */
async function settleClaim({ couriers, onFree }: ProgressDeps, trip: TripDocument, now: Date) {
  if (!trip.courierId) return;
  if (trip.live) {
    await couriers.nameOrders(trip.courierId, trip._id, trip.liveOrderIds);
    return;
  }
  const freed = await couriers.release(trip._id, trip.courierId, now);
  if (freed) onFree(freed);
}
