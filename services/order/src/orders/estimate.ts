// The delivery estimate: the later of the kitchen's promise and the courier's way. Pure. A published
// estimate moves by at least a minute, so it does not flicker.
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
  /** Includes the doors that the courier visits before. */
  trip?: { before: Location[] };
};
type Speed = Pick<Terms, "courierMetersPerMinute">;

/** The fields that the estimate depends on. */
export interface Estimated extends Place {
  status: OrderStatus;
  prepMinutes: number;
  readyAt?: Date;
  /** The courier's expected or actual arrival at the restaurant. */
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
/** Time at the door of another order: the hand-over and the way back to the street. */
const STOP_MINUTES = 2 * DOOR_MINUTES;

export const minutesAfter = (at: Date, minutes: number) =>
  new Date(at.getTime() + Math.round(minutes * MINUTE_MS));
const later = (one: Date, other: Date) => (one > other ? one : other);

/** Straight-line travel time. */
const travelMinutes = (from: Location, to: Location, { courierMetersPerMinute }: Speed) =>
  distanceMeters(from, to) / courierMetersPerMinute;

/** Travel time to the door, through the doors before it. */
function minutesToDoor(from: Location, { trip, deliveryAddress }: Place, speed: Speed): number {
  let minutes = 0;
  let at = from;
  for (const door of trip?.before ?? []) {
    minutes += travelMinutes(at, door, speed) + STOP_MINUTES;
    at = door;
  }
  return minutes + travelMinutes(at, deliveryAddress.location, speed);
}

/** The estimate when the courier leaves the restaurant with the food at this time. */
export const estimateOnTheWay = (leftAt: Date, place: Place, speed: Speed) =>
  minutesAfter(leftAt, minutesToDoor(place.restaurantAddress.location, place, speed) + DOOR_MINUTES);

/** The estimate after the courier's arrival at the door. */
export const estimateAtDoor = (now: Date) => minutesAfter(now, DOOR_MINUTES);

/** The estimate when a courier is at the restaurant as soon as the food is ready. */
export const estimateFrom = (readyAt: Date, place: Place, speed: Speed) =>
  estimateOnTheWay(minutesAfter(readyAt, PICKUP_MINUTES), place, speed);

/** The estimate for food that is ready at this time, or later when the courier arrives later. */
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

/** Assumes that the courier has moved on from the last known position. */
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

/** The estimate to publish now. Undefined while the published one is off by less than a minute, and after
 * the end. */
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
