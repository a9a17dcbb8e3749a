// A courier's trip and deliveries, as the delivery service shows them.

import type { StreamEvent } from "@food/client";
import type { Delivery } from "../api/bodies.ts";

export type Deliveries = ReadonlyMap<string, Delivery>;
const OVER = ["delivered", "failed", "released"];

/** The deliveries that are still this courier's. */
export function afterEvent(deliveries: Deliveries, { event, data }: StreamEvent): Deliveries {
  if (event === "snapshot") return new Map((data.items as Delivery[]).map((one) => [one.deliveryId, one]));
  if (!["delivery", "joined", "left"].includes(event)) return deliveries;
  const delivery = data as unknown as Delivery;
  const next = new Map(deliveries);
  if (OVER.includes(delivery.status)) next.delete(delivery.deliveryId);
  else next.set(delivery.deliveryId, delivery);
  return next;
}
