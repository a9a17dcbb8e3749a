// What a courier does with a delivery. The order is the truth: it is asked first, and its conditional write decides.
// If this process dies right after, the order's own word comes by and by and does the rest.
import type { DeliveryStatus, OrderProgress } from "@food/shared/contracts/delivery";
import type { Order } from "@food/shared/contracts/order";
import { AppError, conflict, notFound } from "@food/shared/values/errors";
import { type FollowDeps, followOrder } from "./follow-order.ts";
import { isLive } from "./status.ts";
import type { DeliveryDocument } from "./store.ts";

/** What a courier may do with a delivery, each a move of the order too. */
export type CourierAction = "pickup" | "deliver" | "fail" | "decline";

export interface ActDeps extends FollowDeps {
  /** Makes the move in the order service. Throws what it refuses with. */
  moveOrder: (
    orderId: string,
    action: CourierAction,
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
const isDone = ({ status, declined }: DeliveryDocument, action: CourierAction): boolean =>
  status === LEADS_TO[action] && (action !== "decline" || declined === true);

const isOver = (status: DeliveryStatus, action: CourierAction) =>
  conflict("ILLEGAL_MOVE", `A delivery that is ${status} does not take ${action}: it is over.`, {
    currentStatus: status,
    allowedActions: [],
  });

/** The order knows this courier no more: it has been given to somebody else, and word of it is on its way. */
const overIfUnknown = (action: CourierAction) => (error: unknown) => {
  throw error instanceof AppError && error.status === 404 ? isOver("released", action) : error;
};

/** Repeating what was done last changes nothing.
 *
 * Throws 404 unless it is this courier's, 409 when it is over, and what the order service refuses with. */
export async function act(
  deps: ActDeps,
  courierId: string,
  deliveryId: string,
  action: CourierAction,
  input: { pin?: string; reason?: string } = {},
): Promise<DeliveryDocument> {
  const delivery = await deps.deliveries.findOwn(deliveryId, courierId);
  if (!delivery) throw noSuchDelivery();
  const done = isDone(delivery, action);
  // Only the order knows the PIN, and says no to what was done with other content.
  if (done && input.pin === undefined && input.reason === delivery.reason) return delivery;
  if (!done && !isLive(delivery.status)) throw isOver(delivery.status, action);
  const request = { actorId: courierId, deliveryId, ...input };
  const order = await deps.moveOrder(delivery.orderId, action, request).catch(overIfUnknown(action));
  await followOrder(deps, deliveryId, progressOf(action, order, input.reason));
  const after = await deps.deliveries.findOwn(deliveryId, courierId);
  if (!after) throw noSuchDelivery();
  return after;
}
