// An order's place on its courier's trip, and the other orders of the trip. Pure.
import type { OrderCourier, OrderStatus } from "@food/shared/contracts/order";
import type { Location } from "@food/shared/values/geo";
import { isFinal } from "../orders/status.ts";

export interface TripPlace {
  tripId: string;
  /** The newer of two sequences has the higher version. */
  version: number;
  /** All orders of the trip in the sequence of their drop-offs, this one included. */
  sequence: string[];
  /** The doors that the courier visits before this one. */
  before: Location[];
}

/** The fields that are read of an order on a trip. */
export interface Sibling {
  _id: string;
  status: OrderStatus;
  courier?: OrderCourier;
  trip?: TripPlace;
  deliveryAddress: { location: Location };
}

/** Whether the others must be refreshed when this order leaves the trip. */
export const sharesTrip = ({ trip }: Pick<Sibling, "trip">): boolean => (trip?.sequence.length ?? 0) > 1;

/** From assignment to the end. */
export const isUnderWay = ({ courier, status }: Pick<Sibling, "courier" | "status">): boolean =>
  courier !== undefined && !isFinal(status);

/** The correct place of each open order, by the newest sequence that any of them has. */
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
