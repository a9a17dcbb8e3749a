// Plans which courier brings which orders, and which couriers must leave now. It is a rolling horizon over all waiting
// orders and all couriers who are free or will be soon (Reyes, Erera, Savelsbergh, Sahasrabudhe, O'Neil: The Meal Delivery
// Routing Problem, 2018). A plan gives every courier a tour: a sequence of trips, each with one pickup and up to `capacity`
// drop-offs. It starts with the nearest free courier for each order and inserts the other orders where they cost least
// (Solomon 1987). Then it moves single orders and swaps the ends of tours as long as that is cheaper (Potvin and Rousseau
// 1995). So no plan costs more than the nearest free couriers. Only trips that cannot wait are assigned; other orders are
// held and planned again.
//
//   plan(orders, couriers, now, terms) -> { assign, hold }
//
// `orders` wait for a courier. `couriers` are on duty, each with the place and time at which they become free, or with a
// trip that may still be joined (problem.ts). Each order is returned once: in `assign`, with its courier, the sequence of
// drop-offs, the expected times and the reason, or in `hold`, with the reason and the time to plan it again.
// Pure and deterministic: `now` is the only clock, and `terms` measures all distances.
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

/** The same in steps of a few milliseconds. The caller may do other work between the steps (`inSlices`). */
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
