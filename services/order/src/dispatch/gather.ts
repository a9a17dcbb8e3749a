// Collects the input of a round: the waiting orders of its region, and the couriers within reach of their restaurants.
import { type CourierOnDuty, type CouriersOnDuty, PICKUPS_MAX } from "@food/shared/contracts/trip";
import type { Location } from "@food/shared/values/geo";
import type { Deliveries } from "../clients/deliveries.ts";
import type { KitchenStore } from "../kitchens/store.ts";
import type { OrderHead } from "../orders/order.ts";
import type { OrderStore } from "../orders/store.ts";
import type { PlannedCourier, PlannedOrder, Terms } from "../planning/problem.ts";
import { type Known, latenessOf, plannedCourier, plannedOrder } from "./expect.ts";
import type { DispatchTerms } from "./terms.ts";

export interface GatherDeps {
  orders: OrderStore;
  kitchens: KitchenStore;
  deliveries: Deliveries;
  dispatchTerms: DispatchTerms;
}

/** The most couriers in one plan. It bounds the planning time. */
const COURIERS_MAX = 200;

export interface Gathered {
  couriers: Map<string, CourierOnDuty>;
  /** The number of idle couriers within reach. */
  free: number;
  now: number;
  planned: { orders: PlannedOrder<Location>[]; couriers: PlannedCourier<Location>[]; terms: Terms<Location> };
}

function chunksOf<T>(things: readonly T[], size: number): T[][] {
  const chunks: T[][] = [];
  for (let at = 0; at < things.length; at += size) chunks.push(things.slice(at, at + size));
  return chunks;
}

const isFree = ({ trip }: CourierOnDuty) => trip === undefined;

async function search(
  { deliveries }: GatherDeps,
  pickups: Location[],
  includeBusy: boolean,
): Promise<CouriersOnDuty> {
  const found = await Promise.all(
    chunksOf(pickups, PICKUPS_MAX).map((chunk) => deliveries.searchCouriers({ pickups: chunk, includeBusy })),
  );
  const couriers = new Map(
    found.flatMap((one) => one.couriers.map((courier) => [courier.courierId, courier])),
  );
  return { couriers: [...couriers.values()], reachMeters: found[0]?.reachMeters ?? 0 };
}

/** At most COURIERS_MAX couriers: idle couriers first, then by distance to the nearest restaurant. */
function bounded(couriers: CourierOnDuty[], pickups: Location[], { distanceMeters }: DispatchTerms) {
  if (couriers.length <= COURIERS_MAX) return couriers;
  const byDistance = couriers.map((courier) => ({
    courier,
    meters: Math.min(...pickups.map((pickup) => distanceMeters(courier.location, pickup))),
  }));
  return byDistance
    .sort((a, b) => Number(isFree(b.courier)) - Number(isFree(a.courier)) || a.meters - b.meters)
    .slice(0, COURIERS_MAX)
    .map(({ courier }) => courier);
}

async function timesOf({ orders }: GatherDeps, couriers: CourierOnDuty[]): Promise<Known["times"]> {
  const onTrips = couriers.flatMap(({ trip }) => trip?.drops ?? []).filter(({ pickedUp }) => !pickedUp);
  if (onTrips.length === 0) return new Map();
  const found = await orders.timesOf(onTrips.map(({ orderId }) => orderId));
  return new Map(found.map((order) => [order._id, order]));
}

/** Includes busy couriers when couriers are scarce: with `isScarce`, or with fewer idle couriers than orders. */
export async function gather(deps: GatherDeps, waiting: OrderHead[], isScarce: boolean): Promise<Gathered> {
  const { kitchens, dispatchTerms: terms } = deps;
  const byRestaurant = new Map(
    waiting.map((order) => [order.restaurantId, order.restaurantAddress.location]),
  );
  const pickups = [...byRestaurant.values()];
  const [first, habits] = await Promise.all([
    search(deps, pickups, isScarce),
    kitchens.habitsOf([...byRestaurant.keys()]),
  ]);
  const isEnough = isScarce || first.couriers.length >= waiting.length;
  const { couriers: found, reachMeters } = isEnough ? first : await search(deps, pickups, true);
  const couriers = bounded(found, pickups, terms);
  const now = Date.now();
  const known: Known = { now, terms, lateness: latenessOf(habits), times: await timesOf(deps, couriers) };
  return {
    couriers: new Map(couriers.map((courier) => [courier.courierId, courier])),
    free: found.filter(isFree).length,
    now,
    planned: {
      orders: waiting.map((order) => plannedOrder(order, known)),
      couriers: couriers.map((courier) => plannedCourier(courier, known)),
      terms: { ...terms, reachMeters },
    },
  };
}
