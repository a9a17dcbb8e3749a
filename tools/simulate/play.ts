// Plays a day in virtual time against the planner that the order service uses.
import { type KitchenHabit, lateness, learn, NO_HABIT } from "@food/order/planning/kitchen-habit";
import { planNearest } from "@food/order/planning/nearest";
import { plan } from "@food/order/planning/plan";
import type { PlannedCourier, PlannedOrder, Terms } from "@food/order/planning/problem";
import type { Instance } from "../day/instance.ts";
import { distanceBetween, type Spot } from "../day/plane.ts";
import { type Book, openBook } from "../replay/book.ts";
import { promisedMinutes } from "./promises.ts";
import { join, pickUpIfPossible, type SimulatedCourier, type SimulatedOrder, send } from "./world.ts";

export interface PlayOptions {
  policy: "batch" | "nearest";
  capacity: number;
  noiseSd: number;
  seed: number;
  learning: boolean;
  terms: Pick<Terms<Spot>, "weights" | "reachMeters">;
  onMinute?: (minute: number, book: Book) => void;
}

export interface PlayedDay {
  book: Book;
  couriers: SimulatedCourier[];
  endMinute: number;
}

const MINUTE_MS = 60_000;
const VEHICLE = "any";

export function termsOf(
  { metersPerMinute, pickupServiceMinutes, dropoffServiceMinutes }: Instance,
  { weights, reachMeters }: PlayOptions["terms"],
): Terms<Spot> {
  const half = (minutes: number) => ({ before: (minutes / 2) * MINUTE_MS, after: (minutes / 2) * MINUTE_MS });
  return {
    distanceMeters: distanceBetween,
    travelMs: (distanceMeters) => Math.ceil(distanceMeters / metersPerMinute) * MINUTE_MS,
    reachMeters,
    pickupMs: half(pickupServiceMinutes),
    dropoffMs: half(dropoffServiceMinutes),
    roundMs: MINUTE_MS,
    weights,
  };
}

export function playDay(instance: Instance, options: PlayOptions): PlayedDay {
  const { policy, capacity, learning, onMinute } = options;
  const terms = termsOf(instance, options.terms);
  const book = openBook(instance.orders, instance.couriers);
  const spots = new Map(instance.restaurants.map(({ id, spot }) => [id, spot]));
  const promised = promisedMinutes(instance, options);
  const orders = book.orders.map((record): SimulatedOrder => {
    const pickup = spots.get(record.order.restaurant) ?? record.order.spot;
    return { record, pickup, promisedMinute: promised(record.order) };
  });
  const byId = new Map(orders.map((order) => [order.record.order.id, order]));
  const couriers = book.couriers.map((record): SimulatedCourier => {
    const { id, spot, onMinute: freeMinute } = record.courier;
    return { record, place: spot, placeId: id, freeMinute, done: [], moves: [] };
  });
  const courierById = new Map(couriers.map((courier) => [courier.record.courier.id, courier]));
  const habits = new Map<string, KitchenHabit>();
  const toCome = orders.toSorted((a, b) => a.record.order.placementMinute - b.record.order.placementMinute);
  const cooking = new Set<SimulatedOrder>();
  const waiting = new Set<SimulatedOrder>();

  const expected = ({ record, promisedMinute }: SimulatedOrder, minute: number, share: number) => {
    if (record.readyMinute !== undefined) return record.readyMinute * MINUTE_MS;
    const lateMs = learning ? lateness(habits.get(record.order.restaurant) ?? NO_HABIT, share) : 0;
    return Math.max((minute + 1) * MINUTE_MS, promisedMinute * MINUTE_MS + lateMs);
  };
  const planned = (order: SimulatedOrder, minute: number): PlannedOrder<Spot> => ({
    orderId: order.record.order.id,
    restaurantId: order.record.order.restaurant,
    pickup: order.pickup,
    dropoff: order.record.order.spot,
    placedAt: order.record.order.placementMinute * MINUTE_MS,
    readyAt: expected(order, minute, 0.5),
  });
  function plannedCourier(
    { record, place, freeMinute, trip }: SimulatedCourier,
    minute: number,
  ): PlannedCourier<Spot> {
    const open = trip && {
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
      ...(open && { openTrip: open }),
    };
  }

  function look(minute: number) {
    while (toCome[0] && toCome[0].record.order.placementMinute <= minute) {
      const order = toCome.shift();
      if (!order) break;
      book.place(order.record, order.record.order.id, order.record.order.placementMinute);
      waiting.add(order);
      cooking.add(order);
    }
    for (const order of cooking) {
      const { readyMinute, restaurant } = order.record.order;
      if (readyMinute > minute) continue;
      order.record.readyMinute = readyMinute;
      cooking.delete(order);
      const lateMs = (readyMinute - order.promisedMinute) * MINUTE_MS;
      habits.set(restaurant, learn(habits.get(restaurant) ?? NO_HABIT, lateMs));
    }
    for (const courier of couriers) {
      const released = courier.trip?.orders ?? [];
      pickUpIfPossible(instance, courier, minute);
      for (const order of released) if (order.record.courier === undefined) waiting.add(order);
    }
  }

  function decide(minute: number) {
    const onDuty = couriers.filter(({ record }) => {
      const { onMinute: from, offMinute } = record.courier;
      return from <= minute && minute <= offMinute;
    });
    const decide = policy === "nearest" ? planNearest : plan;
    const { assign } = decide(
      [...waiting].map((order) => planned(order, minute)),
      onDuty.map((courier) => plannedCourier(courier, minute)),
      minute * MINUTE_MS,
      terms,
    );
    for (const { courierId, orderIds, joinsOpenTrip } of assign) {
      const courier = courierById.get(courierId);
      const bundle = orderIds.flatMap((id) => byId.get(id) ?? []);
      if (!courier) continue;
      if (joinsOpenTrip) join(courier, bundle, minute);
      else send(instance, courier, bundle, minute);
      for (const order of bundle) waiting.delete(order);
    }
  }

  let minute = Math.floor(toCome[0]?.record.order.placementMinute ?? 0);
  const lastMinute = Math.max(...instance.couriers.map(({ offMinute }) => offMinute));
  const isOver = () =>
    toCome.length === 0 && couriers.every(({ trip }) => !trip) && (waiting.size === 0 || minute > lastMinute);
  for (; !isOver(); minute++) {
    look(minute);
    if (waiting.size > 0) decide(minute);
    onMinute?.(minute, book);
  }
  for (const { record } of waiting) {
    record.status = "cancelled";
    record.reason = "no_courier";
  }
  for (const { record, freeMinute } of couriers) {
    record.onMinute = record.courier.onMinute;
    record.offMinute = Math.max(record.courier.offMinute, freeMinute);
  }
  return { book, couriers, endMinute: minute };
}
