// Who brings which orders, and which courier has to leave now: a rolling horizon over all orders that wait and all
// couriers who are free or will be soon (Reyes, Erera, Savelsbergh, Sahasrabudhe, O'Neil: The Meal Delivery Routing
// Problem, 2018). Each plan gives every courier a tour of trips, each with one pickup and up to `capacity` drop-offs. It
// begins with the nearest free courier for each order, inserts the others where they cost least (Solomon 1987), and makes
// the tours better by moving orders and exchanging the ends of tours (Potvin and Rousseau 1995): so no plan costs more than
// that of the nearest. Of the tours only what cannot wait is committed; the rest is planned again.
//
//   plan(orders, couriers, now, terms) -> { assign, hold }
//
// `orders` wait for a courier; `couriers` are on duty, each with the place and time at which they are free, or with a trip
// that has not been picked up and may be joined (problem.ts). Every order comes back once: in `assign`, with its courier,
// the sequence of drop-offs, the expected times and what it was decided on, or in `hold`, with why and when to look again.
// Pure and deterministic: it knows the time from `now` and places only through `terms`. `planInSteps` does the same in
// steps of a few milliseconds, so that a process with other work need not stand still.
import { commit } from "./commit.ts";
import { improve, insertAll } from "./improve.ts";
import { measure } from "./measure.ts";
import { giveToNearest } from "./nearest.ts";
import type { Plan, PlannedCourier, PlannedOrder, Terms } from "./problem.ts";
import { finish } from "./steps.ts";
import { emptyTours } from "./tours.ts";

export function plan<Place>(
  orders: readonly PlannedOrder<Place>[],
  couriers: readonly PlannedCourier<Place>[],
  now: number,
  terms: Terms<Place>,
): Plan {
  return finish(planInSteps(orders, couriers, now, terms));
}

/** The same in steps of a few milliseconds at most, between which the caller may do something else (`inSlices`). */
export function* planInSteps<Place>(
  orders: readonly PlannedOrder<Place>[],
  couriers: readonly PlannedCourier<Place>[],
  now: number,
  terms: Terms<Place>,
): Generator<void, Plan> {
  const tours = yield* emptyTours(measure(orders, couriers, now, terms));
  yield* giveToNearest(tours, now);
  yield* insertAll(tours);
  yield* improve(tours);
  return commit(tours, now);
}
