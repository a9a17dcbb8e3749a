// A courier's actions on all orders of a trip. Each order decides separately, as in single requests.
import { conflict, notFound } from "@food/shared/values/errors";
import { type ActDeps, act, isOver, noSuchDelivery } from "../deliveries/act.ts";
import { type DeliveryOnTrip, liveInSequence, type TripDelivery, type TripDocument } from "./trip.ts";

export const noSuchTrip = () => notFound("TRIP_NOT_FOUND", "There is no such trip.");
const noTrip = () => notFound("NO_TRIP", "You are on no trip right now.");

const isWaiting = ({ status }: TripDelivery) => status === "assigned";

/** Throws 404 while the courier has none. */
export async function currentTrip({ couriers, trips }: ActDeps, courierId: string): Promise<TripDocument> {
  const [trip] = await trips.findLive(await couriers.tripsOf([courierId]), courierId);
  if (!trip) throw noTrip();
  return trip;
}

async function ownTrip({ trips }: ActDeps, tripId: string, courierId: string): Promise<TripDocument> {
  const trip = await trips.findOwnTrip(tripId, courierId);
  if (!trip) throw noSuchTrip();
  return trip;
}

async function actOnAll(
  deps: ActDeps,
  courierId: string,
  deliveries: TripDelivery[],
  action: "pickup" | "decline",
) {
  const done = await Promise.allSettled(
    deliveries.map(({ deliveryId }) => act(deps, courierId, deliveryId, action)),
  );
  const refused = done.find((one) => one.status === "rejected");
  if (refused) throw refused.reason;
}

/** Picks up every remaining order of the trip. Idempotent.
 *
 * Throws 404 unless the trip is this courier's, 409 `NOT_READY` while one order is not ready, and the order
 * service's refusal of one order; the others are picked up all the same. */
export async function pickUpTrip(deps: ActDeps, tripId: string, courierId: string): Promise<TripDocument> {
  const waiting = liveInSequence(await ownTrip(deps, tripId, courierId)).filter(isWaiting);
  const unready = waiting.filter(({ ready }) => !ready).map(({ orderId }) => orderId);
  if (unready.length > 0)
    throw conflict("NOT_READY", `Not ready yet: ${unready.join(", ")}. Pick up the others one by one.`);
  await actOnAll(deps, courierId, waiting, "pickup");
  return ownTrip(deps, tripId, courierId);
}

/** Declines the whole trip before its pickup. None of its orders is offered to this courier again.
 *
 * Throws 404 unless the trip is this courier's, 409 after a pickup. */
export async function declineTrip(deps: ActDeps, tripId: string, courierId: string): Promise<TripDocument> {
  const trip = await ownTrip(deps, tripId, courierId);
  const left = liveInSequence(trip);
  if (left.some((one) => !isWaiting(one)))
    throw conflict("ILLEGAL_MOVE", "Food of this trip is picked up: deliver it, or report why it fails.", {
      allowedActions: ["deliver", "fail"],
    });
  await actOnAll(deps, courierId, left, "decline");
  return ownTrip(deps, tripId, courierId);
}

/** Reports the arrival at the restaurant to every waiting order. Idempotent.
 *
 * Throws 404 unless the trip is this courier's, 409 when no order waits at the restaurant. */
export async function arriveAtPickup(
  deps: ActDeps,
  tripId: string,
  courierId: string,
): Promise<TripDocument> {
  const waiting = liveInSequence(await ownTrip(deps, tripId, courierId)).filter(isWaiting);
  if (waiting.length === 0)
    throw conflict("ILLEGAL_MOVE", "Nothing of this trip waits at the restaurant any more.", {
      allowedActions: [],
    });
  const tell = ({ orderId, deliveryId }: TripDelivery) =>
    deps.moveOrder(orderId, "arrive", { actorId: courierId, deliveryId });
  await Promise.all(waiting.map(tell));
  const { modifiedCount } = await deps.trips.arriveAtPickup(tripId, new Date());
  const trip = await ownTrip(deps, tripId, courierId);
  const [first] = liveInSequence(trip);
  if (modifiedCount > 0 && first) deps.onChanged({ trip, delivery: first });
  return trip;
}

/** Reports the arrival at the door. Idempotent.
 *
 * Throws 404 unless the delivery is this courier's, 409 before its pickup and after its end. */
export async function arriveAtDoor(
  deps: ActDeps,
  deliveryId: string,
  courierId: string,
): Promise<DeliveryOnTrip> {
  const found = await deps.trips.findOwn(deliveryId, courierId);
  if (!found) throw noSuchDelivery();
  const { delivery } = found;
  if (!delivery.live) throw isOver(delivery.status, "arrive");
  if (delivery.status !== "picked_up")
    throw conflict("ILLEGAL_MOVE", "Pick it up first. At the restaurant, POST /v1/trips/{tripId}/arrive.", {
      currentStatus: delivery.status,
      allowedActions: ["pickup", "decline"],
    });
  if (delivery.arrivedAt) return found;
  await deps.moveOrder(delivery.orderId, "arrive", { actorId: courierId, deliveryId });
  await deps.trips.arriveAtDoor(deliveryId, new Date());
  const after = (await deps.trips.findOwn(deliveryId, courierId)) ?? found;
  deps.onChanged(after);
  return after;
}
