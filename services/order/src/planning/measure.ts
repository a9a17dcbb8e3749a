// The planning problem in numbers. Orders, couriers and restaurants are indexes. Each distance is measured once.
import type { PlannedCourier, PlannedOrder, Terms, Weights } from "./problem.ts";

/** Orders of one restaurant that leave together, in the sequence of their drop-offs. */
export interface Trip {
  restaurant: number;
  orders: number[];
  /** The number of orders that the courier already has on this trip. They must stay on it. */
  fixed: number;
  /** For an open trip: when the courier is at the restaurant. */
  arrivesAt: number | undefined;
}

/** `orders` contains the waiting orders, then the orders of open trips. */
export interface Measured<Place> {
  terms: Terms<Place>;
  orders: readonly PlannedOrder<Place>[];
  couriers: readonly PlannedCourier<Place>[];
  /** The number of waiting orders. */
  waiting: number;
  /** The price of a minute of courier work, in minutes of customer waiting. */
  courierTime: number;
  /** By courier: the idle time, at most `idleMaxMs`. */
  idleMs: number[];
  /** By order: the index of its restaurant. */
  restaurantOf: Int32Array;
  /** By courier: the trip that may be joined. */
  openTrips: (Trip | undefined)[];
  /** From the place where the courier becomes free. */
  metersToPickup: (courier: number, restaurant: number) => number;
  msToPickup: (courier: number, restaurant: number) => number;
  msToDoor: (courier: number, order: number) => number;
  msBetweenDoors: (courier: number, from: number, to: number) => number;
  /** From a door to the next trip's restaurant; infinite beyond reach. */
  msToNextPickup: (courier: number, door: number, restaurant: number) => number;
  mayHave: (courier: number, order: number) => boolean;
}

/** A table of numbers that are at least 0. Each is measured at its first use. */
function lazily(size: number, measure: (index: number) => number): (index: number) => number {
  const known = new Float64Array(size).fill(-1);
  return (index) => {
    const value = known[index] as number;
    if (value >= 0) return value;
    const measured = measure(index);
    known[index] = measured;
    return measured;
  };
}

/** Numbers names in the sequence of their first use. */
function numbering() {
  const numbers = new Map<string, number>();
  return {
    numberOf(name: string): number {
      const number = numbers.get(name) ?? numbers.size;
      numbers.set(name, number);
      return number;
    },
    names: () => [...numbers.keys()],
  };
}

const at = <T>(things: readonly T[], index: number): T => things[index] as T;

/** The price of courier time rises with the waiting orders per courier: each minute of work then delays more orders. */
function courierTimeOf(
  waiting: number,
  couriers: readonly PlannedCourier<unknown>[],
  now: number,
  { courierTime, scarcity, scarceFrom, soonMs }: Weights,
): number {
  const soon = couriers.filter(({ freeAt, openTrip }) => !openTrip && freeAt <= now + soonMs).length;
  const perCourier = waiting / Math.max(1, soon);
  return Math.min(1, courierTime + scarcity * Math.max(0, perCourier - scarceFrom));
}

/** Leaves out couriers who become free beyond the horizon. No courier is free earlier than now. */
export function measure<Place>(
  waitingOrders: readonly PlannedOrder<Place>[],
  known: readonly PlannedCourier<Place>[],
  now: number,
  terms: Terms<Place>,
): Measured<Place> {
  const { distanceMeters, travelMs, reachMeters, weights } = terms;
  const couriers = known
    .filter(({ freeAt, offAt, openTrip }) => openTrip || (freeAt <= now + weights.horizonMs && offAt >= now))
    .map((courier) => ({ ...courier, freeAt: Math.max(now, courier.freeAt) }));
  const orders = [...waitingOrders, ...couriers.flatMap(({ openTrip }) => openTrip?.orders ?? [])];
  const restaurants = numbering();
  const restaurantOf = Int32Array.from(orders, ({ restaurantId }) => restaurants.numberOf(restaurantId));
  const restaurantCount = restaurants.names().length;
  const pickups: Place[] = [];
  for (const [order, restaurant] of restaurantOf.entries()) pickups[restaurant] ??= at(orders, order).pickup;
  const vehicles = numbering();
  const vehicleOf = Int32Array.from(couriers, ({ vehicle }) => vehicles.numberOf(vehicle));
  const vehicleNames = vehicles.names();

  const forVehicles = (size: number, meters: (index: number) => number, limit = Number.POSITIVE_INFINITY) => {
    const tables = vehicleNames.map((vehicle) =>
      lazily(size, (index) => {
        const distance = meters(index);
        return distance > limit ? Number.POSITIVE_INFINITY : travelMs(distance, vehicle);
      }),
    );
    return (courier: number, index: number) => tables[vehicleOf[courier] ?? 0]?.(index) ?? 0;
  };
  const metersToPickup = lazily(couriers.length * restaurantCount, (index) =>
    distanceMeters(
      at(couriers, Math.floor(index / restaurantCount)).place,
      at(pickups, index % restaurantCount),
    ),
  );
  const toPickup = lazily(couriers.length * restaurantCount, (index) => {
    const meters = metersToPickup(index);
    const { vehicle } = at(couriers, Math.floor(index / restaurantCount));
    return meters > reachMeters ? Number.POSITIVE_INFINITY : travelMs(meters, vehicle);
  });
  const toDoor = forVehicles(orders.length, (order) =>
    distanceMeters(at(orders, order).pickup, at(orders, order).dropoff),
  );
  const onwards = forVehicles(
    orders.length * restaurantCount,
    (index) =>
      distanceMeters(
        at(orders, Math.floor(index / restaurantCount)).dropoff,
        at(pickups, index % restaurantCount),
      ),
    reachMeters,
  );
  let next = waitingOrders.length;
  const openTrips = couriers.map(({ openTrip }): Trip | undefined => {
    if (!openTrip) return undefined;
    const first = next;
    next += openTrip.orders.length;
    return {
      restaurant: restaurants.numberOf(openTrip.restaurantId),
      orders: openTrip.orders.map((_, i) => first + i),
      fixed: openTrip.orders.length,
      arrivesAt: openTrip.arrivesAt,
    };
  });
  const declined = waitingOrders.map(({ declinedBy }) => new Set(declinedBy));
  return {
    terms,
    orders,
    couriers,
    waiting: waitingOrders.length,
    courierTime: courierTimeOf(waitingOrders.length, couriers, now, weights),
    idleMs: couriers.map(({ idleSince }) =>
      Math.min(weights.idleMaxMs, Math.max(0, now - (idleSince ?? now))),
    ),
    restaurantOf,
    openTrips,
    metersToPickup: (courier, restaurant) => metersToPickup(courier * restaurantCount + restaurant),
    msToPickup: (courier, restaurant) => toPickup(courier * restaurantCount + restaurant),
    msToDoor: toDoor,
    // Not cached: it is only needed between orders of one restaurant.
    msBetweenDoors: (courier, from, to) =>
      travelMs(
        distanceMeters(at(orders, from).dropoff, at(orders, to).dropoff),
        at(couriers, courier).vehicle,
      ),
    msToNextPickup: (courier, door, restaurant) => onwards(courier, door * restaurantCount + restaurant),
    mayHave: (courier, order) => declined[order]?.has(at(couriers, courier).courierId) !== true,
  };
}
