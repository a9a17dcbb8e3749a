// The simplest policy, for comparison and as the start of every plan. Assigns each order at once to the free courier who
// arrives soonest: one order for each courier, oldest order first.
import { assignmentOf } from "./commit.ts";
import { insertAll } from "./improve.ts";
import { type Measured, measure, type Trip } from "./measure.ts";
import type { Plan, PlannedCourier, PlannedOrder, Terms } from "./problem.ts";
import { costOf } from "./schedule.ts";
import { finish } from "./steps.ts";
import { emptyTours, setTrips, type Tours, totalCost, unserved } from "./tours.ts";

function nearestCourier<Place>(tours: Tours<Place>, order: number, now: number): number | undefined {
  const { problem } = tours;
  const restaurant = problem.restaurantOf[order] ?? 0;
  const trip: Trip = { restaurant, orders: [order], fixed: 0, arrivesAt: undefined };
  let nearest: { courier: number; travelMs: number } | undefined;
  for (const [courier, { freeAt, openTrip }] of problem.couriers.entries()) {
    if (openTrip || freeAt > now || (tours.trips[courier]?.length ?? 0) > 0) continue;
    const travelMs = problem.msToPickup(courier, restaurant);
    if (nearest && travelMs >= nearest.travelMs) continue;
    if (problem.mayHave(courier, order) && Number.isFinite(costOf(problem, courier, [trip])))
      nearest = { courier, travelMs };
  }
  return nearest?.courier;
}

/** Gives each free courier at most one order. */
export function* giveToNearest<Place>(tours: Tours<Place>, now: number): Generator<void> {
  const { orders, restaurantOf } = tours.problem;
  const placedAt = (order: number) => orders[order]?.placedAt ?? 0;
  for (const order of unserved(tours).toSorted((a, b) => placedAt(a) - placedAt(b) || a - b)) {
    const courier = nearestCourier(tours, order, now);
    const trip = { restaurant: restaurantOf[order] ?? 0, orders: [order], fixed: 0, arrivesAt: undefined };
    if (courier !== undefined) setTrips(tours, courier, [trip]);
    yield;
  }
}

/** Same signature as `plan`. Its cost includes the held orders, each inserted where it costs least. */
export function planNearest<Place>(
  orders: readonly PlannedOrder<Place>[],
  couriers: readonly PlannedCourier<Place>[],
  now: number,
  terms: Terms<Place>,
): Plan {
  const problem: Measured<Place> = measure(orders, couriers, now, terms);
  const tours = finish(emptyTours(problem));
  finish(giveToNearest(tours, now));
  const hold = unserved(tours).map((order) => ({
    orderId: orders[order]?.orderId ?? "",
    why: "no_courier" as const,
    lookAgainAt: now + terms.roundMs,
  }));
  const assign = tours.trips.flatMap((trips, courier) =>
    trips.some(({ fixed }) => fixed === 0) ? assignmentOf(tours, courier) : [],
  );
  finish(insertAll(tours));
  return { assign, hold, costMs: totalCost(tours) };
}
