import type { OrderProgress } from "@food/shared/contracts/delivery";
import { newId } from "@food/shared/values/id";
import type { CourierStore, Freed } from "../couriers/store.ts";
import type { TripStore } from "../trips/store.ts";
import type { DeliveryOnTrip, LastPosition, TripDocument } from "../trips/trip.ts";
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

/** Applies the progress of an order and returns the delivery as it is then. Late, repeated and outdated messages change
 * nothing. A final status also frees the courier, on every repeat, because a crash may have come between the two writes. */
export async function applyProgress(
  deps: ProgressDeps,
  deliveryId: string,
  progress: OrderProgress,
): Promise<DeliveryOnTrip | undefined> {
  const now = new Date();
  if (isLive(progress.status)) return follow(deps, deliveryId, progress, now);
  const known = await deps.trips.findDelivery(deliveryId);
  const current =
    known && !known.delivery.live ? known : await endDelivery(deps, deliveryId, progress, known, now);
  if (current && !current.delivery.live) await settleClaim(deps, current.trip, now);
  return current;
}

async function follow(
  { trips, onChanged }: ProgressDeps,
  deliveryId: string,
  progress: OrderProgress,
  now: Date,
  endedNear?: LastPosition,
): Promise<DeliveryOnTrip | undefined> {
  const changed = await trips.follow(deliveryId, progress, now, endedNear);
  if (changed) onChanged(changed);
  return changed;
}

async function endDelivery(
  deps: ProgressDeps,
  deliveryId: string,
  progress: OrderProgress,
  known: DeliveryOnTrip | undefined,
  now: Date,
): Promise<DeliveryOnTrip | undefined> {
  const { trips } = deps;
  if (!known && progress.status === "released") await trips.begin(tombstone(deliveryId, progress, now));
  const endedNear = known && (await positionOn(deps, known.trip));
  return (await follow(deps, deliveryId, progress, now, endedNear)) ?? trips.findDelivery(deliveryId);
}

/** The last position of the trip's courier. */
async function positionOn({ couriers }: ProgressDeps, { courierId }: TripDocument) {
  const { location, locationAt } = (courierId && (await couriers.find(courierId))) || {};
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
