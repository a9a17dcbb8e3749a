// A tour is the sequence of trips of one courier. This file keeps the tours of a plan and finds slots for orders in them.
import type { Measured, Trip } from "./measure.ts";
import { costOf } from "./schedule.ts";

export interface Tours<Place> {
  problem: Measured<Place>;
  /** By courier. */
  trips: Trip[][];
  costs: number[];
  /** By waiting order: the courier who has it, or -1. */
  courierOf: Int32Array;
  /** By waiting order: the couriers who can arrive soonest. */
  candidates: number[][];
  /** The number of changes so far and, by courier, the number of the last change. */
  changes: number;
  changedAt: Int32Array;
}

/** A possible place of an order in a courier's tour. */
export interface Slot {
  courier: number;
  trips: Trip[];
  /** The additional cost of the courier's tour. */
  extra: number;
}

const CANDIDATES_MAX = 24;
const TRIPS_MAX = 4;

/** The cost of an order without a courier: higher than any other cost. */
const UNSERVED_MS = 24 * 3_600_000;

export function* emptyTours<Place>(problem: Measured<Place>): Generator<void, Tours<Place>> {
  const trips = problem.openTrips.map((trip) => (trip ? [trip] : []));
  const tours: Tours<Place> = {
    problem,
    trips,
    costs: trips.map((own, courier) => costOf(problem, courier, own)),
    courierOf: new Int32Array(problem.waiting).fill(-1),
    candidates: [],
    changes: 0,
    changedAt: new Int32Array(trips.length),
  };
  const byRestaurant = new Map<number, number[]>();
  for (let order = 0; order < problem.waiting; order++) {
    const restaurant = problem.restaurantOf[order] ?? 0;
    const known = byRestaurant.get(restaurant) ?? candidatesFor(problem, restaurant);
    byRestaurant.set(restaurant, known);
    tours.candidates.push(known.filter((courier) => problem.mayHave(courier, order)));
    yield;
  }
  return tours;
}

/** The waiting orders that are in no tour. */
export const unserved = ({ courierOf }: { courierOf: Int32Array }): number[] =>
  [...courierOf.keys()].filter((order) => courierOf[order] === -1);

export const totalCost = (tours: { costs: number[]; courierOf: Int32Array }): number =>
  tours.costs.reduce((sum, cost) => sum + cost, 0) + UNSERVED_MS * unserved(tours).length;

function candidatesFor<Place>(problem: Measured<Place>, restaurant: number): number[] {
  const reached = problem.couriers.flatMap(({ freeAt, openTrip }, courier) => {
    const open = problem.openTrips[courier];
    if (open?.restaurant === restaurant) return [{ courier, at: 0 }];
    const from = openTrip ? openTrip.arrivesAt : freeAt;
    const at = from + problem.msToPickup(courier, restaurant);
    return Number.isFinite(at) || openTrip ? [{ courier, at }] : [];
  });
  return reached
    .toSorted((a, b) => a.at - b.at || a.courier - b.courier)
    .slice(0, CANDIDATES_MAX)
    .map(({ courier }) => courier);
}

const withOrder = (trip: Trip, at: number, order: number): Trip => ({
  ...trip,
  orders: trip.orders.toSpliced(at, 0, order),
});

/** The cheapest slot for this order in this courier's tour; undefined if there is none. */
export function bestSlot<Place>(tours: Tours<Place>, order: number, courier: number): Slot | undefined {
  const { problem } = tours;
  const own = tours.trips[courier] ?? [];
  const before = tours.costs[courier] ?? 0;
  const restaurant = problem.restaurantOf[order] ?? 0;
  const capacity = problem.couriers[courier]?.capacity ?? 0;
  let best: Slot | undefined;
  const consider = (trips: Trip[]) => {
    const extra = costOf(problem, courier, trips) - before;
    if (extra < (best?.extra ?? Number.POSITIVE_INFINITY)) best = { courier, trips, extra };
  };
  for (const [i, trip] of own.entries()) {
    if (trip.restaurant !== restaurant || trip.orders.length >= capacity) continue;
    for (let at = 0; at <= trip.orders.length; at++) consider(own.with(i, withOrder(trip, at, order)));
  }
  if (own.length < TRIPS_MAX) {
    const alone: Trip = { restaurant, orders: [order], fixed: 0, arrivesAt: undefined };
    for (let i = own[0]?.arrivesAt === undefined ? 0 : 1; i <= own.length; i++)
      consider(own.toSpliced(i, 0, alone));
  }
  return best;
}

export function bestSlotOfAll<Place>(tours: Tours<Place>, order: number): Slot | undefined {
  let best: Slot | undefined;
  for (const courier of tours.candidates[order] ?? []) {
    const slot = bestSlot(tours, order, courier);
    if (slot && slot.extra < (best?.extra ?? Number.POSITIVE_INFINITY)) best = slot;
  }
  return best;
}

export function setTrips<Place>(tours: Tours<Place>, courier: number, trips: Trip[]) {
  tours.trips[courier] = trips;
  tours.costs[courier] = costOf(tours.problem, courier, trips);
  tours.changedAt[courier] = ++tours.changes;
  for (const trip of trips)
    for (const order of trip.orders) if (order < tours.problem.waiting) tours.courierOf[order] = courier;
}

/** The trips without this order. A trip that becomes empty is left out. */
export const without = (trips: readonly Trip[], order: number): Trip[] =>
  trips.flatMap((trip) => {
    if (!trip.orders.includes(order)) return [trip];
    const orders = trip.orders.filter((other) => other !== order);
    return orders.length === 0 ? [] : [{ ...trip, orders }];
  });
