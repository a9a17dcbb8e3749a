// One courier an order, one order a courier. A lock keeps most losers away, a conditional update claims the courier
// only while free, and unique indexes over the live deliveries decide. The delivery's id says which order and round
// it is for, so that asking again, after a crash or a time-out, finds what was begun and finishes it.
import type { AssignOutcome, AssignRequest } from "@food/shared/contracts/delivery";
import { BUSY, type Locks } from "@food/shared/lock";
import { type Candidate, type CourierStore, courierView } from "../couriers/store.ts";
import type { DeliveryDocument, DeliveryStore } from "./store.ts";

export interface AssignDeps {
  couriers: CourierStore;
  deliveries: DeliveryStore;
  locks: Locks;
  maxPickupMeters: number;
  /** Tells followers where the courier is from the first moment on; must not throw. */
  onAssigned: (delivery: DeliveryDocument, courier: Candidate) => void;
}

const LOCK_MS = 3_000;
const CANDIDATES = 5;
/** How often the nearest may all be snatched away before this round gives up. */
const TRIES_MAX = 4;

const NONE_SUITABLE: AssignOutcome = { outcome: "none_suitable" };
const CLOSED: AssignOutcome = { outcome: "closed" };

async function outcomeOf({ couriers }: AssignDeps, delivery: DeliveryDocument): Promise<AssignOutcome> {
  const { _id: deliveryId, live, courierId, distanceMeters, idleSeconds } = delivery;
  if (!live || !courierId) return CLOSED;
  const courier = await couriers.collection.findOne({ _id: courierId });
  if (!courier) throw new Error(`Delivery ${deliveryId} is with a courier who does not exist`);
  return { outcome: "assigned", deliveryId, courier: courierView(courier), distanceMeters, idleSeconds };
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

/** Turns a claim into a delivery. Undefined when this courier turns out to be taken. */
async function takeOn(
  deps: AssignDeps,
  deliveryId: string,
  request: AssignRequest,
  courier: Candidate,
): Promise<AssignOutcome | undefined> {
  const { couriers, deliveries } = deps;
  const delivery = newDelivery(deliveryId, request, courier, new Date());
  const refusal = await deliveries.add(delivery);
  if (refusal === undefined) {
    deps.onAssigned(delivery, courier);
    return outcomeOf(deps, delivery);
  }
  if (refusal === "courier_taken") {
    const live = await deliveries.liveOf(courier._id);
    const right = live && { deliveryId: live._id, orderId: live.orderId, at: live.assignedAt };
    if (right) await couriers.reclaim(courier._id, deliveryId, right);
    else await couriers.release(deliveryId, courier.idleSince, courier._id);
    return undefined;
  }
  const winner = await deliveries.find(deliveryId);
  if (winner?.courierId !== courier._id || !winner.live)
    await couriers.release(deliveryId, courier.idleSince, courier._id);
  return winner ? outcomeOf(deps, winner) : NONE_SUITABLE;
}

/** Claims this courier, if still free, and gives them the delivery. */
async function tryCourier(
  deps: AssignDeps,
  deliveryId: string,
  request: AssignRequest,
  courier: Candidate,
): Promise<AssignOutcome | undefined> {
  const taken = await deps.locks.withLock(`courier:${courier._id}`, LOCK_MS, async () => {
    const claim = { deliveryId, orderId: request.orderId, at: new Date() };
    if (!(await deps.couriers.claim(courier._id, claim))) return undefined;
    return takeOn(deps, deliveryId, request, courier);
  });
  return taken === BUSY ? undefined : taken;
}

async function assignUnderLock(
  deps: AssignDeps,
  deliveryId: string,
  request: AssignRequest,
): Promise<AssignOutcome> {
  const { couriers, deliveries, maxPickupMeters } = deps;
  const existing = await deliveries.find(deliveryId);
  if (existing) return outcomeOf(deps, existing);

  // A courier claimed for this delivery by somebody who did not get any further.
  const claimed = await couriers.claimedFor(deliveryId);
  if (claimed?.location) {
    const resumed = await takeOn(deps, deliveryId, request, {
      ...claimed,
      location: claimed.location,
      distanceMeters: 0,
    });
    if (resumed) return resumed;
  }

  const declined = await deliveries.declinedBy(request.orderId);
  for (let tries = 0; tries < TRIES_MAX; tries++) {
    const nearest = await couriers.nearestFree(
      request.pickup.address.location,
      maxPickupMeters,
      declined,
      CANDIDATES,
    );
    if (nearest.length === 0) return (await couriers.anyFree()) ? NONE_SUITABLE : { outcome: "none_free" };
    for (const courier of nearest) {
      const outcome = await tryCourier(deps, deliveryId, request, courier);
      if (outcome) return outcome;
    }
  }
  return NONE_SUITABLE;
}

/** Finds the nearest free courier who has not declined this order. Idempotent by delivery. */
export async function assignCourier(
  deps: AssignDeps,
  deliveryId: string,
  request: AssignRequest,
): Promise<AssignOutcome> {
  const assigned = await deps.locks.withLock(`order:${request.orderId}`, LOCK_MS, () =>
    assignUnderLock(deps, deliveryId, request),
  );
  if (assigned !== BUSY) return assigned;
  const existing = await deps.deliveries.find(deliveryId);
  return existing ? outcomeOf(deps, existing) : NONE_SUITABLE;
}
