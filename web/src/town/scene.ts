// What the town's map shows, as marks on a plane. Pure.
import type { TownCourier, TownOrder } from "../api/bodies.ts";
import type { Spot } from "../map/plane.ts";
import { isLate, type TownState } from "./town-state.ts";

export interface Kitchen extends Spot {
  restaurantId: string;
  name: string;
}
/** Open orders whose food is not out yet. */
export interface KitchenMark extends Kitchen {
  queue: number;
}
export interface CourierMark extends Spot {
  courierId: string;
  name: string;
  state: TownCourier["state"];
  /** The next order of the trip. */
  orderId?: string;
}
export interface DoorMark extends Spot {
  orderId: string;
  state: "waiting" | "late" | "cooking" | "out";
}
export interface Leg {
  kind: "to_restaurant" | "to_door";
  spots: Spot[];
  orderIds: string[];
}
export interface Scene {
  kitchens: KitchenMark[];
  couriers: CourierMark[];
  doors: DoorMark[];
  legs: Leg[];
}

function doorState(order: TownOrder, townNowMs: number): DoorMark["state"] {
  if (isLate(order, townNowMs)) return "late";
  if (order.assignBy !== undefined) return "waiting";
  return order.status === "out_for_delivery" ? "out" : "cooking";
}

/** `known` are restaurants without an order, too. */
export function sceneOf(state: TownState, known: readonly Kitchen[], townNowMs: number): Scene {
  const kitchens = new Map(known.map((kitchen) => [kitchen.restaurantId, { ...kitchen, queue: 0 }]));
  const doors: DoorMark[] = [];
  for (const order of state.orders.values()) {
    const { restaurantId, restaurantName: name, pickup } = order;
    const kitchen = kitchens.get(restaurantId) ?? { restaurantId, name, ...pickup, queue: 0 };
    kitchens.set(restaurantId, kitchen);
    if (order.status !== "out_for_delivery") kitchen.queue += 1;
    doors.push({ orderId: order.orderId, ...order.dropoff, state: doorState(order, townNowMs) });
  }
  const couriers: CourierMark[] = [];
  const legs: Leg[] = [];
  for (const { courierId, name, state: courierState, location, tripId } of state.couriers.values()) {
    const trip = tripId === undefined ? undefined : state.trips.get(tripId);
    const orderId = trip?.stops[0]?.orderId;
    couriers.push({ courierId, name, state: courierState, ...location, ...(orderId && { orderId }) });
    if (!trip) continue;
    const orderIds = trip.stops.map((stop) => stop.orderId);
    const ride = trip.stops.map((stop) => stop.location);
    const isOut = trip.stops.every(({ pickedUp }) => pickedUp);
    if (!isOut) legs.push({ kind: "to_restaurant", spots: [location, trip.pickup], orderIds });
    legs.push({ kind: "to_door", spots: [isOut ? location : trip.pickup, ...ride], orderIds });
  }
  return { kitchens: [...kitchens.values()], couriers, doors, legs };
}

/** South-west and north-east. */
export type Corners = [Spot, Spot];

/** Never smaller than before, so that the map stays where it is. */
export function cornersOf(
  { kitchens, couriers, doors }: Scene,
  before: Corners | undefined,
): Corners | undefined {
  const spots: Spot[] = [...(before ?? []), ...kitchens, ...couriers, ...doors];
  if (spots.length === 0) return undefined;
  let { lat: south, lng: west } = spots[0] as Spot;
  let [north, east] = [south, west];
  for (const { lat, lng } of spots) {
    south = Math.min(south, lat);
    north = Math.max(north, lat);
    west = Math.min(west, lng);
    east = Math.max(east, lng);
  }
  return [
    { lat: south, lng: west },
    { lat: north, lng: east },
  ];
}
