// What a courier does with a delivery. The order is the truth: it is asked first, and its conditional write decides.
// If this process dies right after, the order's outbox tells the delivery later.
import type { DeliveryStatus, OrderProgress } from "@food/shared/contracts/delivery";
import type { Order } from "@food/shared/contracts/order";
import { AppError, conflict, notFound } from "@food/shared/values/errors";
import type { DeliveryOnTrip, TripDelivery } from "../trips/trip.ts";
import { applyProgress, type ProgressDeps } from "./apply-progress.ts";
import { isLive } from "./status.ts";

/** What a courier may do with a delivery, each a move of the order too. */
export type CourierAction = "pickup" | "deliver" | "fail" | "decline";

export interface ActDeps extends ProgressDeps {
  /** Makes the move in the order service. Throws what it refuses with. */
  moveOrder: (
    orderId: string,
    action: CourierAction | "arrive" | "release",
    request: { actorId: string; deliveryId: string; pin?: string; reason?: string },
  ) => Promise<Order>;
}

export const noSuchDelivery = () => notFound("DELIVERY_NOT_FOUND", "There is no such delivery.");

const LEADS_TO: Record<CourierAction, DeliveryStatus> = {
  pickup: "picked_up",
  deliver: "delivered",
  fail: "failed",
  decline: "released",
};

function progressOf(action: CourierAction, order: Order, reason: string | undefined): OrderProgress {
  return {
    orderId: order.orderId,
    orderVersion: order.version,
    status: LEADS_TO[action],
    ready: action !== "decline",
    ...(reason && { reason }),
    ...(action === "decline" && { declined: true }),
  };
}

/** Whether the delivery stands where it does because this has been done. */
const isDone = ({ status, declined }: TripDelivery, action: CourierAction): boolean =>
  status === LEADS_TO[action] && (action !== "decline" || declined === true);

export const isOver = (status: DeliveryStatus, action: string) =>
  conflict("ILLEGAL_MOVE", `A delivery that is ${status} does not take ${action}: it is over.`, {
    currentStatus: status,
    allowedActions: [],
  });

/** The order does not know this courier any more: another courier has it, and the outbox will say so. */
const overIfUnknown = (action: CourierAction) => (error: unknown) => {
  throw error instanceof AppError && error.status === 404 ? isOver("released", action) : error;
};

/** The trip takes no more orders from before the food is picked up on, unless the order refuses the pickup. */
async function closingTrip<T>({ trips }: ActDeps, tripId: string, run: () => Promise<T>): Promise<T> {
  await trips.setOpen(tripId, false);
  try {
    return await run();
  } catch (error) {
    if (error instanceof AppError && error.status < 500) await trips.setOpen(tripId, true);
    throw error;
  }
}

/** Repeating what was done last changes nothing.
 *
 * Throws 404 unless it is this courier's, 409 when it is over, and what the order service refuses with. */
export async function act(
  deps: ActDeps,
  courierId: string,
  deliveryId: string,
  action: CourierAction,
  input: { pin?: string; reason?: string } = {},
): Promise<DeliveryOnTrip> {
  const found = await deps.trips.findOwn(deliveryId, courierId);
  if (!found) throw noSuchDelivery();
  const { trip, delivery } = found;
  const done = isDone(delivery, action);
  // Only the order knows the PIN, and says no to what was done with other content.
  if (done && input.pin === undefined && input.reason === delivery.reason) return found;
  if (!done && !isLive(delivery.status)) throw isOver(delivery.status, action);
  const request = { actorId: courierId, deliveryId, ...input };
  const move = () => deps.moveOrder(delivery.orderId, action, request).catch(overIfUnknown(action));
  const order = await (action === "pickup" ? closingTrip(deps, trip._id, move) : move());
  await applyProgress(deps, deliveryId, progressOf(action, order, input.reason));
  const after = await deps.trips.findOwn(deliveryId, courierId);
  if (!after) throw noSuchDelivery();
  return after;
}
