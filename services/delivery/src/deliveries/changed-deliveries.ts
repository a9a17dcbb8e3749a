// Reads the deliveries of followed couriers from MongoDB. Simultaneous reads share one query. Most of them
// only check for missed changes.
import type { OwnedItem, ReadChanged } from "@food/shared/live/owner-feed";
import { batchLoader } from "@food/shared/process/batch-loader";
import type { CourierStore } from "../couriers/store.ts";
import type { TripStore } from "../trips/store.ts";
import type { DeliveryOnTrip } from "../trips/trip.ts";
import { deliveryView } from "./view.ts";

interface Asked {
  courierId: string;
  knownIds: string[];
}

const itemOf = (item: DeliveryOnTrip): OwnedItem => ({
  id: item.delivery.deliveryId,
  version: item.trip.version,
  isOpen: item.delivery.live,
  ...(item.delivery.assignedAt > item.trip.assignedAt && { begins: "joined" }),
  ...(item.trip.live && { ends: "left" }),
  view: deliveryView(item),
});

/** Reads a courier's live deliveries, and the final state of those that have ended. */
export function changedDeliveries(
  couriers: Pick<CourierStore, "tripsOf">,
  trips: Pick<TripStore, "liveOrKnown">,
): ReadChanged {
  const read = batchLoader(async (asked: readonly Asked[]) => {
    const courierIds = asked.map(({ courierId }) => courierId);
    const knownIds = asked.flatMap((one) => one.knownIds);
    const tripIds = await couriers.tripsOf(courierIds);
    if (tripIds.length + knownIds.length === 0) return asked.map(() => []);
    const found = await trips.liveOrKnown(courierIds, tripIds, knownIds);
    const byCourier = Map.groupBy(found, ({ trip }) => trip.courierId);
    return asked.map(({ courierId }) => (byCourier.get(courierId) ?? []).map(itemOf));
  });
  return (courierId, known) => read({ courierId, knownIds: [...known.keys()] });
}
