// The policy of the beginning, for comparison: each order at once to the free courier who is there soonest, one order
// each, the oldest order first.
import { explain } from "./explain.ts";
import { measure, type Trip } from "./measure.ts";
import type { Plan, PlannedCourier, PlannedOrder, Terms } from "./problem.ts";
import { costOf, type TripTimes } from "./schedule.ts";

export function planNearest<Place>(
  orders: readonly PlannedOrder<Place>[],
  couriers: readonly PlannedCourier<Place>[],
  now: number,
  terms: Terms<Place>,
): Plan {
  const free = couriers
    .filter(({ freeAt, openTrip }) => !openTrip && freeAt <= now)
    .map((courier) => ({ ...courier, freeAt: now }));
  const problem = measure(orders, free, terms);
  const taken = new Set<number>();
  const result: Plan = { assign: [], hold: [] };
  const oldestFirst = orders.map((_, order) => order).toSorted((a, b) => placed(a) - placed(b) || a - b);
  function placed(order: number) {
    return orders[order]?.placedAt ?? 0;
  }
  for (const order of oldestFirst) {
    const restaurant = problem.restaurantOf[order] ?? 0;
    const trip: Trip = { restaurant, orders: [order], fixed: 0, arrivesAt: undefined };
    const able = free.flatMap((_, courier) => {
      if (taken.has(courier) || !problem.mayHave(courier, order)) return [];
      if (!Number.isFinite(costOf(problem, courier, [trip]))) return [];
      return [{ courier, travelMs: problem.msToPickup(courier, restaurant) }];
    });
    const [nearest] = able.toSorted((a, b) => a.travelMs - b.travelMs || a.courier - b.courier);
    const times: TripTimes[] = [];
    if (nearest) costOf(problem, nearest.courier, [trip], times);
    const [when] = times;
    if (nearest && when) {
      taken.add(nearest.courier);
      result.assign.push(explain(problem, nearest.courier, trip, when, able.length - 1));
    } else
      result.hold.push({
        orderId: orders[order]?.orderId ?? "",
        why: "no_courier",
        lookAgainAt: now + terms.roundMs,
      });
  }
  return result;
}
