// Orders and couriers as the planner takes them: when the food should be ready, where and when a courier is free. Pure.
import type { CourierOnDuty, LiveTrip } from "@food/shared/contracts/trip";
import type { Location } from "@food/shared/values/geo";
import type { OrderDocument } from "../orders/order.ts";
import { type KitchenHabit, lateness, NO_HABIT } from "../planning/kitchen-habit.ts";
import type { PlannedCourier, PlannedOrder } from "../planning/problem.ts";
import type { DispatchTerms } from "./terms.ts";

/** Of the kitchen's past orders so many were ready by the time that is counted with. */
const READY_SHARE = 0.5;
const MINUTE_MS = 60_000;

export type OrderTimes = Pick<OrderDocument, "status" | "placedAt" | "readyAt" | "prepMinutes">;

/** What is known beside the couriers. */
export interface Known {
  now: number;
  terms: DispatchTerms;
  habits: ReadonlyMap<string, KitchenHabit>;
  /** Of the orders that are on a trip. */
  times: ReadonlyMap<string, OrderTimes>;
}

/** A promise of the kitchen, corrected by its habit; without one, what it usually takes from now on. */
export function expectedReadyAt(
  { status, readyAt, prepMinutes }: Omit<OrderTimes, "placedAt">,
  habit: KitchenHabit | undefined,
  now: number,
): number {
  if (readyAt && (status === "ready" || status === "out_for_delivery")) return readyAt.getTime();
  const promisedAt = readyAt?.getTime() ?? now + prepMinutes * MINUTE_MS;
  return Math.max(now, promisedAt + lateness(habit ?? NO_HABIT, READY_SHARE));
}

export const plannedOrder = (order: OrderDocument, { now, habits }: Known): PlannedOrder<Location> => ({
  orderId: order._id,
  restaurantId: order.restaurantId,
  pickup: order.restaurantAddress.location,
  dropoff: order.deliveryAddress.location,
  placedAt: order.placedAt.getTime(),
  readyAt: expectedReadyAt(order, habits.get(order.restaurantId), now),
  ...(order.declinedBy && { declinedBy: order.declinedBy }),
});

function ordersOf(trip: LiveTrip, { now, habits, times }: Known): PlannedOrder<Location>[] {
  const habit = habits.get(trip.restaurantId);
  return trip.drops.map(({ orderId, location, ready, readyAt }) => {
    const known = times.get(orderId);
    const promisedAt = readyAt ? Date.parse(readyAt) : now;
    return {
      ...{ orderId, restaurantId: trip.restaurantId, pickup: trip.pickup, dropoff: location },
      placedAt: known?.placedAt.getTime() ?? now,
      readyAt: known && !ready ? expectedReadyAt(known, habit, now) : Math.min(promisedAt, now),
    };
  });
}

/** Where and when the courier has dropped the last order of a trip that takes no more. */
function endOf(courier: CourierOnDuty, trip: LiveTrip, known: Known): { place: Location; freeAt: number } {
  const { distanceMeters, travelMs, pickupMs, dropoffMs } = known.terms;
  let place = courier.location;
  let freeAt = known.now;
  const go = (to: Location) => {
    freeAt += travelMs(distanceMeters(place, to), courier.vehicle);
    place = to;
  };
  const orders = ordersOf(trip, known);
  const waiting = orders.filter((_, i) => trip.drops[i]?.pickedUp === false);
  if (waiting.length > 0) {
    go(trip.pickup);
    freeAt = Math.max(freeAt + pickupMs.before, ...waiting.map(({ readyAt }) => readyAt)) + pickupMs.after;
  }
  for (const { location } of trip.drops) {
    go(location);
    freeAt += dropoffMs.before + dropoffMs.after;
  }
  return { place, freeAt };
}

export function plannedCourier(courier: CourierOnDuty, known: Known): PlannedCourier<Location> {
  const { courierId, vehicle, capacity, location, trip } = courier;
  const { now, terms } = known;
  const free = { courierId, vehicle, capacity, place: location, freeAt: now, offAt: Infinity };
  if (!trip) return { ...free, idleSince: Date.parse(courier.idleSince) };
  if (!trip.open || trip.drops.length === 0 || trip.drops.some(({ pickedUp }) => pickedUp))
    return { ...free, ...endOf(courier, trip, known) };
  const travelMs = terms.travelMs(terms.distanceMeters(location, trip.pickup), vehicle);
  const arrivesAt = trip.arrivedAt ? Date.parse(trip.arrivedAt) : now + travelMs;
  return {
    ...free,
    openTrip: { restaurantId: trip.restaurantId, arrivesAt, orders: ordersOf(trip, known) },
  };
}
