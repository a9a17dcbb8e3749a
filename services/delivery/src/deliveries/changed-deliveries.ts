// What followed couriers have is asked of MongoDB in one question for all who have something to ask at the same moment:
// mostly they only make sure that nothing was missed.
import type { OwnedItem, ReadChanged } from "@food/shared/live/owner-feed";
import { batchLoader } from "@food/shared/process/batch-loader";
import { type DeliveryDocument, type DeliveryStore, deliveryView } from "./store.ts";

interface Asked {
  courierId: string;
  knownIds: string[];
}

const itemOf = (delivery: DeliveryDocument): OwnedItem => ({
  id: delivery._id,
  version: delivery.orderVersion,
  isOpen: delivery.live,
  view: deliveryView(delivery),
});

/** Reads what a courier has, and how what they had has ended. */
export function changedDeliveries(deliveries: DeliveryStore): ReadChanged {
  const read = batchLoader(async (asked: readonly Asked[]) => {
    const found = await deliveries.liveOrKnown(
      asked.map(({ courierId }) => courierId),
      asked.flatMap(({ knownIds }) => knownIds),
    );
    const byCourier = Map.groupBy(found, ({ courierId }) => courierId);
    return asked.map(({ courierId }) => (byCourier.get(courierId) ?? []).map(itemOf));
  });
  return (courierId, known) => read({ courierId, knownIds: [...known.keys()] });
}
