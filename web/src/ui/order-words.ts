// What pages call an order and its states.
import type { OrderStatus } from "../api/bodies.ts";
import { t } from "./language.ts";

/** The way to the door. */
export const STEPS: [OrderStatus, string][] = [
  ["pending", "Sent to the restaurant"],
  ["accepted", "Accepted"],
  ["preparing", "In the kitchen"],
  ["ready", "Ready for the courier"],
  ["out_for_delivery", "On the way"],
  ["delivered", "Delivered"],
];
/** Ends without dinner. */
export const ENDS: Partial<Record<OrderStatus, string>> = {
  rejected: "The restaurant could not take the order",
  cancelled: "Cancelled",
  delivery_failed: "Could not be delivered",
};

export const inWords = (status: OrderStatus): string =>
  t(STEPS.find(([step]) => step === status)?.[1] ?? ENDS[status] ?? status);
export const hasEnded = (status: OrderStatus): boolean => status === "delivered" || status in ENDS;

/** What people call an order. */
export const shortId = (orderId: string): string => orderId.slice(-4).toUpperCase();
export const orderNumber = (orderId: string): string => `#${shortId(orderId)}`;
