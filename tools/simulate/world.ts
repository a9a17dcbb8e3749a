// Simulates a day by the rules of the instances (Reyes et al. 2018, section 2): travel takes whole minutes, half of the
// service time passes before a pickup or drop-off and half after, and no pickup is before the food is ready or after the
// courier's off time.

import type { Instance } from "../day/instance.ts";
import { type Spot, travelMinutes } from "../day/plane.ts";
import { beginWork, type CourierRecord, endWork, type OrderRecord } from "../replay/book.ts";

export interface SimulatedOrder {
  record: OrderRecord;
  /** The restaurant's position. */
  pickup: Spot;
  /** The ready time that the kitchen promises. */
  promisedMinute: number;
}

export interface SimulatedTrip {
  orders: SimulatedOrder[];
  assignedMinute: number;
  arrivesMinute: number;
  pickedUpMinute?: number;
}

export interface SimulatedCourier {
  record: CourierRecord;
  /** Where the courier becomes free: position, and id of the place in the instance. */
  place: Spot;
  placeId: string;
  freeMinute: number;
  /** The trip before its pickup. */
  trip?: SimulatedTrip;
  /** The picked-up trips, in sequence. */
  done: SimulatedTrip[];
  moves: Move[];
}

export interface Move {
  departureMinute: number;
  from: string;
  to: string;
}

export function send(
  { metersPerMinute }: Instance,
  courier: SimulatedCourier,
  orders: SimulatedOrder[],
  minute: number,
) {
  const [first] = orders;
  if (!first) return;
  const restaurantId = first.record.order.restaurant;
  const arrivesMinute = minute + travelMinutes(courier.place, first.pickup, metersPerMinute);
  courier.moves.push({ departureMinute: minute, from: courier.placeId, to: restaurantId });
  courier.place = first.pickup;
  courier.placeId = restaurantId;
  courier.trip = { orders: [], assignedMinute: minute, arrivesMinute };
  beginWork(courier.record, minute);
  join(courier, orders, minute);
}

/** Sets the trip's orders, and records the assignment of new ones. */
export function join({ trip, record }: SimulatedCourier, orders: SimulatedOrder[], minute: number) {
  if (!trip) return;
  trip.orders = orders;
  for (const order of orders) {
    if (order.record.courier === record.courier.id) continue;
    order.record.courier = record.courier.id;
    order.record.assignedMinute = minute;
  }
}

/** Picks up the food if it is ready and the courier has arrived, and computes the time at each door. */
export function pickUpIfPossible(instance: Instance, courier: SimulatedCourier, minute: number) {
  const { trip, record } = courier;
  if (!trip) return;
  const readyMinute = Math.max(...trip.orders.map((order) => order.record.order.readyMinute));
  const pickupMinute = Math.max(trip.arrivesMinute + instance.pickupServiceMinutes / 2, readyMinute);
  if (pickupMinute > minute) {
    if (minute > record.courier.offMinute) decline(courier, minute);
    return;
  }
  delete courier.trip;
  trip.pickedUpMinute = pickupMinute;
  courier.done.push(trip);
  let at = pickupMinute + instance.pickupServiceMinutes / 2;
  for (const { record: order } of trip.orders) {
    courier.moves.push({ departureMinute: at, from: courier.placeId, to: order.order.id });
    at += travelMinutes(courier.place, order.order.spot, instance.metersPerMinute);
    courier.place = order.order.spot;
    courier.placeId = order.order.id;
    order.pickedUpMinute = pickupMinute;
    order.trip = `${record.courier.id} ${courier.done.length}`;
    order.deliveredMinute = at + instance.dropoffServiceMinutes / 2;
    order.status = "delivered";
    at += instance.dropoffServiceMinutes;
  }
  courier.freeMinute = at;
  endWork(record, at);
}

function decline(courier: SimulatedCourier, minute: number) {
  for (const { record } of courier.trip?.orders ?? []) {
    delete record.courier;
    delete record.assignedMinute;
  }
  delete courier.trip;
  courier.record.declined++;
  courier.freeMinute = minute;
  endWork(courier.record, minute);
}
