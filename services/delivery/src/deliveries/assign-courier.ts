// One courier an order, one order a courier. A lock keeps most losers away, a conditional update claims the courier
// only while free, and unique indexes over the live deliveries decide. The delivery's id says which order and round
// it is for, so that asking again, after a crash or a time-out, finds what was begun and finishes it.
import type { AssignOutcome, AssignRequest } from "@food/shared/contracts/delivery";
import type { OrderCourier } from "@food/shared/contracts/order";
import { BUSY, type Locks } from "@food/shared/storage/lock";
import { distanceMeters, fromPoint } from "@food/shared/values/geo";
import { type Candidate, type CourierStore, courierView, type Freed } from "../couriers/store.ts";
import type { DeliveryDocument, DeliveryStore } from "./store.ts";

export interface AssignDeps {
  couriers: CourierStore;
  deliveries: DeliveryStore;
  locks: Locks;
  maxPickupMeters: number;
  /** Tells followers where the courier is from the first moment on; must not throw. */
  onAssigned: (delivery: DeliveryDocument, courier: Candidate) => void;
  /** Says that somebody has become free; must not throw. */
  onFree: (courier: Freed) => void;
}

/** Somebody else is with this courier, or with this order: its round before is not over yet. */
type Taken = "courier_taken" | "order_taken";

const LOCK_MS = 3_000;
/** Waiting for whoever is at the same order: when its delivery is looked for, before the lock is tried again, or at
 * last the caller is asked to come again. Fifty callers at once then cost Redis two commands each. */
const LOOKS_MS = [
  [15, 30, 60],
  [120, 240, 480],
];
const CANDIDATES = 5;
/** How many couriers may be snatched away before this try gives up. */
const MISSES_MAX = 20;

const NONE_FREE: AssignOutcome = { outcome: "none_free" };
const NONE_SUITABLE: AssignOutcome = { outcome: "none_suitable" };
const CLOSED: AssignOutcome = { outcome: "closed" };

const assignedTo = (
  { _id: deliveryId, distanceMeters, idleSeconds, orderVersion }: DeliveryDocument,
  courier: OrderCourier,
): AssignOutcome => ({
  ...{ outcome: "assigned", deliveryId, courier },
  ...{ distanceMeters, idleSeconds, orderVersion },
});

async function outcomeOf({ couriers }: AssignDeps, delivery: DeliveryDocument): Promise<AssignOutcome> {
  if (!delivery.live || !delivery.courierId) return CLOSED;
  const courier = await couriers.collection.findOne({ _id: delivery.courierId });
  if (!courier) throw new Error(`Delivery ${delivery._id} is with a courier who does not exist`);
  return assignedTo(delivery, courierView(courier));
}

const newDelivery = (
  deliveryId: string,
  request: AssignRequest,
  courier: Candidate,
  now: Date,
): DeliveryDocument => ({
  _id: deliveryId,
  orderId: request.orderId,
  courierId: courier._id,
  slot: 0,
  live: true,
  status: "assigned",
  pickup: request.pickup,
  dropoff: request.dropoff,
  ...(request.readyAt && { readyAt: new Date(request.readyAt) }),
  ready: false,
  distanceMeters: Math.round(courier.distanceMeters),
  idleSeconds: Math.max(0, Math.round((now.getTime() - courier.idleSince.getTime()) / 1000)),
  orderVersion: request.orderVersion,
  assignedAt: now,
});

/** Takes back a claim that came to nothing: the courier has been idle all the time. */
async function giveBack({ couriers, onFree }: AssignDeps, deliveryId: string, courier: Candidate) {
  const freed = await couriers.release(deliveryId, courier._id, courier.idleSince);
  if (freed) onFree(freed);
}

/** Turns a claim into a delivery, or takes the claim back. */
async function takeOn(
  deps: AssignDeps,
  deliveryId: string,
  request: AssignRequest,
  courier: Candidate,
): Promise<AssignOutcome | Taken> {
  const { couriers, deliveries } = deps;
  const delivery = newDelivery(deliveryId, request, courier, new Date());
  const refusal = await deliveries.add(delivery);
  if (refusal === undefined) {
    deps.onAssigned(delivery, courier);
    return assignedTo(delivery, courierView(courier));
  }
  const winner = await deliveries.find(deliveryId);
  if (winner) {
    if (!winner.live || winner.courierId !== courier._id) await giveBack(deps, deliveryId, courier);
    return outcomeOf(deps, winner);
  }
  if (refusal !== "courier_taken") {
    await giveBack(deps, deliveryId, courier);
    return "order_taken";
  }
  // The courier looked free and was not: from now on the claim names the delivery that is really under way.
  const live = await deliveries.liveOf(courier._id);
  if (live)
    await couriers.reclaim(courier._id, deliveryId, {
      deliveryId: live._id,
      orderId: live.orderId,
      at: live.assignedAt,
    });
  else await giveBack(deps, deliveryId, courier);
  return "courier_taken";
}

/** Claims this courier, if still free, and gives them the delivery. */
async function tryCourier(
  deps: AssignDeps,
  deliveryId: string,
  request: AssignRequest,
  courier: Candidate,
): Promise<AssignOutcome | Taken> {
  const outcome = await deps.locks.withLock(`courier:${courier._id}`, LOCK_MS, async () => {
    const claim = { deliveryId, orderId: request.orderId, at: new Date() };
    if (!(await deps.couriers.claim(courier._id, claim))) return "courier_taken";
    return takeOn(deps, deliveryId, request, courier);
  });
  return outcome === BUSY ? "courier_taken" : outcome;
}

/** A courier claimed for this delivery by somebody who did not get any further. */
async function findBegun(
  { couriers }: AssignDeps,
  deliveryId: string,
  { pickup }: AssignRequest,
): Promise<Candidate | undefined> {
  const claimed = await couriers.renewClaim(deliveryId, new Date());
  if (!claimed?.location) return undefined;
  const { location } = claimed;
  return {
    ...claimed,
    location,
    distanceMeters: distanceMeters(pickup.address.location, fromPoint(location)),
  };
}

async function assignNearest(
  deps: AssignDeps,
  deliveryId: string,
  request: AssignRequest,
  declinedBy: string[],
): Promise<AssignOutcome | "order_taken"> {
  const { couriers, maxPickupMeters } = deps;
  const from = request.pickup.address.location;
  const missed: string[] = [];
  while (missed.length < MISSES_MAX) {
    const except = [...declinedBy, ...missed];
    const nearest = await couriers.nearestFree(from, maxPickupMeters, except, CANDIDATES);
    if (nearest.length === 0) return (await couriers.anyFree(missed)) ? NONE_SUITABLE : NONE_FREE;
    for (const courier of nearest) {
      const outcome = await tryCourier(deps, deliveryId, request, courier);
      if (outcome !== "courier_taken") return outcome;
      missed.push(courier._id);
    }
  }
  return NONE_SUITABLE;
}

/** All rounds of the order are read at once and before any courier: a delivery ends in the same write that says it
 * was declined, so whoever is seen free after it was declined is also seen to have declined. */
async function assignUnderLock(
  deps: AssignDeps,
  deliveryId: string,
  request: AssignRequest,
): Promise<AssignOutcome | "order_taken"> {
  const rounds = await deps.deliveries.ofOrder(request.orderId);
  const own = rounds.find(({ _id }) => _id === deliveryId);
  if (own) return outcomeOf(deps, own);
  if (rounds.some(({ live }) => live)) return "order_taken";

  const begun = await findBegun(deps, deliveryId, request);
  if (begun) {
    const outcome = await takeOn(deps, deliveryId, request, begun);
    if (outcome !== "courier_taken") return outcome;
  }
  const declinedBy = rounds.flatMap(({ declined, courierId }) => (declined && courierId) || []);
  return assignNearest(deps, deliveryId, request, declinedBy);
}

/** Whether somebody else is at this very delivery, or has just been: looked for in this order, since a claim is
 * taken back only after the delivery is there. */
async function findOther({ couriers, deliveries }: AssignDeps, deliveryId: string) {
  const begun = await couriers.claimedFor(deliveryId);
  return { begun: begun !== null, existing: await deliveries.find(deliveryId) };
}

const isNone = (outcome: AssignOutcome) => outcome === NONE_FREE || outcome === NONE_SUITABLE;

/** Finds the nearest free courier who has not declined this order. Idempotent by delivery. */
export async function assignCourier(
  deps: AssignDeps,
  deliveryId: string,
  request: AssignRequest,
): Promise<AssignOutcome> {
  for (const looksMs of LOOKS_MS) {
    const outcome = await deps.locks.withLock(`order:${request.orderId}`, LOCK_MS, () =>
      assignUnderLock(deps, deliveryId, request),
    );
    const answered = outcome !== BUSY && outcome !== "order_taken";
    if (answered && !isNone(outcome)) return outcome;
    if (answered) {
      const { begun, existing } = await findOther(deps, deliveryId);
      if (existing) return outcomeOf(deps, existing);
      if (!begun) return outcome;
    }
    for (const ms of looksMs) {
      await Bun.sleep(ms);
      const existing = await deps.deliveries.find(deliveryId);
      if (existing) return outcomeOf(deps, existing);
    }
  }
  return NONE_SUITABLE;
}
