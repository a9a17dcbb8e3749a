import type { MoveRequest, OrderAction } from "@food/shared/contracts/order";
import type { RateLimit } from "@food/shared/storage/rate-limit";
import { AppError, conflict, notFound, unprocessable } from "@food/shared/values/errors";
import { type ChangeDeps, changeOrder } from "./change-order.ts";
import { estimateOfKitchen, estimateOnTheWay } from "./estimate.ts";
import {
  type Actor,
  type Change,
  endingBeforePickup,
  findRepeated,
  isParty,
  kitchenTimes,
  leavingTrip,
  type OrderDocument,
  type OrderEvent,
  pickupTimes,
} from "./order.ts";
import { settling } from "./settling.ts";
import { type ActorRole, allowedActions, findMove, isBeforePickup, MOVES, type Move } from "./status.ts";
import type { Terms } from "./terms.ts";

export interface MoveDeps extends ChangeDeps {
  terms: Terms;
  /** Wrong handover PINs, counted for each order. */
  pinLimit: RateLimit;
  /** Records how late a kitchen was against its promise; must not throw. */
  onReady: (restaurantId: string, lateMs: number) => void;
}

/** Reports about the courier that change no status (courier-reports.ts). */
export const COURIER_REPORTS = ["decline", "release", "arrive"] as const;
export type CourierReport = (typeof COURIER_REPORTS)[number];
export const isCourierReport = (action: OrderAction): action is CourierReport =>
  (COURIER_REPORTS as readonly OrderAction[]).includes(action);

export type MoveAction = Exclude<OrderAction, CourierReport>;

export interface MoveInput extends Omit<MoveRequest, "actorId"> {
  action: MoveAction;
  actor: Actor;
  /** The delivery service needs no message about this move (`MoveQuery`). */
  followsUp?: boolean;
}

export const noSuchOrder = () => notFound("ORDER_NOT_FOUND", "There is no such order.");

/** A 409 with the actions that are still possible. */
export function refused(code: string, why: string, { status }: OrderDocument, role: ActorRole) {
  const actions = allowedActions(status, role);
  const possible =
    actions.length === 0 ? "Nothing more can be done with it." : `Possible now: ${actions.join(", ")}.`;
  return conflict(code, `${why} ${possible}`, { currentStatus: status, allowedActions: actions });
}
export const illegalMove = (order: OrderDocument, action: OrderAction, role: ActorRole) =>
  refused("ILLEGAL_MOVE", `An order that is ${order.status} does not allow ${action}.`, order, role);

const EVERY_MOVE: Partial<Record<OrderAction, Move>>[] = Object.values(MOVES);
/** Where this role's moves of this name lead. */
const destinations = (action: OrderAction, role: ActorRole) =>
  EVERY_MOVE.flatMap((moves) => (moves[action]?.by.includes(role) ? moves[action].to : []));

/** Whether a repeated move has the same content as the first one. */
function isSameContent({ handoverPin }: OrderDocument, made: OrderEvent, asked: MoveInput): boolean {
  switch (asked.action) {
    case "accept":
    case "prepare":
      return made.prepMinutes === asked.prepMinutes;
    case "reject":
    case "cancel":
    case "fail":
    case "complete":
      return made.reason === asked.reason;
    case "deliver":
      return handoverPin === asked.pin;
    default:
      return true;
  }
}

/** Throws 409 when the first move had other content. */
function isRepeated(order: OrderDocument, input: MoveInput): boolean {
  const { action, actor } = input;
  const made = destinations(action, actor.role).map((to) => findRepeated(order, to, actor));
  const repeated = made.find((event) => event !== undefined);
  if (repeated && !isSameContent(order, repeated, input))
    throw refused(
      "MOVE_ALREADY_MADE",
      `You sent ${action} before, with other content. The first request holds.`,
      order,
      actor.role,
    );
  return repeated !== undefined;
}

/** The delivery service has assigned this courier, but the order does not have the assignment yet. */
const isSettling = (
  { courier, deliveryId, status }: OrderDocument,
  { actor, deliveryId: named }: MoveInput,
) => actor.role === "courier" && !courier && deliveryId === named && isBeforePickup(status);

/** The fields that a move sets besides the status. */
function detailsOf(order: OrderDocument, input: MoveInput, now: Date, terms: Terms): Partial<Change> {
  const { action, reason } = input;
  switch (action) {
    case "accept":
    case "prepare": {
      if (action === "prepare" && order.status !== "pending") return {};
      const set = kitchenTimes(order, input.prepMinutes ?? order.prepMinutes, now, terms);
      return { set, ...(order.courier && informKitchen(set.readyAt, false)) };
    }
    case "ready":
      return {
        set: {
          readyAt: now,
          ...estimateOfKitchen(order, now, terms),
          estimateReason: "courier",
          ...(order.courier && pickupTimes(now, terms)),
        },
        ...(order.courier && informKitchen(now, true)),
      };
    case "reject":
    case "cancel": {
      if (!isBeforePickup(order.status)) return failing(order, reason);
      const ending = endingBeforePickup(order, reason);
      return { ...ending, set: { ...ending.set, ...(reason && { reason }) } };
    }
    case "pickup":
      return {
        set: { estimatedDeliveryAt: estimateOnTheWay(now, order, terms), estimateReason: "courier" },
        unset: ["pickupBy"],
        inform: { status: "picked_up", ready: true },
      };
    case "deliver":
    case "complete":
      return { inform: { status: "delivered", ready: true }, ...leavingTrip(order) };
    case "fail":
      return failing(order, reason);
    default:
      return {};
  }
}

const failing = (order: OrderDocument, reason: string | undefined): Partial<Change> => ({
  set: { ...(reason && { reason }) },
  inform: { status: "failed", ready: true, ...(reason && { reason }) },
  ...leavingTrip(order),
});

const informKitchen = (readyAt: Date, ready: boolean): Partial<Change> => ({
  inform: { status: "assigned", ready, readyAt: readyAt.toISOString() },
});

/** Makes one move. Repeating the last move changes nothing.
 *
 * Throws 404 to an actor who is not a party. Throws 409 for a move that is not in the table, comes too
 * late, or repeats a move with other content. Throws 422 for prepMinutes after accept and for a wrong
 * handover PIN, and 429 after too many wrong PINs. */
export const moveOrder = (deps: MoveDeps, orderId: string, input: MoveInput): Promise<OrderDocument> =>
  input.action === "deliver"
    ? tryingPin(deps.pinLimit, orderId, () => makeMove(deps, orderId, input))
    : makeMove(deps, orderId, input);

const WRONG_PIN = "WRONG_PIN";

/** Counts the attempt before it compares the PIN, so a burst cannot exceed the limit. */
async function tryingPin<T>(pinLimit: RateLimit, orderId: string, run: () => Promise<T>): Promise<T> {
  await pinLimit.take(orderId);
  try {
    const moved = await run();
    await pinLimit.giveBack(orderId);
    return moved;
  } catch (error) {
    if (!(error instanceof AppError && error.code === WRONG_PIN)) await pinLimit.giveBack(orderId);
    throw error;
  }
}

async function makeMove(deps: MoveDeps, orderId: string, input: MoveInput): Promise<OrderDocument> {
  const { action, actor, reason, pin, prepMinutes, followsUp } = input;
  let promisedAt: Date | undefined;
  const moved = await changeOrder(deps, orderId, (order, now) => {
    promisedAt = undefined;
    if (order && isSettling(order, input)) throw settling();
    if (!order || !isParty(order, actor)) throw noSuchOrder();
    if (isRepeated(order, input)) return undefined;
    const move = findMove(order.status, action, actor.role);
    if (!move) throw illegalMove(order, action, actor.role);
    if (order.status === "pending" && actor.role === "restaurant" && now > order.acceptBy)
      throw conflict(
        "ACCEPT_DEADLINE_PASSED",
        "The time to answer this order has passed. The order will be cancelled.",
        { currentStatus: order.status, allowedActions: [] },
      );
    if (action === "prepare" && order.status !== "pending" && prepMinutes !== undefined)
      throw unprocessable(
        "PREP_MINUTES_SETTLED",
        "prepMinutes was set when the order was accepted. Send prepare without prepMinutes.",
        { details: [{ pointer: "/prepMinutes", detail: "Only for an order that is pending" }] },
      );
    if (action === "deliver" && pin !== order.handoverPin)
      throw unprocessable(WRONG_PIN, "The handover PIN is wrong. Ask the customer for the four digits.");
    promisedAt = action === "ready" ? order.readyAt : undefined;
    const { inform, ...details } = detailsOf(order, input, now, deps.terms);
    return {
      type: move.to === "delivery_failed" ? EVENT_TYPES.fail : EVENT_TYPES[action],
      status: move.to,
      actor,
      ...(reason && { reason }),
      ...(prepMinutes && { prepMinutes }),
      ...details,
      ...(inform && !followsUp && { inform }),
    };
  });
  if (!moved) throw noSuchOrder();
  if (promisedAt && moved.readyAt)
    deps.onReady(moved.restaurantId, moved.readyAt.getTime() - promisedAt.getTime());
  return moved;
}

const EVENT_TYPES = {
  accept: "accepted",
  reject: "rejected",
  prepare: "preparing",
  ready: "ready",
  cancel: "cancelled",
  pickup: "picked_up",
  deliver: "delivered",
  fail: "failed",
  complete: "delivered",
} as const satisfies Record<MoveAction, string>;
