// Who brings which orders, and which courier has to leave now: a rolling horizon over all orders that wait and all
// couriers who are free or will be soon (Reyes, Erera, Savelsbergh, Sahasrabudhe, O'Neil: The Meal Delivery Routing
// Problem, 2018). Each plan gives every courier a tour of trips, each with one pickup and up to `capacity` drop-offs, by
// insertion where it costs least (Solomon 1987), and makes the tours better by moving orders and exchanging the ends of
// tours (Potvin and Rousseau 1995). Of these tours only what cannot wait is committed; the rest is planned again.
//
//   plan(orders, couriers, now, terms) -> { assign, hold }
//
// `orders` wait for a courier; `couriers` are on duty, each with the place and time at which they are free, or with a trip
// that has not been picked up and may be joined (problem.ts). Every order comes back once: in `assign`, with its courier,
// the sequence of drop-offs, the expected times and what it was decided on, or in `hold`, with why and when to look again.
// Pure and deterministic: it knows the time from `now` and places only through `terms`. `planInSteps` does the same in
// steps of a few milliseconds, so that a process with other work need not stand still.
import { explain } from "./explain.ts";
import { insertAll, moveOrders, swapTails } from "./improve.ts";
import { measure } from "./measure.ts";
import type { HeldOrder, Plan, PlannedCourier, PlannedOrder, Terms } from "./problem.ts";
import { costOf, type TripTimes } from "./schedule.ts";
import { emptyTours, type Tours } from "./tours.ts";

const PASSES_MAX = 6;

export function plan<Place>(
  orders: readonly PlannedOrder<Place>[],
  couriers: readonly PlannedCourier<Place>[],
  now: number,
  terms: Terms<Place>,
): Plan {
  const steps = planInSteps(orders, couriers, now, terms);
  while (true) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** The same in steps of a few milliseconds at most, between which the caller may do something else. */
export function* planInSteps<Place>(
  orders: readonly PlannedOrder<Place>[],
  couriers: readonly PlannedCourier<Place>[],
  now: number,
  terms: Terms<Place>,
): Generator<void, Plan> {
  const tours = emptyTours(measure(orders, expectedFrom(couriers, now, terms), terms));
  yield* insertAll(tours);
  for (let pass = 0; pass < PASSES_MAX; pass++) {
    const swapped = yield* swapTails(tours);
    const moved = yield* moveOrders(tours);
    if (!swapped && !moved) break;
  }
  return commit(tours, now);
}

/** Those who are free soon enough, and nobody earlier than now. */
const expectedFrom = <Place>(
  couriers: readonly PlannedCourier<Place>[],
  now: number,
  { weights }: Terms<Place>,
) =>
  couriers
    .filter(({ freeAt, offAt, openTrip }) => openTrip || (freeAt <= now + weights.horizonMs && offAt >= now))
    .map((courier) => ({ ...courier, freeAt: Math.max(now, courier.freeAt) }));

function commit<Place>(tours: Tours<Place>, now: number): Plan {
  const { problem } = tours;
  const { terms, orders } = problem;
  const result: Plan = { assign: [], hold: [] };
  const idle = problem.couriers.filter(({ freeAt, openTrip }) => !openTrip && freeAt <= now).length;
  const isPlenty = idle >= problem.waiting * terms.weights.plenty;
  const held = new Map<number, HeldOrder>();
  for (const [courier, trips] of tours.trips.entries()) {
    const who = problem.couriers[courier];
    const times: TripTimes[] = [];
    costOf(problem, courier, trips, times);
    for (const [i, trip] of trips.entries()) {
      const when = times[i];
      if (!who || !when || trip.orders.length === trip.fixed) continue;
      const travelMs = problem.msToPickup(courier, trip.restaurant);
      const leaveBy = when.readyAt - terms.pickupMs.before - travelMs;
      const isFirst = i === 0;
      const isFree = who.openTrip !== undefined || who.freeAt <= now;
      const mustLeave = trip.fixed > 0 || isPlenty || leaveBy < now + terms.roundMs;
      if (isFirst && isFree && mustLeave) {
        const first = trip.orders.find((order) => order < problem.waiting) ?? 0;
        const alternatives = Math.max(0, (tours.candidates[first]?.length ?? 0) - 1);
        result.assign.push(explain(problem, courier, trip, when, alternatives));
      } else
        for (const order of trip.orders)
          held.set(order, {
            orderId: orders[order]?.orderId ?? "",
            why: isFirst && isFree ? "not_yet" : "courier_busy",
            courierId: who.courierId,
            lookAgainAt: isFirst && isFree ? leaveBy : Math.max(now + terms.roundMs, who.freeAt),
          });
    }
  }
  for (let order = 0; order < problem.waiting; order++) {
    const known = held.get(order);
    if (known) result.hold.push(known);
    else if (tours.courierOf[order] === -1)
      result.hold.push({
        orderId: orders[order]?.orderId ?? "",
        why: "no_courier",
        lookAgainAt: now + terms.roundMs,
      });
  }
  return result;
}
