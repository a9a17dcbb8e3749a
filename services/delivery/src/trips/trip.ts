// A trip: one pickup and the drop-offs of up to `capacity` orders. One document holds the trip and its
// deliveries, so one conditional write under unique indexes enforces exclusive assignment. Pure.
import type { DeliveryStatus } from "@food/shared/contracts/delivery";
import type { Dropoff } from "@food/shared/contracts/order";
import type { AssignmentReason } from "@food/shared/contracts/trip";
import type { PostalAddress } from "@food/shared/values/fields";
import type { Point } from "@food/shared/values/geo";

export interface LastPosition {
  location: Point;
  recordedAt: Date;
}

/** An order's place on a trip. Each search for a courier of the order makes one delivery. */
export interface TripDelivery {
  deliveryId: string;
  orderId: string;
  /** Unique in the trip, ended deliveries included. */
  slot: number;
  /** The courier still has it. */
  live: boolean;
  status: DeliveryStatus;
  reason?: string;
  declined?: boolean;
  /** Only while it is live. */
  dropoff?: Dropoff;
  readyAt?: Date;
  ready: boolean;
  idleSeconds: number;
  /** The newest order version that was applied to this delivery. */
  orderVersion: number;
  assignedAt: Date;
  pickedUpAt?: Date;
  /** When the courier reported the arrival at the door. */
  arrivedAt?: Date;
  endedAt?: Date;
  /** The courier's last known position at the end. */
  endedNear?: LastPosition;
  why?: AssignmentReason;
}

export interface TripDocument {
  _id: string;
  /** Absent in a tombstone: its delivery was released before a courier had it. */
  courierId?: string;
  restaurantId?: string;
  pickup?: { name: string; address: PostalAddress };
  /** At least one delivery is live. */
  live: boolean;
  /** No order is picked up: orders may join. */
  open: boolean;
  /** The pickups that have closed the trip and were not refused. Absent before the first. */
  closing?: number;
  /** Maximum number of live deliveries at a time. */
  capacity: number;
  /** The orders of the live deliveries. */
  liveOrderIds: string[];
  /** All its orders in the sequence of their drop-offs. */
  sequence: string[];
  deliveries: TripDelivery[];
  assignedAt: Date;
  /** When the courier reported the arrival at the restaurant. */
  arrivedAt?: Date;
  endedAt?: Date;
  version: number;
}

/** A delivery and its trip. */
export interface DeliveryOnTrip {
  trip: TripDocument;
  delivery: TripDelivery;
}

export const deliveriesOn = (trip: TripDocument): DeliveryOnTrip[] =>
  trip.deliveries.map((delivery) => ({ trip, delivery }));

/** Undefined when the trip has no such delivery. */
export function findOnTrip(trip: TripDocument | null, deliveryId: string): DeliveryOnTrip | undefined {
  const delivery = trip?.deliveries.find((one) => one.deliveryId === deliveryId);
  return trip && delivery ? { trip, delivery } : undefined;
}

/** The live deliveries in the sequence of their drop-offs. */
export const liveInSequence = ({ deliveries, sequence }: TripDocument): TripDelivery[] =>
  deliveries
    .filter(({ live }) => live)
    .sort((one, other) => sequence.indexOf(one.orderId) - sequence.indexOf(other.orderId));
