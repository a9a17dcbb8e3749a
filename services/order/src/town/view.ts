// Orders, couriers and trips as the town shows them. Pure.
import type { CourierOnDuty } from "@food/shared/contracts/trip";
import type { Location } from "@food/shared/values/geo";
import type { TownCourier, TownOrder, TownTrip } from "./schema.ts";
import type { SeenOrder } from "./store.ts";

const STALE_AFTER_MS = 60_000;

/** To a metre: shorter on the wire. */
const rounded = ({ lat, lng }: Location): Location => ({
  lat: Math.round(lat * 1e5) / 1e5,
  lng: Math.round(lng * 1e5) / 1e5,
});

const sinceOf = ({ events, placedAt }: SeenOrder): Date =>
  events.findLast(({ from, to }) => from !== to)?.at ?? placedAt;

export const orderView = (order: SeenOrder): TownOrder => ({
  ...{ orderId: order._id, version: order.version, status: order.status },
  since: sinceOf(order).toISOString(),
  placedAt: order.placedAt.toISOString(),
  ...{ restaurantId: order.restaurantId, restaurantName: order.restaurantName },
  pickup: rounded(order.restaurantAddress.location),
  dropoff: rounded(order.deliveryAddress.location),
  ...(order.status === "pending" && { acceptBy: order.acceptBy.toISOString() }),
  ...(order.awaitingCourier && { assignBy: order.assignBy.toISOString() }),
  ...(order.pickupBy && { pickupBy: order.pickupBy.toISOString() }),
  ...(order.readyAt && { readyAt: order.readyAt.toISOString() }),
  estimatedDeliveryAt: order.estimatedDeliveryAt.toISOString(),
  ...(order.courier && { courierId: order.courier.courierId }),
  ...(order.trip && { tripId: order.trip.tripId }),
});

function stateOf({ trip, locationAt }: CourierOnDuty, now: Date): TownCourier["state"] {
  if (now.getTime() - Date.parse(locationAt) > STALE_AFTER_MS) return "stale";
  if (!trip) return "idle";
  return trip.drops.every(({ pickedUp }) => pickedUp) ? "to_door" : "to_restaurant";
}

export const courierView = (courier: CourierOnDuty, now: Date): TownCourier => ({
  ...{ courierId: courier.courierId, name: courier.name, vehicle: courier.vehicle },
  state: stateOf(courier, now),
  location: rounded(courier.location),
  locationAt: courier.locationAt,
  ...(courier.trip && { tripId: courier.trip.tripId }),
});

export const tripView = ({ courierId, trip }: CourierOnDuty): TownTrip[] =>
  trip
    ? [
        {
          ...{ tripId: trip.tripId, courierId, restaurantId: trip.restaurantId },
          pickup: rounded(trip.pickup),
          stops: trip.drops.map(({ orderId, location, pickedUp }) => ({
            ...{ orderId, pickedUp },
            location: rounded(location),
          })),
        },
      ]
    : [];
