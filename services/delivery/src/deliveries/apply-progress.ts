import type { DeliveryStatus, OrderProgress } from "@food/shared/contracts/delivery";
import type { Order } from "@food/shared/contracts/order";
import { newIdBeside } from "@food/shared/storage/shard-key";
import type { CourierStore, Freed } from "../couriers/store.ts";
import type { TripStore } from "../trips/store.ts";
import { type DeliveryOnTrip, type LastPosition, type TripDocument, tombstoneOf } from "../trips/trip.ts";
import { isLive } from "./status.ts";

export interface ProgressDeps {
  couriers: CourierStore;
  trips: TripStore;
  /** Publishes that a courier has become free; must not throw. */
  onFree: (courier: Freed) => void;
  /** Publishes the change to its courier; must not throw. */
  onChanged: (changed: DeliveryOnTrip) => void;
}

/** After the order has made its courier's move. */
export const progressOf = (
  { orderId, version: orderVersion }: Order,
  status: DeliveryStatus,
  reason: string | undefined,
): OrderProgress => ({ orderId, orderVersion, status, ready: true, ...(reason && { reason }) });

/** Applies the progress of an order to a delivery, which the caller may have read, and returns the delivery as it is then.
 * Late, repeated and outdated messages change nothing. A final status also frees the courier, on every repeat, because a crash
 * may have come between the two writes. */
export async function applyProgress(
  deps: ProgressDeps,
  deliveryId: string,
  progress: OrderProgress,
  read?: DeliveryOnTrip,
): Promise<DeliveryOnTrip | undefined> {
  const now = new Date();
  if (isLive(progress.status)) return follow(deps, deliveryId, progress, now);
  const known = read?.delivery.live ? read : await deps.trips.findDelivery(deliveryId);
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
  // Released before a courier had it: a later assignment finds the tombstone and stops.
  if (!known && progress.status === "released")
    await trips.begin(tombstoneOf(newIdBeside("trp", deliveryId), { ...progress, deliveryId }, now));
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
