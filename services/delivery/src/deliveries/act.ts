// A courier's actions on a delivery. The order is the source of truth: its conditional write comes first and decides. If this
// process dies between the question and its own write, the sweep updates the delivery later (settle-moves.ts); after a
// decline, the order's outbox.
import type { DeliveryStatus } from "@food/shared/contracts/delivery";
import type { Order } from "@food/shared/contracts/order";
import { AppError, conflict, notFound } from "@food/shared/values/errors";
import type { DeliveryOnTrip, TripDelivery } from "../trips/trip.ts";
import { applyProgress, progressOf } from "./apply-progress.ts";
import { type SettleDeps, settleRefused } from "./settle-moves.ts";
import { isLive } from "./status.ts";

/** The actions of a courier on a delivery. Each is also a move of the order. */
export type CourierAction = "pickup" | "deliver" | "fail" | "decline";

export interface ActDeps extends SettleDeps {
  /** Makes the move in the order service. Throws its refusal. */
  moveOrder: (
    orderId: string,
    action: CourierAction | "arrive" | "release",
    request: { actorId: string; deliveryId: string; pin?: string; reason?: string; followsUp?: true },
  ) => Promise<Order>;
}

export const noSuchDelivery = () => notFound("DELIVERY_NOT_FOUND", "There is no such delivery.");

const LEADS_TO: Record<CourierAction, DeliveryStatus> = {
  pickup: "picked_up",
  deliver: "delivered",
  fail: "failed",
  decline: "released",
};

/** Whether this action led to the current status. */
const isDone = ({ status, declined }: TripDelivery, action: CourierAction): boolean =>
  status === LEADS_TO[action] && (action !== "decline" || declined === true);

export const isOver = (status: DeliveryStatus, action: string) =>
  conflict("ILLEGAL_MOVE", `A delivery that is ${status} is over: ${action} is not possible.`, {
    currentStatus: status,
    allowedActions: [],
  });

/** Rethrows the refusal of the order. 404: it no longer has this courier, and the outbox will deliver the release. */
const refusedBy =
  (deps: ActDeps, delivery: TripDelivery, courierId: string, action: CourierAction) =>
  async (error: unknown) => {
    if (!(error instanceof AppError)) throw error;
    if (error.status === 404) throw isOver("released", action);
    if (error.status === 409) await settleRefused(deps, delivery, courierId, error);
    throw error;
  };

/** Opens a closed trip again when the order refuses the pickup. */
async function reopening<T>({ trips }: ActDeps, tripId: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof AppError && error.status < 500) await trips.reopen(tripId);
    throw error;
  }
}

/** Repeating the last action changes nothing.
 *
 * Throws 404 unless the delivery is this courier's, 409 when it is over, and the refusal of the order
 * service. */
export async function act(
  deps: ActDeps,
  courierId: string,
  deliveryId: string,
  action: CourierAction,
  input: { pin?: string; reason?: string } = {},
): Promise<DeliveryOnTrip> {
  const { trips } = deps;
  const asked =
    action === "decline" ? undefined : await trips.ask(deliveryId, courierId, LEADS_TO[action], new Date());
  const found = asked ?? (await trips.findOwn(deliveryId, courierId));
  if (!found) throw noSuchDelivery();
  const { trip, delivery } = found;
  const done = isDone(delivery, action);
  // The order knows the PIN and the content of the first request, so it checks both.
  if (done && input.pin === undefined && input.reason === delivery.reason) return found;
  if (!done && !isLive(delivery.status)) throw isOver(delivery.status, action);
  const request = { actorId: courierId, deliveryId, ...input, ...(asked && { followsUp: true as const }) };
  const refused = refusedBy(deps, delivery, courierId, action);
  const move = () => deps.moveOrder(delivery.orderId, action, request).catch(refused);
  const order = await (asked && action === "pickup" ? reopening(deps, trip._id, move) : move());
  const progress = {
    ...progressOf(order, LEADS_TO[action], input.reason),
    ...(action === "decline" && { ready: false, declined: true }),
  };
  const applied = await applyProgress(deps, deliveryId, progress, found);
  const after = applied ?? (await trips.findOwn(deliveryId, courierId));
  if (!after) throw noSuchDelivery();
  return after;
}
