// A courier's trip and deliveries, as the delivery service shows them.
import type { Dropoff } from "@food/shared/contracts/order";
import type { StreamEvent } from "../live/event-reader.ts";

export interface Stop {
  action: "pickup" | "drop_off";
  name?: string;
  address: { line1: string; city: string; postalCode?: string; location: { lat: number; lng: number } };
  orderIds: string[];
  deliveryIds: string[];
  expectedAt: string;
  readyAt?: string;
  ready: boolean;
}
export interface Trip {
  tripId: string;
  arrivedAt?: string;
  stops: Stop[];
}
export interface Delivery {
  deliveryId: string;
  status: "assigned" | "picked_up" | "delivered" | "failed" | "released";
  reason?: string;
  ready: boolean;
  arrivedAt?: string;
  dropoff?: Dropoff;
}

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

export const orderNumber = (orderId: string): string => `#${orderId.slice(-4).toUpperCase()}`;
