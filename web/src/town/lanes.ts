// A lane per courier: the stops of the trip on an axis of time.
import type { TownCourier, TownOrder, TownTrip } from "../api/bodies.ts";
import { isLate, type TownState } from "./town-state.ts";

const BEFORE_MS = 10 * 60_000;
const AFTER_MS = 45 * 60_000;
/** The axis moves on in steps, so that lanes need not be drawn again each second. */
const STEP_MS = 30_000;

export interface Axis {
  startMs: number;
  endMs: number;
}
export const axisAt = (townNowMs: number): Axis => {
  const base = Math.floor(townNowMs / STEP_MS) * STEP_MS;
  return { startMs: base - BEFORE_MS, endMs: base + AFTER_MS };
};

/** From 0 to 1; what lies outside is at an end of the axis. */
export const shareOf = ({ startMs, endMs }: Axis, atMs: number): number =>
  Math.min(1, Math.max(0, (atMs - startMs) / (endMs - startMs)));

export interface Stop {
  kind: "pickup" | "door";
  atMs: number;
  isDone: boolean;
  isLate: boolean;
}
export interface Lane {
  courier: TownCourier;
  /** In the trip's sequence. */
  orders: TownOrder[];
  stops: Stop[];
}

/** Food leaves together, when the last of it is ready. */
function pickupOf(trip: TownTrip, orders: readonly TownOrder[], townNowMs: number): Stop[] {
  const isDone = trip.stops.length > 0 && trip.stops.every(({ pickedUp }) => pickedUp);
  const times = orders.flatMap(({ readyAt, since }) => (isDone ? [since] : readyAt ? [readyAt] : []));
  if (times.length === 0) return [];
  const atMs = Math.max(...times.map((time) => Date.parse(time)));
  return [{ kind: "pickup", atMs, isDone, isLate: !isDone && atMs < townNowMs }];
}

export function laneOf(
  courier: TownCourier,
  { trips, orders }: Pick<TownState, "trips" | "orders">,
  townNowMs: number,
): Lane {
  const trip = courier.tripId === undefined ? undefined : trips.get(courier.tripId);
  if (!trip) return { courier, orders: [], stops: [] };
  const carried = trip.stops.flatMap(({ orderId }) => orders.get(orderId) ?? []);
  const doors = carried.map((order): Stop => {
    const atMs = Date.parse(order.estimatedDeliveryAt);
    return { kind: "door", atMs, isDone: false, isLate: isLate(order, townNowMs) };
  });
  return { courier, orders: carried, stops: [...pickupOf(trip, carried, townNowMs), ...doors] };
}

/** Couriers on a trip first, the one whose next door is due earliest at the top; then by name. */
export function lanesOf(state: TownState, townNowMs: number): Lane[] {
  const dueMs = ({ stops }: Lane) =>
    stops.find(({ kind }) => kind === "door")?.atMs ?? Number.POSITIVE_INFINITY;
  return [...state.couriers.values()]
    .map((courier) => ({ lane: laneOf(courier, state, townNowMs), isFree: courier.tripId === undefined }))
    .sort(
      (one, other) =>
        Number(one.isFree) - Number(other.isFree) ||
        Math.sign(dueMs(one.lane) - dueMs(other.lane)) ||
        one.lane.courier.name.localeCompare(other.lane.courier.name),
    )
    .map(({ lane }) => lane);
}
