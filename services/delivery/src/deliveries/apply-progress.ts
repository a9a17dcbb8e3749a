import type { OrderProgress } from "@food/shared/contracts/delivery";
import { newId } from "@food/shared/values/id";
import type { CourierStore, Freed } from "../couriers/store.ts";
import type { TripStore } from "../trips/store.ts";
import type { DeliveryOnTrip, TripDocument } from "../trips/trip.ts";
import { isLive } from "./status.ts";

export interface ProgressDeps {
  couriers: CourierStore;
  trips: TripStore;
  /** Says that a courier has become free; must not throw. */
  onFree: (courier: Freed) => void;
  /** Tells its courier; must not throw. */
  onChanged: (changed: DeliveryOnTrip) => void;
}

/** Stands where a delivery was released before any courier had it: a late assignment finds it and keeps away. */
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

/** Takes in where the order stands. Late, repeated and overtaken news changes nothing. News of the end also sets the courier
 * free, again if need be, since a crash may have come between the two. */
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

/** Where the courier of this delivery was last. */
async function positionFor({ couriers, trips }: ProgressDeps, deliveryId: string) {
  const { trip } = (await trips.findDelivery(deliveryId)) ?? {};
  const courier = trip?.courierId ? await couriers.find(trip.courierId) : null;
  const { location, locationAt } = courier ?? {};
  return location && locationAt && { location, recordedAt: locationAt };
}

/** The claim names the orders that the trip still has; when none is left the courier is free. */
async function settleClaim({ couriers, onFree }: ProgressDeps, trip: TripDocument, now: Date) {
  if (!trip.courierId) return;
  if (trip.live) {
    await couriers.nameOrders(trip.courierId, trip._id, trip.liveOrderIds);
    return;
  }
  const freed = await couriers.release(trip._id, trip.courierId, now);
  if (freed) onFree(freed);
}
