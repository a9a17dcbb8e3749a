// The schedule of one courier's trips: the times of their stops, and the cost.
import type { Measured, Trip } from "./measure.ts";

const NEVER = Number.POSITIVE_INFINITY;

/** The times of one trip. */
export interface TripTimes {
  arrivesAt: number;
  readyAt: number;
  pickupAt: number;
  /** The earliest likely ready time. For a courier who arrives by then, the food does not wait. */
  earlyAt: number;
  /** The hand-over times, in the sequence of the trip's orders. */
  doorAt: number[];
}

/** The expected pickup time of a courier who could take the food from `handedAt` on. The later of two uncertain times is
 * expected later than each of them: the closer they are, the more. */
function expectedPickup(handedAt: number, readyAt: number, spreadMs: number, uncertainty: number): number {
  const later = Math.max(handedAt, readyAt);
  if (spreadMs <= 0) return later;
  return later + uncertainty * spreadMs * Math.exp(-Math.abs(handedAt - readyAt) / spreadMs);
}

/** The cost of these trips in this sequence, in milliseconds of customer waiting: the time from placing to the door, an
 * extra weight for lateness, and the courier's work. Infinite when the trips are not possible. Fills `times` if given. */
export function costOf<Place>(
  problem: Measured<Place>,
  courier: number,
  trips: readonly Trip[],
  times?: TripTimes[],
): number {
  const { orders, terms } = problem;
  const { pickupMs, dropoffMs, weights } = terms;
  const who = problem.couriers[courier];
  if (!who) return NEVER;
  let at = who.freeAt;
  let lastDoor = -1;
  let cost = 0;
  let workMs = 0;
  for (const trip of trips) {
    const travelMs =
      lastDoor < 0
        ? problem.msToPickup(courier, trip.restaurant)
        : problem.msToNextPickup(courier, lastDoor, trip.restaurant);
    const arrivesAt = trip.arrivesAt ?? at + travelMs;
    const handedAt = arrivesAt + pickupMs.before;
    let readyAt = -NEVER;
    let earlyAt = -NEVER;
    for (const order of trip.orders) {
      readyAt = Math.max(readyAt, orders[order]?.readyAt ?? 0);
      earlyAt = Math.max(earlyAt, orders[order]?.readyEarlyAt ?? orders[order]?.readyAt ?? 0);
    }
    if (trip.orders.length > trip.fixed && !(Math.max(handedAt, readyAt) <= who.offAt)) return NEVER;
    const pickupAt = expectedPickup(handedAt, readyAt, readyAt - earlyAt, weights.uncertainty);
    at = pickupAt + pickupMs.after;
    if (trip.arrivesAt === undefined) workMs += travelMs + pickupMs.before;
    workMs -= at;
    const doorAt: number[] | undefined = times && [];
    let previous = -1;
    for (const order of trip.orders) {
      const { placedAt, readyAt: ownReadyAt } = orders[order] ?? { placedAt: 0, readyAt: 0 };
      const directMs = problem.msToDoor(courier, order);
      at += previous < 0 ? directMs : problem.msBetweenDoors(courier, previous, order);
      const handOver = at + dropoffMs.before;
      if (trip.orders.length > 1) {
        const alone = Math.max(handedAt, ownReadyAt) + pickupMs.after + directMs + dropoffMs.before;
        if (handOver - alone > weights.detourMaxMs && trip.orders.length > trip.fixed) return NEVER;
      }
      const waitedMs = handOver - placedAt;
      cost += waitedMs + weights.lateness * Math.max(0, waitedMs - weights.targetMs);
      at = handOver + dropoffMs.after;
      previous = order;
      doorAt?.push(handOver);
    }
    workMs += at;
    lastDoor = previous;
    if (times && doorAt) times.push({ arrivesAt, readyAt, earlyAt, pickupAt, doorAt });
  }
  const isNewWork = trips[0] !== undefined && trips[0].fixed === 0;
  const worth = isNewWork ? weights.idleness * (problem.idleMs[courier] ?? 0) : 0;
  return cost + problem.courierTime * workMs - worth;
}
