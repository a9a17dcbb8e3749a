// The problem in numbers: everything is known by its index, and every way is measured once.
import type { PlannedCourier, PlannedOrder, Terms } from "./problem.ts";

/** Some orders of one restaurant that leave together, in the sequence of their drop-offs. */
export interface Trip {
  restaurant: number;
  orders: number[];
  /** Given to the courier already: they stay, and the trip goes on. */
  fixed: number;
  /** When the courier is there, for a trip that is under way. */
  arrivesAt: number | undefined;
}

/** Orders are those that wait and, behind them, those of open trips. */
export interface Measured<Place> {
  terms: Terms<Place>;
  orders: readonly PlannedOrder<Place>[];
  couriers: readonly PlannedCourier<Place>[];
  /** How many of the orders wait for a courier. */
  waiting: number;
  /** Of each order. */
  restaurantOf: Int32Array;
  /** Of each courier: the trip that may be joined. */
  openTrips: (Trip | undefined)[];
  /** From where the courier is free to the restaurant. */
  metersToPickup: (courier: number, restaurant: number) => number;
  msToPickup: (courier: number, restaurant: number) => number;
  msToDoor: (courier: number, order: number) => number;
  msBetweenDoors: (courier: number, from: number, to: number) => number;
  /** From a door to the next trip's restaurant; infinite beyond reach. */
  msToNextPickup: (courier: number, door: number, restaurant: number) => number;
  mayHave: (courier: number, order: number) => boolean;
}

/** A table that is filled when it is asked. */
function lazily(size: number, measure: (index: number) => number): (index: number) => number {
  const known = new Float64Array(size).fill(Number.NaN);
  return (index) => {
    const value = known[index] ?? 0;
    if (!Number.isNaN(value)) return value;
    const measured = measure(index);
    known[index] = measured;
    return measured;
  };
}

/** Numbers things by their name, in the order in which they are first named. */
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

export function measure<Place>(
  waitingOrders: readonly PlannedOrder<Place>[],
  couriers: readonly PlannedCourier<Place>[],
  terms: Terms<Place>,
): Measured<Place> {
  const { distanceMeters, travelMs, reachMeters } = terms;
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
  const between = forVehicles(orders.length * orders.length, (index) =>
    distanceMeters(
      at(orders, Math.floor(index / orders.length)).dropoff,
      at(orders, index % orders.length).dropoff,
    ),
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
    restaurantOf,
    openTrips,
    metersToPickup: (courier, restaurant) => metersToPickup(courier * restaurantCount + restaurant),
    msToPickup: (courier, restaurant) => toPickup(courier * restaurantCount + restaurant),
    msToDoor: toDoor,
    msBetweenDoors: (courier, from, to) => between(courier, from * orders.length + to),
    msToNextPickup: (courier, door, restaurant) => onwards(courier, door * restaurantCount + restaurant),
    mayHave: (courier, order) => declined[order]?.has(at(couriers, courier).courierId) !== true,
  };
}
