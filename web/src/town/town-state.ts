// The town as the page knows it: a snapshot, then what has changed. An unchanged item stays the same object.
import type { Town, TownCourier, TownFigures, TownOrder, TownTrip } from "../api/bodies.ts";

type Times = Pick<Town, "sequence" | "at" | "ordersAt" | "couriersAt" | "isComplete">;

export interface TownState extends Times {
  /** When this device received it, in epoch milliseconds. */
  receivedAtMs: number;
  orders: ReadonlyMap<string, TownOrder>;
  couriers: ReadonlyMap<string, TownCourier>;
  trips: ReadonlyMap<string, TownTrip>;
  figures: TownFigures;
}

/** Missing lists have not changed. */
export interface TownChanges extends Times {
  orders?: TownOrder[];
  couriers?: TownCourier[];
  trips?: TownTrip[];
  endedOrderIds?: string[];
  goneCourierIds?: string[];
  endedTripIds?: string[];
  figures?: TownFigures;
}

function changed<T>(
  before: ReadonlyMap<string, T>,
  idOf: (item: T) => string,
  items: readonly T[] = [],
  gone: readonly string[] = [],
): ReadonlyMap<string, T> {
  if (items.length === 0 && gone.length === 0) return before;
  const after = new Map(before);
  for (const item of items) after.set(idOf(item), item);
  for (const id of gone) after.delete(id);
  return after;
}
const orderIdOf = ({ orderId }: TownOrder) => orderId;
const courierIdOf = ({ courierId }: TownCourier) => courierId;
const tripIdOf = ({ tripId }: TownTrip) => tripId;

const timesOf = ({ sequence, at, ordersAt, couriersAt, isComplete }: Times): Times => ({
  ...{ sequence, at, ordersAt, isComplete },
  ...(couriersAt && { couriersAt }),
});

export const stateOf = (town: Town, receivedAtMs: number): TownState => ({
  ...{ ...timesOf(town), receivedAtMs, figures: town.figures },
  orders: changed(new Map(), orderIdOf, town.orders),
  couriers: changed(new Map(), courierIdOf, town.couriers),
  trips: changed(new Map(), tripIdOf, town.trips),
});

/** Undefined when an event before this one is missing: only a snapshot helps then. */
export function afterChanges(
  before: TownState | undefined,
  changes: TownChanges,
  receivedAtMs: number,
): TownState | undefined {
  if (!before || changes.sequence !== before.sequence + 1) return undefined;
  return {
    ...{ ...timesOf(changes), receivedAtMs, figures: changes.figures ?? before.figures },
    orders: changed(before.orders, orderIdOf, changes.orders, changes.endedOrderIds),
    couriers: changed(before.couriers, courierIdOf, changes.couriers, changes.goneCourierIds),
    trips: changed(before.trips, tripIdOf, changes.trips, changes.endedTripIds),
  };
}

/** Seconds since a part was read. The server's clock and this device's are never compared. */
export function ageOf({ at, receivedAtMs }: TownState, readAt: string, nowMs: number): number {
  const atServer = Date.parse(at) - Date.parse(readAt);
  return Math.max(0, Math.floor((atServer + nowMs - receivedAtMs) / 1000));
}

/** The server's time, as far as this device knows it. */
export const townTime = ({ at, receivedAtMs }: TownState, nowMs: number): number =>
  Date.parse(at) + Math.max(0, nowMs - receivedAtMs);

/** The stream brings an event each second. */
const OLD_AFTER_S = 5;

/** Seconds since the older part was read, when that is too long to be called live. */
export function oldFor(state: TownState, nowMs: number): number | undefined {
  const ages = [state.ordersAt, state.couriersAt ?? state.at].map((readAt) => ageOf(state, readAt, nowMs));
  const age = Math.max(...ages);
  return age > OLD_AFTER_S ? age : undefined;
}

/** Past the time at which it was to be at the door. */
export const isLate = ({ estimatedDeliveryAt }: TownOrder, townNowMs: number): boolean =>
  Date.parse(estimatedDeliveryAt) < townNowMs;

/** Orders without a courier, the longest wait first. */
export const waitingOrders = ({ orders }: TownState): TownOrder[] =>
  [...orders.values()]
    .filter(({ assignBy }) => assignBy !== undefined)
    .sort((one, other) => one.placedAt.localeCompare(other.placedAt));
