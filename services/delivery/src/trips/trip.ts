// A trip: one pickup and the drop-offs of up to `capacity` orders. One document holds the trip and its
// deliveries, so one conditional write under unique indexes enforces exclusive assignment. Pure.
import type { DeliveryStatus } from "@food/shared/contracts/delivery";
import type { Dropoff } from "@food/shared/contracts/order";
import type { AssignmentReason } from "@food/shared/contracts/trip";
import { byId, type Sharded } from "@food/shared/storage/shard-key";
import type { PostalAddress } from "@food/shared/values/fields";
import type { Point } from "@food/shared/values/geo";
import type { DeliveryCursor } from "../deliveries/schema.ts";

/** The last question to the order service whether the order makes the courier's move. */
export interface Asked {
  /** The status of the delivery after the move. */
  to: DeliveryStatus;
  since: Date;
  /** When it was asked, or last checked (settle-moves.ts). */
  at: Date;
}

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
  asked?: Asked;
}

export interface TripDocument extends Sharded {
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

/** A trip without a courier: nothing else can begin under its ids. */
export const tombstoneOf = (
  tripId: string,
  {
    deliveryId,
    orderId,
    orderVersion,
    reason,
  }: Pick<TripDelivery, "deliveryId" | "orderId" | "orderVersion" | "reason">,
  now: Date,
): TripDocument => ({
  ...byId(tripId),
  ...{ live: false, open: false, capacity: 0, liveOrderIds: [], sequence: [], version: 1 },
  deliveries: [
    {
      ...{ deliveryId, orderId, orderVersion, slot: 0, live: false, status: "released", ready: false },
      ...(reason && { reason }),
      ...{ idleSeconds: 0, assignedAt: now, endedAt: now },
    },
  ],
  assignedAt: now,
  endedAt: now,
});

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

/** Newest trip first, then newest delivery first, from after the cursor. */
export function olderThan({ at, trip, slot }: DeliveryCursor) {
  const assignedAt = new Date(at);
  const isSame = slot > 0 ? { $lte: trip } : { $lt: trip };
  return { assignedAt: { $lte: assignedAt }, $or: [{ assignedAt: { $lt: assignedAt } }, { _id: isSame }] };
}
