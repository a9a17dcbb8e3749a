// The invariants of trips.
import { deliveriesIn, type Snapshot, type StoredTrip } from "../snapshot.ts";

/** I2. No courier is on two trips at any instant. */
export function oneTripPerCourier({ trips }: Snapshot): string[] {
  const found: string[] = [];
  for (const [courierId, own] of Map.groupBy(trips, (trip) => trip.courierId)) {
    if (courierId === undefined) continue;
    const inTurn = own.toSorted((a, b) => a.assignedAt.getTime() - b.assignedAt.getTime());
    let before: StoredTrip | undefined;
    for (const trip of inTurn) {
      if (before && (!before.endedAt || before.endedAt > trip.assignedAt))
        found.push(`I2 ${courierId}: on ${before._id} and ${trip._id} at once`);
      before = trip;
    }
  }
  return found;
}

function tripFaults(trip: StoredTrip): string[] {
  const { deliveries, capacity, live, liveOrderIds } = trip;
  const found: string[] = [];
  const liveOnes = deliveries.filter((delivery) => delivery.live);
  const slots = deliveries.map(({ slot }) => slot);
  if (new Set(slots).size < slots.length) found.push(`uses a slot twice: ${slots.join(", ")}`);
  if (liveOnes.length > capacity) found.push(`has ${liveOnes.length} orders, and a capacity of ${capacity}`);
  const named = liveOnes.map(({ orderId }) => orderId).sort();
  if (named.join() !== liveOrderIds.toSorted().join() || live !== named.length > 0)
    found.push(`is ${live ? "live" : "over"} with ${liveOrderIds.join()}, but has ${named.join()}`);
  const firstPickup = Math.min(...deliveries.flatMap(({ pickedUpAt }) => pickedUpAt?.getTime() ?? []));
  for (const { orderId, assignedAt } of deliveries)
    if (assignedAt.getTime() > firstPickup) found.push(`was joined by ${orderId} after its pickup`);
  return found;
}

/** I10. No slot is used twice, no trip exceeds its capacity, no order joins after the pickup, and an order is on one trip at
 * a time. */
export function sharedTrips({ trips }: Snapshot): string[] {
  const found = trips.flatMap((trip) => tripFaults(trip).map((what) => `I10 ${trip._id}: ${what}`));
  const given = deliveriesIn(trips).filter(({ courierId }) => courierId !== undefined);
  const byOrder = Map.groupBy(given, ({ orderId }) => orderId);
  for (const [orderId, rounds] of byOrder) {
    const inTurn = rounds.toSorted((a, b) => a.assignedAt.getTime() - b.assignedAt.getTime());
    for (const [i, { endedAt, tripId }] of inTurn.entries()) {
      const next = inTurn[i + 1];
      if (next && (!endedAt || endedAt > next.assignedAt))
        found.push(`I10 ${orderId}: on ${tripId} and ${next.tripId} at once`);
    }
  }
  return found;
}
