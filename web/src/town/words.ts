// What the town page calls states, events and actors, in English.
import type { TownCourier } from "../api/bodies.ts";

export const COURIER_STATES: Record<TownCourier["state"], string> = {
  idle: "Idle",
  to_restaurant: "To the restaurant",
  to_door: "To the door",
  stale: "Position is old",
};

/** By the type of an event. */
export const EVENTS: Record<string, string> = {
  placed: "Placed",
  accepted: "Accepted",
  rejected: "Rejected",
  preparing: "Cooking begins",
  ready: "Food is ready",
  courier_assigned: "Courier found",
  courier_released: "Courier released",
  trip_changed: "Trip changed",
  courier_at_restaurant: "Courier is at the restaurant",
  picked_up: "Picked up",
  courier_at_door: "Courier is at the door",
  delivered: "Delivered",
  failed: "Could not be delivered",
  cancelled: "Cancelled",
};

export const ACTORS: Record<string, string> = {
  customer: "Customer",
  restaurant: "Restaurant",
  courier: "Courier",
  operator: "Operator",
  system: "Platform",
};
