// Channels, keys and messages of live updates in Redis. Any message may be lost: MongoDB is the source of truth.
import type { Location } from "../src/values/geo.ts";
import type { OrderCourier, OrderStatus } from "./order.ts";

/** Messages about one order. */
export const orderChannel = (orderId: string) => `live:order:${orderId}`;
/** Messages that one of a restaurant's orders, or of a courier's deliveries, has changed. */
export const restaurantChannel = (restaurantId: string) => `live:restaurant:${restaurantId}`;
export const courierChannel = (courierId: string) => `live:courier:${courierId}`;
/** In the slot of the order's channel, so that one script may write the key and publish. */
export const liveKey = (name: string, orderId: string) => `live:${name}:{${orderChannel(orderId)}}`;
/** The courier's last position for one order, as JSON with a TTL. */
export const locationKey = (orderId: string) => liveKey("location", orderId);
/** Messages that a courier has become free: a `FreeCourier` as JSON. */
export const COURIER_FREE_CHANNEL = "live:courier-free";

export const LOCATION_TTL_SECONDS = 900;

export interface LocationReport {
  /** The courier at that time: an order may be reassigned. */
  courierId: string;
  location: Location;
  /** RFC 3339. */
  recordedAt: string;
}

export interface StatusMessage {
  kind: "status";
  sequence: number;
  type: string;
  status: OrderStatus;
  reason?: string;
  at: string;
  readyAt?: string;
  estimatedDeliveryAt: string;
  estimateReason: EstimateReason;
  courier?: OrderCourier;
  /** When the courier is expected at the restaurant, or was there. */
  pickupAt?: string;
  /** The doors that the courier goes to before; for the services alone. */
  via?: Location[];
}

/** What determines the estimate now. */
export type EstimateReason = "kitchen" | "courier";

/** The estimate has changed and the order has not. */
export interface EstimateMessage {
  kind: "estimate";
  version: number;
  estimatedDeliveryAt: string;
  estimateReason: EstimateReason;
}

export type LocationMessage = { kind: "location" } & LocationReport;

export type LiveMessage = StatusMessage | EstimateMessage | LocationMessage;
