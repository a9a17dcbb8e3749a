// Plays a day in virtual time with the planner of the order service.
import { planNearest } from "@food/order/planning/nearest";
import { plan } from "@food/order/planning/plan";
import type { PlannedCourier, PlannedOrder, Terms } from "@food/order/planning/problem";
import { READY_SHARES, WEIGHTS } from "@food/order/planning/settings";
import type { Instance } from "../day/instance.ts";
import { distanceBetween, type Spot } from "../day/plane.ts";
import { type NoiseOptions, promisesFor } from "../day/promises.ts";
import { type Book, openBook } from "../replay/book.ts";
import { MINUTE_MS, openKitchens } from "./kitchens.ts";
import { join, pickUpIfPossible, type SimulatedCourier, type SimulatedOrder, send } from "./world.ts";

export interface PlayOptions extends NoiseOptions {
  policy: "batch" | "nearest";
  capacity: number;
  learning: boolean;
  weights?: Partial<Terms<Spot>["weights"]>;
  onMinute?: (minute: number, book: Book) => void;
}

export interface PlayedDay {
  book: Book;
  couriers: SimulatedCourier[];
  endMinute: number;
}

const VEHICLE = "any";

function termsOf(instance: Instance, weights: PlayOptions["weights"]): Terms<Spot> {
  const { metersPerMinute, pickupServiceMinutes, dropoffServiceMinutes } = instance;
  const halves = (minutes: number) => ({
    before: (minutes / 2) * MINUTE_MS,
    after: (minutes / 2) * MINUTE_MS,
  });
  return {
    distanceMeters: distanceBetween,
    travelMs: (distanceMeters) => Math.ceil(distanceMeters / metersPerMinute) * MINUTE_MS,
    reachMeters: Number.POSITIVE_INFINITY,
    pickupMs: halves(pickupServiceMinutes),
    dropoffMs: halves(dropoffServiceMinutes),
    roundMs: MINUTE_MS,
    weights: { ...WEIGHTS, ...weights },
  };
}

/** All orders and couriers at the start of the day. */
function cast(instance: Instance, promisedMinute: (order: Instance["orders"][number]) => number) {
  const book = openBook(instance.orders, instance.couriers);
  const spots = new Map(instance.restaurants.map(({ id, spot }) => [id, spot]));
  const orders = book.orders.map((record): SimulatedOrder => {
    const pickup = spots.get(record.order.restaurant) ?? record.order.spot;
    return { record, pickup, promisedMinute: promisedMinute(record.order) };
  });
  const couriers = book.couriers.map((record): SimulatedCourier => {
    const { id, spot, onMinute: freeMinute } = record.courier;
    return { record, place: spot, placeId: id, freeMinute, done: [], moves: [] };
  });
  return { book, orders, couriers };
}

export function playDay(instance: Instance, options: PlayOptions): PlayedDay {
  const { policy, capacity, onMinute } = options;
  const terms = termsOf(instance, options.weights);
  const promises = promisesFor(instance, options);
  const kitchens = openKitchens(options.learning, promises);
  const { book, orders, couriers } = cast(instance, promises.promisedMinute);
  const orderById = new Map(orders.map((order) => [order.record.order.id, order]));
  const courierById = new Map(couriers.map((courier) => [courier.record.courier.id, courier]));
  const toCome = orders.toSorted((a, b) => a.record.order.placementMinute - b.record.order.placementMinute);
  const cooking = new Set<SimulatedOrder>();
  const waiting = new Set<SimulatedOrder>();

  const planned = (order: SimulatedOrder, minute: number): PlannedOrder<Spot> => ({
    orderId: order.record.order.id,
    restaurantId: order.record.order.restaurant,
    pickup: order.pickup,
    dropoff: order.record.order.spot,
    placedAt: order.record.order.placementMinute * MINUTE_MS,
    readyAt: kitchens.expectedMs(order, minute, READY_SHARES.expected),
    readyEarlyAt: kitchens.expectedMs(order, minute, READY_SHARES.early),
  });
  function plannedCourier(courier: SimulatedCourier, minute: number): PlannedCourier<Spot> {
    const { record, place, freeMinute, trip } = courier;
    const openTrip = trip && {
      restaurantId: trip.orders[0]?.record.order.restaurant ?? "",
      arrivesAt: trip.arrivesMinute * MINUTE_MS,
      orders: trip.orders.map((order) => planned(order, minute)),
    };
    return {
      courierId: record.courier.id,
      place,
      freeAt: freeMinute * MINUTE_MS,
      vehicle: VEHICLE,
      capacity,
      offAt: record.courier.offMinute * MINUTE_MS,
      idleSince: freeMinute * MINUTE_MS,
      ...(openTrip && { openTrip }),
    };
  }

  function happen(minute: number) {
    for (let next = toCome[0]; next && next.record.order.placementMinute <= minute; next = toCome[0]) {
      toCome.shift();
      const { id, placementMinute } = next.record.order;
      book.place(next.record, id, placementMinute);
      waiting.add(next);
      cooking.add(next);
    }
    for (const order of cooking)
      if (order.record.order.readyMinute <= minute) {
        kitchens.report(order);
        cooking.delete(order);
      }
    for (const courier of couriers) {
      const carried = courier.trip?.orders ?? [];
      pickUpIfPossible(instance, courier, minute);
      for (const order of carried) if (order.record.courier === undefined) waiting.add(order);
    }
  }

  function decide(minute: number) {
    const onDuty = couriers.filter(({ record: { courier } }) => {
      return courier.onMinute <= minute && minute <= courier.offMinute;
    });
    const { assign } = (policy === "nearest" ? planNearest : plan)(
      [...waiting].map((order) => planned(order, minute)),
      onDuty.map((courier) => plannedCourier(courier, minute)),
      minute * MINUTE_MS,
      terms,
    );
    for (const { courierId, orderIds, joinsOpenTrip } of assign) {
      const courier = courierById.get(courierId);
      const bundle = orderIds.flatMap((id) => orderById.get(id) ?? []);
      if (!courier) continue;
      if (joinsOpenTrip) join(courier, bundle, minute);
      else send(instance, courier, bundle, minute);
      for (const order of bundle) waiting.delete(order);
    }
  }

  const lastMinute = Math.max(...instance.couriers.map(({ offMinute }) => offMinute));
  const isOver = (minute: number) =>
    toCome.length === 0 && couriers.every(({ trip }) => !trip) && (waiting.size === 0 || minute > lastMinute);
  let minute = Math.floor(toCome[0]?.record.order.placementMinute ?? 0);
  for (; !isOver(minute); minute++) {
    happen(minute);
    if (waiting.size > 0) decide(minute);
    onMinute?.(minute, book);
  }
  for (const { record } of waiting) Object.assign(record, { status: "cancelled", reason: "no_courier" });
  for (const { record, freeMinute } of couriers) {
    record.onMinute = record.courier.onMinute;
    record.offMinute = Math.max(record.courier.offMinute, freeMinute);
  }
  return { book, couriers, endMinute: minute };
}
