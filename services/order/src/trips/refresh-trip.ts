// Runs after an order has joined a trip, left it or ended. Stores the new place of each other order.
// Publishes the change when the number of stops before an order has changed.
import { type ChangeDeps, changeKnown } from "../orders/change-order.ts";
import { movedEstimate } from "../orders/estimate.ts";
import type { Change, OrderHead, RefreshTrip } from "../orders/order.ts";
import type { Terms } from "../orders/terms.ts";
import { isSamePlace, isSameWay, isUnderWay, placesOn, type TripPlace } from "./trip-place.ts";

const TRIES_MAX = 8;

const movedTo =
  (place: TripPlace, terms: Terms) =>
  (order: OrderHead | null, now: Date): Change | undefined => {
    if (order?.trip?.tripId !== place.tripId || !isUnderWay(order)) return undefined;
    if (order.trip.version > place.version || isSameWay(order.trip, place)) return undefined;
    const estimate = movedEstimate({ ...order, trip: place }, undefined, now, terms);
    return {
      type: "trip_changed",
      status: order.status,
      actor: { role: "system" },
      deliveryId: order.deliveryId,
      set: { trip: place, ...estimate },
    };
  };

/** Idempotent. Repeats until nothing is left to change, because the orders may move during a pass. */
export async function refreshTrip(
  deps: ChangeDeps & { terms: Terms },
  { tripId, orderIds }: Pick<RefreshTrip, "tripId" | "orderIds">,
): Promise<void> {
  const known = orderIds && new Set(orderIds);
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const siblings = await deps.orders.onTrip(tripId, known && [...known]);
    // Others may have joined since the entry was stored.
    const joined = siblings
      .flatMap(({ trip }) => trip?.sequence ?? [])
      .filter((id) => known && !known.has(id));
    if (joined.length > 0) {
      for (const orderId of joined) known?.add(orderId);
      continue;
    }
    const places = placesOn(siblings);
    const stale = siblings.flatMap((order) => {
      const place = places.get(order._id);
      return order.trip && place && !isSamePlace(order.trip, place)
        ? [{ order, trip: order.trip, place }]
        : [];
    });
    if (stale.length === 0) return;
    for (const { order, trip, place } of stale)
      if (isSameWay(trip, place)) await deps.orders.setPlace(order, place);
      else await changeKnown(deps, order, movedTo(place, deps.terms));
  }
  throw new Error("The trip changed during every attempt: retry");
}
