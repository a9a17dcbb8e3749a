// The names and shapes under which live news travels through Redis. All of it may be lost: MongoDB has the truth.
import type { Location } from "../src/geo.ts";
import type { OrderCourier, OrderStatus } from "./order.ts";

/** News of one order. */
export const orderChannel = (orderId: string) => `live:order:${orderId}`;
/** The courier's latest position for one order, as JSON with a TTL. */
export const locationKey = (orderId: string) => `live:location:${orderId}`;
/** Says that a courier has become free. */
export const COURIER_FREE_CHANNEL = "live:courier-free";

export const LOCATION_TTL_SECONDS = 900;

export interface LocationReport {
  location: Location;
  /** RFC 3339. */
  recordedAt: string;
}

export interface StatusNews {
  kind: "status";
  sequence: number;
  type: string;
  status: OrderStatus;
  reason?: string;
  at: string;
  estimatedDeliveryAt: string;
  courier?: OrderCourier;
}

export type LiveNews = StatusNews | ({ kind: "location" } & LocationReport);
