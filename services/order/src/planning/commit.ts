// Decides which trips of a plan are assigned now. A trip is assigned when its courier must leave to arrive as the food gets
// ready. Other orders are held and planned again later, when more is known. Where couriers are plenty, a later plan would
// not be better, so every first trip is assigned at once.
import type { Assignment, HeldOrder, Plan } from "./problem.ts";
import { costOf, type TripTimes } from "./schedule.ts";
import { type Tours, totalCost, unserved } from "./tours.ts";

function timesOf<Place>({ problem, trips }: Tours<Place>, courier: number): TripTimes[] {
  const times: TripTimes[] = [];
  costOf(problem, courier, trips[courier] ?? [], times);
  return times;
}

/** The first trip of a courier's tour, with the reason for the choice. */
export function assignmentOf<Place>(tours: Tours<Place>, courier: number): Assignment[] {
  const { problem, candidates } = tours;
  const [trip] = tours.trips[courier] ?? [];
  const [when] = timesOf(tours, courier);
  if (!trip || !when) return [];
  const idOf = (order: number) => problem.orders[order]?.orderId ?? "";
  const added = trip.orders.filter((order) => order < problem.waiting);
  const handedAt = when.arrivesAt + problem.terms.pickupMs.before;
  return [
    {
      courierId: problem.couriers[courier]?.courierId ?? "",
      orderIds: trip.orders.map(idOf),
      newOrderIds: added.map(idOf),
      joinsOpenTrip: trip.fixed > 0,
      arrivesAt: when.arrivesAt,
      doorAt: when.doorAt,
      why: {
        distanceMeters: problem.metersToPickup(courier, trip.restaurant),
        pickupAt: when.pickupAt,
        courierWaitMs: Math.max(0, when.readyAt - handedAt),
        foodWaitMs: Math.max(0, handedAt - when.readyAt),
        bundleSize: trip.orders.length,
        alternatives: Math.max(0, (candidates[added[0] ?? -1]?.length ?? 0) - 1),
      },
    },
  ];
}

/** When the courier must leave for the first trip of the tour; minus infinity if orders join an open trip. */
function leaveAt<Place>(tours: Tours<Place>, courier: number, when: TripTimes): number {
  const { problem } = tours;
  const [trip] = tours.trips[courier] ?? [];
  if (!trip || trip.fixed > 0) return Number.NEGATIVE_INFINITY;
  return when.earlyAt - problem.terms.pickupMs.before - problem.msToPickup(courier, trip.restaurant);
}

export function commit<Place>(tours: Tours<Place>, now: number): Plan {
  const { problem } = tours;
  const { terms, orders, waiting } = problem;
  const idle = problem.couriers.filter(({ freeAt, openTrip }) => !openTrip && freeAt <= now).length;
  const isPlenty = idle >= waiting * terms.weights.plenty;
  const assign: Assignment[] = [];
  const hold: HeldOrder[] = unserved(tours).map((order) => ({
    orderId: orders[order]?.orderId ?? "",
    why: "no_courier",
    lookAgainAt: now + terms.roundMs,
  }));
  for (const [courier, trips] of tours.trips.entries()) {
    const who = problem.couriers[courier];
    const times = timesOf(tours, courier);
    for (const [i, trip] of trips.entries()) {
      const when = times[i];
      if (!who || !when || trip.orders.length === trip.fixed) continue;
      const isNext = i === 0 && (who.openTrip !== undefined || who.freeAt <= now);
      const leavesAt = leaveAt(tours, courier, when);
      if (isNext && (isPlenty || leavesAt < now + terms.roundMs)) {
        assign.push(...assignmentOf(tours, courier));
        continue;
      }
      for (const order of trip.orders)
        hold.push({
          orderId: orders[order]?.orderId ?? "",
          why: isNext ? "not_yet" : "courier_busy",
          courierId: who.courierId,
          lookAgainAt: isNext ? leavesAt : Math.max(now + terms.roundMs, who.freeAt),
        });
    }
  }
  return { assign, hold, costMs: totalCost(tours) };
}
