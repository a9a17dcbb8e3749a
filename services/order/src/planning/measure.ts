// The problem in numbers: everything is known by its index, and every way is measured once.
import type { PlannedCourier, PlannedOrder, Terms, Weights } from "./problem.ts";

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
  /** What a minute of a courier's work costs, in minutes of a customer's waiting. */
  courierTime: number;
  /** Of each courier, as far as it counts. */
  idleMs: number[];
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

/** A table that is filled when it is asked; of what is never negative. */
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

/** The fewer couriers there are for all who wait, the more orders are late for each minute that one of them works. */
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

/** Counts with the couriers who are free within the horizon, and with nobody earlier than now. */
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
    // Few of them are asked for: of orders of one restaurant.
    msBetweenDoors: (courier, from, to) =>
      travelMs(
        distanceMeters(at(orders, from).dropoff, at(orders, to).dropoff),
        at(couriers, courier).vehicle,
      ),
    msToNextPickup: (courier, door, restaurant) => onwards(courier, door * restaurantCount + restaurant),
    mayHave: (courier, order) => declined[order]?.has(at(couriers, courier).courierId) !== true,
  };
}
