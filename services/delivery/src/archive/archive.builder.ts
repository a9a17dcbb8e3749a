// Trips that ended at some time.
import { newIdOfOwner, shardOf } from "@food/shared/storage/shard-key";
import { daysAgo } from "@food/shared/testing/archive";
import { toPoint } from "@food/shared/values/geo";
import { newId } from "@food/shared/values/id";
import type { TripDelivery, TripDocument } from "../trips/trip.ts";

const RESTAURANT_ID = newId("rst");
const PLACE = { lat: 52.52, lng: 13.405 };
const ADDRESS = { line1: "Torstr. 1", city: "Berlin", postalCode: "10119", country: "DE", location: PLACE };

/** A trip with one order, which was delivered that many days ago. */
export function aDoneTrip(
  days: number,
  { status = "delivered", ...overrides }: Partial<TripDocument> & Pick<Partial<TripDelivery>, "status"> = {},
): TripDocument {
  const at = daysAgo(days);
  const idAt = (prefix: string) => newIdOfOwner(prefix, RESTAURANT_ID, at.getTime());
  const orderId = newId("ord", at.getTime());
  const endedNear = { location: toPoint(PLACE), recordedAt: at };
  return {
    ...{ _id: idAt("trp"), ...shardOf(RESTAURANT_ID), restaurantId: RESTAURANT_ID, courierId: newId("crr") },
    ...{ pickup: { name: "Trattoria Adler", address: ADDRESS }, capacity: 2, version: 3 },
    ...{ live: false, open: false, liveOrderIds: [], sequence: [orderId], assignedAt: at, endedAt: at },
    deliveries: [
      {
        ...{ deliveryId: idAt("dlv"), orderId, slot: 0, live: false, status, ready: true, idleSeconds: 7 },
        ...{ orderVersion: 9, assignedAt: at, pickedUpAt: at, endedAt: at, endedNear },
      },
    ],
    ...overrides,
  };
}
