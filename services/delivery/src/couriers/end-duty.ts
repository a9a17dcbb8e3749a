import type { TripStore } from "../trips/store.ts";
import type { Duty } from "./schema.ts";
import type { CourierStore } from "./store.ts";

/** The courier keeps the trip in hand, and gets nothing more. Of an order that joins the trip at the same moment, either the
 * answer knows or it does not join: joining reads the trip, then the duty, and needs the trip as it was read. */
export async function endDuty(
  { couriers, trips }: { couriers: CourierStore; trips: TripStore },
  courierId: string,
): Promise<Duty> {
  const courier = await couriers.setAvailable(courierId, false, new Date());
  const [tripId] = await couriers.tripsOf([courierId]);
  const trip = tripId && (await trips.refuseJoining(tripId));
  return trip
    ? { ...courier, tripInHand: { tripId: trip._id, ordersLeft: trip.liveOrderIds.length } }
    : courier;
}
