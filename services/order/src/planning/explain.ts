// An assignment with what it was decided on.
import type { Measured, Trip } from "./measure.ts";
import type { Assignment } from "./problem.ts";
import type { TripTimes } from "./schedule.ts";

export function explain<Place>(
  problem: Measured<Place>,
  courier: number,
  trip: Trip,
  { arrivesAt, readyAt, pickupAt, doorAt }: TripTimes,
  alternatives: number,
): Assignment {
  const idOf = (order: number) => problem.orders[order]?.orderId ?? "";
  const added = trip.orders.filter((order) => order < problem.waiting);
  const handedAt = arrivesAt + problem.terms.pickupMs.before;
  return {
    courierId: problem.couriers[courier]?.courierId ?? "",
    orderIds: trip.orders.map(idOf),
    newOrderIds: added.map(idOf),
    joinsOpenTrip: trip.fixed > 0,
    arrivesAt,
    doorAt,
    why: {
      distanceMeters: problem.metersToPickup(courier, trip.restaurant),
      pickupAt,
      courierWaitMs: Math.max(0, readyAt - handedAt),
      foodWaitMs: Math.max(0, handedAt - readyAt),
      bundleSize: trip.orders.length,
      alternatives,
    },
  };
}
