// Converts orders and couriers into the planner's input: when the food is expected to be ready, and where and when each
// courier is free. Pure.
import type { CourierOnDuty, LiveTrip } from "@food/shared/contracts/trip";
import type { Location } from "@food/shared/values/geo";
import type { OrderHead } from "../orders/order.ts";
import { expectationOf, type KitchenHabit, NO_HABIT, readyBy } from "../planning/kitchen-habit.ts";
import type { PlannedCourier, PlannedOrder } from "../planning/problem.ts";
import { READY_SHARES } from "../planning/settings.ts";
import type { DispatchTerms } from "./terms.ts";

export type OrderTimes = Pick<OrderHead, "status" | "placedAt" | "readyAt" | "prepMinutes">;

/** What the conversion needs besides the orders and couriers. */
export interface Known {
  now: number;
  terms: DispatchTerms;
  /** The lateness that each kitchen is expected to have. */
  lateness: (restaurantId: string) => Expectation;
  /** By order id, for orders on a trip before its pickup. */
  times: ReadonlyMap<string, OrderTimes>;
}

type Expectation = ReturnType<typeof expectationOf>;

/** Computes each kitchen's expected lateness once, with all kitchens together as the prior. */
export function latenessOf(habits: ReadonlyMap<string, KitchenHabit>): Known["lateness"] {
  const all: KitchenHabit = { lateMs: [...habits.values()].flatMap(({ lateMs }) => lateMs) };
  const known = new Map<string, Expectation>();
  return (restaurantId) => {
    const expectation = known.get(restaurantId) ?? expectationOf(habits.get(restaurantId) ?? NO_HABIT, all);
    known.set(restaurantId, expectation);
    return expectation;
  };
}

/** The expected and the earliest likely ready time: the kitchen's promise, corrected by its habit. Without a promise, the
 * preparation time counts from now. */
export function expectedReady(
  { status, readyAt, prepMinutes }: Omit<OrderTimes, "placedAt">,
  expectation: Expectation,
  { now, terms }: Pick<Known, "now" | "terms">,
): Pick<PlannedOrder<Location>, "readyAt" | "readyEarlyAt"> {
  if (readyAt && (status === "ready" || status === "out_for_delivery")) return { readyAt: readyAt.getTime() };
  const promisedAt = readyAt?.getTime() ?? now + prepMinutes * terms.minuteMs;
  const by = (share: number) => Math.max(now, readyBy(expectation, { promisedAt, now, share }));
  return { readyAt: by(READY_SHARES.expected), readyEarlyAt: by(READY_SHARES.early) };
}

export const plannedOrder = (order: OrderHead, known: Known): PlannedOrder<Location> => ({
  orderId: order._id,
  restaurantId: order.restaurantId,
  pickup: order.restaurantAddress.location,
  dropoff: order.deliveryAddress.location,
  placedAt: order.placedAt.getTime(),
  ...expectedReady(order, known.lateness(order.restaurantId), known),
  ...(order.declinedBy && { declinedBy: order.declinedBy }),
});

function ordersOf(trip: LiveTrip, all: Known): PlannedOrder<Location>[] {
  const { now, lateness, times } = all;
  return trip.drops.map(({ orderId, location, ready, readyAt }) => {
    const known = times.get(orderId);
    const promisedAt = readyAt ? Date.parse(readyAt) : now;
    return {
      ...{ orderId, restaurantId: trip.restaurantId, pickup: trip.pickup, dropoff: location },
      placedAt: known?.placedAt.getTime() ?? now,
      ...(known && !ready
        ? expectedReady(known, lateness(trip.restaurantId), all)
        : { readyAt: Math.min(promisedAt, now) }),
    };
  });
}

/** Where and when the courier becomes free, for a trip that takes no more orders. */
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
