// A trip: one pickup and the drop-offs of up to `capacity` orders. It is one document that holds its deliveries, so
// whatever must be exclusive is one conditional write under unique indexes. Pure.
import type { DeliveryStatus } from "@food/shared/contracts/delivery";
import type { Dropoff } from "@food/shared/contracts/order";
import type { AssignmentReason } from "@food/shared/contracts/trip";
import type { PostalAddress } from "@food/shared/values/fields";
import type { Point } from "@food/shared/values/geo";

export interface LastPosition {
  location: Point;
  recordedAt: Date;
}

/** An order's place on a trip: one round of looking for a courier for it. */
export interface TripDelivery {
  deliveryId: string;
  orderId: string;
  /** Its place among all that the trip ever had; no two have the same. */
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
  /** The newest state of the order that this delivery has taken in. */
  orderVersion: number;
  assignedAt: Date;
  pickedUpAt?: Date;
  /** The courier has reported to be at the door. */
  arrivedAt?: Date;
  endedAt?: Date;
  /** Where the courier was last known to be when it ended. */
  endedNear?: LastPosition;
  why?: AssignmentReason;
}

export interface TripDocument {
  _id: string;
  /** Absent in a trip that stands for a delivery which was released before any courier had it. */
  courierId?: string;
  restaurantId?: string;
  pickup?: { name: string; address: PostalAddress };
  /** One of its deliveries is live. */
  live: boolean;
  /** Nothing has been picked up: orders may join. */
  open: boolean;
  /** How many live deliveries it may have at a time. */
  capacity: number;
  /** Exactly the orders of its live deliveries. */
  liveOrderIds: string[];
  /** All its orders in the sequence of their drop-offs. */
  sequence: string[];
  deliveries: TripDelivery[];
  assignedAt: Date;
  /** The courier has reported to be at the restaurant. */
  arrivedAt?: Date;
  endedAt?: Date;
  version: number;
}

/** A delivery together with the trip that it is on. */
export interface DeliveryOnTrip {
  trip: TripDocument;
  delivery: TripDelivery;
}

export const deliveriesOn = (trip: TripDocument): DeliveryOnTrip[] =>
  trip.deliveries.map((delivery) => ({ trip, delivery }));

/** Undefined when the trip never had it. */
export function findOnTrip(trip: TripDocument | null, deliveryId: string): DeliveryOnTrip | undefined {
  const delivery = trip?.deliveries.find((one) => one.deliveryId === deliveryId);
  return trip && delivery ? { trip, delivery } : undefined;
}

/** The live deliveries in the sequence of their drop-offs. */
export const liveInSequence = ({ deliveries, sequence }: TripDocument): TripDelivery[] =>
  deliveries
    .filter(({ live }) => live)
    .sort((one, other) => sequence.indexOf(one.orderId) - sequence.indexOf(other.orderId));
