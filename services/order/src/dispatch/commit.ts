// Carries out a plan: one call to the delivery service for up to fifty trips, then one write for each order of the answer.
// Every write is conditional: a stale plan, or a plan carried out twice, wastes work but assigns no order twice.
import {
  ASSIGNMENTS_MAX,
  type AssignmentReason,
  type DeliveryOutcome,
  type NewDelivery,
  type TripAssignment,
} from "@food/shared/contracts/trip";
import { causeNow, inSpan } from "@food/shared/observe/spans";
import { newIdOfOwner } from "@food/shared/storage/shard-key";
import type { Location } from "@food/shared/values/geo";
import type { Deliveries } from "../clients/deliveries.ts";
import { type ChangeDeps, changeKnown } from "../orders/change-order.ts";
import { dropoffOf, type OrderHead } from "../orders/order.ts";
import type { Terms } from "../orders/terms.ts";
import type { Assignment, Reason } from "../planning/problem.ts";
import type { Gathered } from "./gather.ts";
import { assigned, nextRound } from "./write-outcome.ts";

export interface CommitDeps extends ChangeDeps {
  deliveries: Deliveries;
  terms: Terms;
}

export interface Committed {
  /** Ids of the orders that got a courier. */
  assigned: string[];
  refused: number;
  /** The number of orders on each trip that got orders. */
  tripSizes: number[];
}

const seconds = (ms: number) => Math.max(0, Math.round(ms / 1000));

const reasonOf = (why: Reason): AssignmentReason => ({
  distanceMeters: Math.round(why.distanceMeters),
  pickupAt: new Date(why.pickupAt).toISOString(),
  courierWaitSeconds: seconds(why.courierWaitMs),
  foodWaitSeconds: seconds(why.foodWaitMs),
  bundleSize: why.bundleSize,
  alternatives: why.alternatives,
});

const newDelivery = (order: OrderHead, position: number, why: Reason): NewDelivery => ({
  deliveryId: order.deliveryId,
  orderId: order._id,
  orderVersion: order.version,
  dropoff: dropoffOf(order),
  ...(order.readyAt && { readyAt: order.readyAt.toISOString() }),
  ready: order.status === "ready",
  position,
  why: reasonOf(why),
});

function tripOf(
  { courierId, orderIds, newOrderIds, joinsOpenTrip, why }: Assignment,
  waiting: Map<string, OrderHead>,
  couriers: Gathered["couriers"],
): TripAssignment | undefined {
  const trip = joinsOpenTrip ? couriers.get(courierId)?.trip : undefined;
  const added = newOrderIds.flatMap((orderId) => waiting.get(orderId) ?? []);
  const [order] = added;
  if (!order || (joinsOpenTrip && !trip)) return undefined;
  return {
    tripId: trip?.tripId ?? newIdOfOwner("trp", order.restaurantId),
    ...{ joins: joinsOpenTrip, courierId, restaurantId: order.restaurantId, sequence: orderIds },
    pickup: { name: order.restaurantName, address: order.restaurantAddress },
    deliveries: added.map((one) => newDelivery(one, orderIds.indexOf(one._id), why)),
  };
}

/** Writes the outcomes of one trip one after the other. Only the last write refreshes the other orders of the trip, because
 * all of them are written by then. */
async function writeOutcomes(
  deps: CommitDeps,
  outcomes: DeliveryOutcome[],
  byDelivery: Map<string, OrderHead>,
  doors: Map<string, Location>,
): Promise<string[]> {
  const assignedIds: string[] = [];
  for (const [i, outcome] of outcomes.entries()) {
    const { deliveryId } = outcome;
    const order = byDelivery.get(deliveryId);
    if (!order || outcome.outcome === "refused") continue;
    if (outcome.outcome === "assigned") {
      const refreshes = i === outcomes.length - 1 && outcome.sequence.length > 1;
      const assign = () => changeKnown(deps, order, assigned(outcome, doors, refreshes, deps.terms));
      await inSpan("assign courier", order.trace, assign);
      assignedIds.push(order._id);
    } else await inSpan("next round", order.trace, () => changeKnown(deps, order, nextRound(deliveryId)));
  }
  return assignedIds;
}

function doorsOf(waiting: OrderHead[], couriers: Gathered["couriers"]): Map<string, Location> {
  const drops = [...couriers.values()].flatMap(({ trip }) => trip?.drops ?? []);
  return new Map([
    ...drops.map(({ orderId, location }) => [orderId, location] as const),
    ...waiting.map(({ _id, deliveryAddress }) => [_id, deliveryAddress.location] as const),
  ]);
}

const LINKS_MAX = 32;

/** Of the orders that get a trip. */
const tracesOf = (trips: TripAssignment[], orders: Map<string, OrderHead>) =>
  trips
    .flatMap(({ deliveries }) => deliveries.flatMap(({ orderId }) => orders.get(orderId)?.trace ?? []))
    .slice(0, LINKS_MAX);

/** `mayGoOn` returns false once the lease of the region has expired. Then no further call is made. */
export async function commit(
  deps: CommitDeps,
  assignments: Assignment[],
  waiting: OrderHead[],
  couriers: Gathered["couriers"],
  mayGoOn: () => boolean,
): Promise<Committed> {
  const byId = new Map(waiting.map((order) => [order._id, order]));
  const byDelivery = new Map(waiting.map((order) => [order.deliveryId, order]));
  const doors = doorsOf(waiting, couriers);
  const trips = assignments.flatMap((one) => tripOf(one, byId, couriers) ?? []);
  const total: Committed = { assigned: [], refused: 0, tripSizes: [] };
  for (let at = 0; at < trips.length && mayGoOn(); at += ASSIGNMENTS_MAX) {
    const chunk = trips.slice(at, at + ASSIGNMENTS_MAX);
    const traces = tracesOf(chunk, byId);
    const links = [causeNow(), ...traces.slice(1)].flatMap((trace) => trace ?? []);
    const outcomes = await inSpan("assign trips", traces[0], () => deps.deliveries.assignTrips(chunk), links);
    const byTrip = Map.groupBy(outcomes, (one) => ("tripId" in one ? one.tripId : one.deliveryId)).values();
    const assignedIds = await Promise.all(
      byTrip.map((ofTrip) => writeOutcomes(deps, ofTrip, byDelivery, doors)).toArray(),
    );
    total.assigned.push(...assignedIds.flat());
    total.refused += outcomes.filter(({ outcome }) => outcome === "refused").length;
    total.tripSizes.push(...sizesOf(outcomes));
  }
  return total;
}

function sizesOf(outcomes: DeliveryOutcome[]): number[] {
  const trips = new Map(
    outcomes.flatMap((one) =>
      one.outcome === "assigned" ? [[one.tripId, one.sequence.length] as const] : [],
    ),
  );
  return [...trips.values()];
}
