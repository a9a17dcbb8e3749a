// An order's place on its courier's trip, and who else is on it. Pure.
import type { OrderCourier, OrderStatus } from "@food/shared/contracts/order";
import type { Location } from "@food/shared/values/geo";
import { isFinal } from "../orders/status.ts";

export interface TripPlace {
  tripId: string;
  /** Which of two sequences of the trip is the newer one. */
  version: number;
  /** The orders of the trip in the sequence of their drop-offs, this one among them. */
  sequence: string[];
  /** The doors that the courier goes to before this one's. */
  before: Location[];
}

/** What is known of an order on a trip. */
export interface Sibling {
  _id: string;
  status: OrderStatus;
  courier?: OrderCourier;
  trip?: TripPlace;
  deliveryAddress: { location: Location };
}

/** An order that shares its trip tells the others of it when it leaves. */
export const sharesTrip = ({ trip }: Pick<Sibling, "trip">): boolean => (trip?.sequence.length ?? 0) > 1;

/** From assignment to the end. */
export const isUnderWay = ({ courier, status }: Pick<Sibling, "courier" | "status">): boolean =>
  courier !== undefined && !isFinal(status);

/** The place that each order still under way should have, by the newest sequence that any of them knows. */
export function placesOn(siblings: readonly Sibling[]): Map<string, TripPlace> {
  const known = siblings.flatMap(({ trip }) => trip ?? []);
  const newest = known.toSorted((one, other) => other.version - one.version)[0];
  const places = new Map<string, TripPlace>();
  if (!newest) return places;
  const underWay = new Map(siblings.filter(isUnderWay).map((order) => [order._id, order]));
  const doors: Location[] = [];
  for (const orderId of newest.sequence) {
    const order = underWay.get(orderId);
    if (!order) continue;
    places.set(orderId, { ...newest, before: [...doors] });
    doors.push(order.deliveryAddress.location);
  }
  return places;
}

const isSameDoor = (one: Location, other: Location | undefined) =>
  one.lat === other?.lat && one.lng === other.lng;

export const isSameWay = (one: TripPlace, other: TripPlace): boolean =>
  one.before.length === other.before.length &&
  one.before.every((door, i) => isSameDoor(door, other.before[i]));

export const isSamePlace = (one: TripPlace, other: TripPlace): boolean =>
  one.version === other.version && one.sequence.join() === other.sequence.join() && isSameWay(one, other);
