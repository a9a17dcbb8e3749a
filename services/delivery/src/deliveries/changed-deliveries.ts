import type { ReadChanged } from "@food/shared/owner-feed";
import { type DeliveryStore, deliveryView } from "./store.ts";

/** Reads what a courier has, and how what they had has ended. */
export const changedDeliveries =
  (deliveries: DeliveryStore): ReadChanged =>
  async (courierId, known) =>
    (await deliveries.liveOrKnown(courierId, [...known.keys()])).map((delivery) => ({
      id: delivery._id,
      version: delivery.orderVersion,
      isOpen: delivery.live,
      view: deliveryView(delivery),
    }));
