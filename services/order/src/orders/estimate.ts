// When the food should be at the door: what the kitchen has promised and where the courier is, whichever comes later.
// Pure. An estimate that is told moves by a minute at least, so that nobody watches it tremble.
import type { EstimateReason } from "@food/shared/contracts/live";
import type { OrderCourier, OrderStatus } from "@food/shared/contracts/order";
import { distanceMeters, type Location } from "@food/shared/values/geo";
import { isFinal } from "./status.ts";
import type { Terms } from "./terms.ts";

export interface Estimate {
  estimatedDeliveryAt: Date;
  estimateReason: EstimateReason;
}

type Place = {
  restaurantAddress: { location: Location };
  deliveryAddress: { location: Location };
  /** With the doors that the courier goes to before. */
  trip?: { before: Location[] };
};
type Speed = Pick<Terms, "courierMetersPerMinute">;

/** What the estimate of an order depends on. */
export interface Estimated extends Place {
  status: OrderStatus;
  prepMinutes: number;
  readyAt?: Date;
  /** When the courier is expected at the restaurant, or was there. */
  pickupAt?: Date;
  estimatedDeliveryAt: Date;
  estimateReason: EstimateReason;
}

export interface CourierPosition {
  location: Location;
  recordedAt: Date;
}

const MINUTE_MS = 60_000;
export const SMALLEST_MOVE_MS = MINUTE_MS;
const PICKUP_MINUTES = 2;
const DOOR_MINUTES = 2;
/** At the door of another order: the hand-over and the way back to the street. */
const STOP_MINUTES = 2 * DOOR_MINUTES;

export const minutesAfter = (at: Date, minutes: number) =>
  new Date(at.getTime() + Math.round(minutes * MINUTE_MS));
const later = (one: Date, other: Date) => (one > other ? one : other);

/** Straight-line travel time. */
const travelMinutes = (from: Location, to: Location, { courierMetersPerMinute }: Speed) =>
  distanceMeters(from, to) / courierMetersPerMinute;

/** The way to the door, by the doors that come before it. */
function minutesToDoor(from: Location, { trip, deliveryAddress }: Place, speed: Speed): number {
  let minutes = 0;
  let at = from;
  for (const door of trip?.before ?? []) {
    minutes += travelMinutes(at, door, speed) + STOP_MINUTES;
    at = door;
  }
  return minutes + travelMinutes(at, deliveryAddress.location, speed);
}

/** When the food should be at the door if the courier leaves the restaurant with it at this time. */
export const estimateOnTheWay = (leftAt: Date, place: Place, speed: Speed) =>
  minutesAfter(leftAt, minutesToDoor(place.restaurantAddress.location, place, speed) + DOOR_MINUTES);

/** When the food should be in the customer's hands, once the courier stands at the door. */
export const estimateAtDoor = (now: Date) => minutesAfter(now, DOOR_MINUTES);

/** When the food should be at the door if somebody is there to take it when it is ready. */
export const estimateFrom = (readyAt: Date, place: Place, speed: Speed) =>
  estimateOnTheWay(minutesAfter(readyAt, PICKUP_MINUTES), place, speed);

/** When the food should be at the door if it is ready then, unless the courier has been seen to come later. */
export function estimateOfKitchen(
  order: Estimated & { courier?: OrderCourier },
  readyAt: Date,
  speed: Speed,
): Estimate {
  const { courier, estimateReason, estimatedDeliveryAt } = order;
  const byKitchen = estimateFrom(readyAt, order, speed);
  return courier && estimateReason === "courier" && estimatedDeliveryAt > byKitchen
    ? { estimatedDeliveryAt, estimateReason }
    : { estimatedDeliveryAt: byKitchen, estimateReason: "kitchen" };
}

/** A courier goes on from where they were last seen. */
const arrivalAt = ({ recordedAt }: CourierPosition, minutes: number, now: Date) =>
  later(minutesAfter(recordedAt, minutes), now);

function foodReadyAt({ status, prepMinutes, readyAt }: Estimated, now: Date): Date {
  if (status === "ready") return now;
  if (status === "pending" || !readyAt) return minutesAfter(now, prepMinutes);
  return later(readyAt, now);
}

export function estimate(
  order: Estimated,
  courier: CourierPosition | undefined,
  now: Date,
  speed: Speed,
): Estimate {
  const { restaurantAddress, pickupAt } = order;
  if (order.status === "out_for_delivery") {
    const atDoor = courier
      ? arrivalAt(courier, minutesToDoor(courier.location, order, speed), now)
      : later(minutesAfter(order.estimatedDeliveryAt, -DOOR_MINUTES), now);
    return { estimatedDeliveryAt: minutesAfter(atDoor, DOOR_MINUTES), estimateReason: "courier" };
  }
  const foodAt = foodReadyAt(order, now);
  const byPosition = courier && travelMinutes(courier.location, restaurantAddress.location, speed);
  const courierAt =
    courier && byPosition !== undefined ? arrivalAt(courier, byPosition, now) : later(pickupAt ?? now, now);
  const waitsForCourier = order.status === "ready" || courierAt > foodAt;
  return {
    estimatedDeliveryAt: estimateFrom(later(foodAt, courierAt), order, speed),
    estimateReason: waitsForCourier ? "courier" : "kitchen",
  };
}

/** The estimate to tell now; undefined while the one that was told is good to a minute, and once the order is over. */
export function movedEstimate(
  order: Estimated,
  courier: CourierPosition | undefined,
  now: Date,
  speed: Speed,
): Estimate | undefined {
  if (isFinal(order.status)) return undefined;
  const moved = estimate(order, courier, now, speed);
  const byMs = Math.abs(moved.estimatedDeliveryAt.getTime() - order.estimatedDeliveryAt.getTime());
  return byMs < SMALLEST_MOVE_MS ? undefined : moved;
}
