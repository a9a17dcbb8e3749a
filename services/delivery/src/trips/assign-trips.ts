// Assigns planned trips to couriers. The lock only saves work. A conditional update claims a free courier, so that the courier is
// on one trip, and the unique indexes of the trips decide about the orders. A delivery's id is derived from its order and round, so a
// retry after a crash or time-out finds the delivery.
import type { OrderCourier } from "@food/shared/contracts/order";
import type { DeliveryOutcome, NewDelivery, TripAssignment } from "@food/shared/contracts/trip";
import { BUSY, type Locks } from "@food/shared/storage/lock";
import { shardOf } from "@food/shared/storage/shard-key";
import {
  type Claimed,
  type CourierDocument,
  type CourierStore,
  courierView,
  type Freed,
} from "../couriers/store.ts";
import type { TripStore } from "./store.ts";
import {
  type DeliveryOnTrip,
  deliveriesOn,
  liveInSequence,
  type TripDelivery,
  type TripDocument,
} from "./trip.ts";

export interface AssignDeps {
  couriers: CourierStore;
  trips: TripStore;
  locks: Locks;
  /** Maximum number of orders on a trip with this vehicle. */
  capacityOf: (vehicle: OrderCourier["vehicle"]) => number;
  /** Publishes the courier's deliveries and position to followers; must not throw. */
  onAssigned: (trip: TripDocument, courier: Claimed) => void;
  /** Publishes that a courier has become free; must not throw. */
  onFree: (courier: Freed) => void;
}

const LOCK_MS = 3_000;

const newDelivery = (
  { position: _, dropoff, readyAt, ...delivery }: NewDelivery,
  idleSince: Date,
  now: Date,
): Omit<TripDelivery, "slot"> => ({
  ...delivery,
  dropoff,
  ...(readyAt && { readyAt: new Date(readyAt) }),
  live: true,
  status: "assigned",
  idleSeconds: Math.max(0, Math.round((now.getTime() - idleSince.getTime()) / 1000)),
  assignedAt: now,
});

const newTrip = (
  { tripId, courierId, restaurantId, pickup, sequence, deliveries }: TripAssignment,
  { idleSince }: Claimed,
  capacity: number,
  now: Date,
): TripDocument => ({
  _id: tripId,
  // Also where an order service of an older version made the trip's id.
  ...shardOf(restaurantId),
  ...{ courierId, restaurantId, pickup, capacity, sequence },
  live: true,
  open: true,
  liveOrderIds: deliveries.map(({ orderId }) => orderId),
  deliveries: deliveries.map((one, slot) => ({ ...newDelivery(one, idleSince, now), slot })),
  assignedAt: now,
  version: 1,
});

/** A trip as it was given, and who has it. */
interface Given {
  trip: TripDocument;
  courier: Claimed;
}

/** Claims the courier and begins the trip. Undefined when one of them was taken. */
async function beginTrip(deps: AssignDeps, assignment: TripAssignment): Promise<Given | undefined> {
  const { couriers, trips, capacityOf, onFree } = deps;
  const { tripId, courierId, deliveries } = assignment;
  const now = new Date();
  const orderIds = deliveries.map(({ orderId }) => orderId);
  const courier = await couriers.claim(courierId, { tripId, orderIds, at: now });
  if (!courier) return undefined;
  const giveBack = async () => {
    const freed = await couriers.release(tripId, courierId, courier.idleSince);
    if (freed) onFree(freed);
    return undefined;
  };
  const capacity = capacityOf(courier.vehicle);
  if (deliveries.length > capacity) return giveBack();
  const trip = newTrip(assignment, courier, capacity, now);
  if (!(await trips.begin(trip))) return giveBack();
  deps.onAssigned(trip, courier);
  return { trip, courier };
}

/** Adds orders to a trip before its pickup. Undefined when it takes none any more, its courier is off duty (end-duty.ts), or
 * one of them is taken. */
async function joinTrip(deps: AssignDeps, assignment: TripAssignment): Promise<Given | undefined> {
  const { couriers, trips } = deps;
  const { tripId, courierId, restaurantId, sequence, deliveries } = assignment;
  const trip = await trips.findOwnTrip(tripId, courierId);
  if (!trip?.open || trip.restaurantId !== restaurantId) return undefined;
  const courier = await couriers.find(courierId);
  if (!courier?.available) return undefined;
  const now = new Date();
  const joining = deliveries.map((one) => newDelivery(one, now, now));
  const joined = await trips.join(trip, joining, sequence);
  if (!joined) return undefined;
  await couriers.nameOrders(courierId, tripId, joined.liveOrderIds);
  deps.onAssigned(joined, courier);
  return { trip: joined, courier };
}

/** BUSY while another request assigns to the courier. */
const assignTrip = (deps: AssignDeps, assignment: TripAssignment) =>
  deps.locks.withLock(`courier:${assignment.courierId}`, LOCK_MS, () =>
    assignment.joins ? joinTrip(deps, assignment) : beginTrip(deps, assignment),
  );

/** Whether this courier may get this order: it has no other live delivery, and the courier has not declined
 * it. */
const isAllowed = (rounds: DeliveryOnTrip[], { courierId }: TripAssignment, { orderId }: NewDelivery) =>
  !rounds.some(
    ({ trip, delivery }) =>
      delivery.orderId === orderId && (delivery.live || (delivery.declined && trip.courierId === courierId)),
  );

async function knownRounds({ trips }: AssignDeps, assignments: readonly TripAssignment[]) {
  const all = assignments.flatMap(({ deliveries }) => deliveries);
  const orderIds = new Set(all.map(({ orderId }) => orderId));
  const deliveryIds = all.map(({ deliveryId }) => deliveryId);
  return (await trips.withOrders([...orderIds], deliveryIds)).flatMap(deliveriesOn);
}

/** What came of each delivery, by who has it. */
function outcomesBy(
  assignments: readonly TripAssignment[],
  rounds: DeliveryOnTrip[],
  couriers: Pick<CourierDocument, "_id" | "name" | "vehicle">[],
): DeliveryOutcome[] {
  const known = new Map(rounds.map((round) => [round.delivery.deliveryId, round]));
  const byId = new Map(couriers.map((one) => [one._id, one]));
  return assignments.flatMap(({ deliveries }) =>
    deliveries.map(({ deliveryId }): DeliveryOutcome => {
      const { trip, delivery } = known.get(deliveryId) ?? {};
      if (!trip || !delivery) return { outcome: "refused", deliveryId };
      const courier = delivery.live && byId.get(trip.courierId ?? "");
      if (!courier) return { outcome: "closed", deliveryId };
      const { orderVersion, why } = delivery;
      return {
        ...{ outcome: "assigned", deliveryId, tripId: trip._id, tripVersion: trip.version, orderVersion },
        sequence: liveInSequence(trip).map(({ orderId }) => orderId),
        courier: courierView(courier),
        ...(why && { why }),
      };
    }),
  );
}

/** Reads once more what has become of all of them. */
async function readOutcomes(
  deps: AssignDeps,
  assignments: readonly TripAssignment[],
): Promise<DeliveryOutcome[]> {
  const rounds = await knownRounds(deps, assignments);
  const ids = rounds.flatMap(({ trip, delivery }) => (delivery.live && trip.courierId) || []);
  return outcomesBy(assignments, rounds, await deps.couriers.findAll([...new Set(ids)]));
}

/** Assigns what can be assigned and says what came of each delivery, in the sequence of the request. Idempotent by delivery:
 * one that is live already answers with the courier who has it. */
export async function assignTrips(
  deps: AssignDeps,
  assignments: readonly TripAssignment[],
): Promise<DeliveryOutcome[]> {
  const rounds = await knownRounds(deps, assignments);
  const known = new Set(rounds.map(({ delivery }) => delivery.deliveryId));
  const fresh = assignments.filter(({ deliveries }) => !deliveries.some((one) => known.has(one.deliveryId)));
  const allowed = fresh.filter((one) => one.deliveries.every((delivery) => isAllowed(rounds, one, delivery)));
  // All rounds are read before any courier is claimed: a delivery ends in the write that says it was declined, so a
  // courier who is free after declining is also seen to have declined.
  const done = await Promise.all(allowed.map((one) => assignTrip(deps, one)));
  // Those of a busy courier are refused as they are: the next round asks again.
  const settled = done.filter((one) => one !== undefined);
  if (settled.length < assignments.length) return readOutcomes(deps, assignments);
  const given = settled.filter((one) => one !== BUSY);
  return outcomesBy(
    assignments,
    given.flatMap(({ trip }) => deliveriesOn(trip)),
    given.map(({ courier }) => courier),
  );
}
