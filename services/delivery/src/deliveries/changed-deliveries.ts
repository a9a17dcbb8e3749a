// What followed couriers have is asked of MongoDB in one question for all who have something to ask at the same moment:
// mostly they only make sure that nothing was missed.
import type { OwnedItem, ReadChanged } from "@food/shared/owner-feed";
import { type DeliveryDocument, type DeliveryStore, deliveryView } from "./store.ts";

interface Asked extends PromiseWithResolvers<OwnedItem[]> {
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
  let waiting: Asked[] = [];

  async function readAll() {
    const asked = waiting;
    waiting = [];
    try {
      const courierIds = asked.map(({ courierId }) => courierId);
      const knownIds = asked.flatMap((one) => one.knownIds);
      const found = Map.groupBy(await deliveries.liveOrKnown(courierIds, knownIds), (one) => one.courierId);
      for (const { courierId, resolve } of asked) resolve((found.get(courierId) ?? []).map(itemOf));
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }

  return (courierId, known) => {
    const one: Asked = { ...Promise.withResolvers(), courierId, knownIds: [...known.keys()] };
    if (waiting.push(one) === 1) setImmediate(readAll);
    return one.promise;
  };
}
