import type { MoveRequest, OrderAction } from "@food/shared/contracts/order";
import type { RateLimit } from "@food/shared/storage/rate-limit";
import { AppError, conflict, notFound, unavailable, unprocessable } from "@food/shared/values/errors";
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
import { type ActorRole, allowedActions, findMove, isBeforePickup, MOVES, type Move } from "./status.ts";
import type { Terms } from "./terms.ts";

export interface MoveDeps extends ChangeDeps {
  terms: Terms;
  /** Wrong handover PINs, counted for each order. */
  pinLimit: RateLimit;
  /** Takes in how late a kitchen was against its promise; must not throw. */
  onReady: (restaurantId: string, lateMs: number) => void;
}

/** What is reported of the courier and changes no status (courier-reports.ts). */
export const COURIER_REPORTS = ["decline", "release", "arrive"] as const;
export type CourierReport = (typeof COURIER_REPORTS)[number];
export const isCourierReport = (action: OrderAction): action is CourierReport =>
  (COURIER_REPORTS as readonly OrderAction[]).includes(action);

export type MoveAction = Exclude<OrderAction, CourierReport>;

export interface MoveInput extends Omit<MoveRequest, "actorId"> {
  action: MoveAction;
  actor: Actor;
}

export const noSuchOrder = () => notFound("ORDER_NOT_FOUND", "There is no such order.");

/** 409 with what is still possible. */
export function refused(code: string, why: string, { status }: OrderDocument, role: ActorRole) {
  const actions = allowedActions(status, role);
  const possible =
    actions.length === 0 ? "Nothing more can be done with it." : `Possible now: ${actions.join(", ")}.`;
  return conflict(code, `${why} ${possible}`, { currentStatus: status, allowedActions: actions });
}
export const illegalMove = (order: OrderDocument, action: OrderAction, role: ActorRole) =>
  refused("ILLEGAL_MOVE", `An order that is ${order.status} does not take ${action}.`, order, role);

const EVERY_MOVE: Partial<Record<OrderAction, Move>>[] = Object.values(MOVES);
const destinations = (action: OrderAction) => EVERY_MOVE.flatMap((moves) => moves[action]?.to ?? []);

/** Whether a move asks for just what it asked for when it was made. */
function isSameContent({ handoverPin }: OrderDocument, made: OrderEvent, asked: MoveInput): boolean {
  switch (asked.action) {
    case "accept":
    case "prepare":
      return made.prepMinutes === asked.prepMinutes;
    case "reject":
    case "cancel":
    case "fail":
      return made.reason === asked.reason;
    case "deliver":
      return handoverPin === asked.pin;
    default:
      return true;
  }
}

/** Throws 409 for a move that was made with other content. */
function isRepeated(order: OrderDocument, input: MoveInput): boolean {
  const { action, actor } = input;
  const made = destinations(action).map((to) => findRepeated(order, to, actor));
  const repeated = made.find((event) => event !== undefined);
  if (repeated && !isSameContent(order, repeated, input))
    throw refused(
      "MOVE_ALREADY_MADE",
      `You have done ${action} with this order already, and not with what you send now. What you sent first holds.`,
      order,
      actor.role,
    );
  return repeated !== undefined;
}

/** The delivery service has found this courier, but the answer has not been written down here yet. */
const isSettling = (
  { courier, deliveryId, status }: OrderDocument,
  { actor, deliveryId: named }: MoveInput,
) => actor.role === "courier" && !courier && deliveryId === named && isBeforePickup(status);
export const settling = () =>
  unavailable("ASSIGNMENT_SETTLING", "The assignment is just being written down. Try again.");

/** What a move sets besides the status. */
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
      return { inform: { status: "delivered", ready: true }, ...leavingTrip(order) };
    case "fail":
      return {
        set: { ...(reason && { reason }) },
        inform: { status: "failed", ready: true, ...(reason && { reason }) },
        ...leavingTrip(order),
      };
    default:
      return {};
  }
}

const informKitchen = (readyAt: Date, ready: boolean): Partial<Change> => ({
  inform: { status: "assigned", ready, readyAt: readyAt.toISOString() },
});

/** Makes one move of the order's life. Repeating the move that was made last changes nothing.
 *
 * Throws 404 to whoever is no party, 409 for a move that the table does not have, that comes too late or that was made with
 * other content, 422 for minutes without effect and a wrong handover PIN, and 429 after too many of those. */
export const moveOrder = (deps: MoveDeps, orderId: string, input: MoveInput): Promise<OrderDocument> =>
  input.action === "deliver"
    ? tryingPin(deps.pinLimit, orderId, () => makeMove(deps, orderId, input))
    : makeMove(deps, orderId, input);

const WRONG_PIN = "WRONG_PIN";

/** A try is taken before the PIN is looked at, so that no burst gets more of them than there are. */
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
  const { action, actor, reason, pin, prepMinutes } = input;
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
        "The time to answer this order is over: it is being cancelled.",
        { currentStatus: order.status, allowedActions: [] },
      );
    if (action === "prepare" && order.status !== "pending" && prepMinutes !== undefined)
      throw unprocessable(
        "PREP_MINUTES_SETTLED",
        "The time was settled when the order was accepted. Send prepare without prepMinutes.",
        { details: [{ pointer: "/prepMinutes", detail: "Only for an order that is pending" }] },
      );
    if (action === "deliver" && pin !== order.handoverPin)
      throw unprocessable(
        WRONG_PIN,
        "That is not the customer's handover PIN. Ask the customer for the four digits.",
      );
    promisedAt = action === "ready" ? order.readyAt : undefined;
    return {
      type: EVENT_TYPES[action],
      status: move.to,
      actor,
      ...(reason && { reason }),
      ...(prepMinutes && { prepMinutes }),
      ...detailsOf(order, input, now, deps.terms),
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
} as const satisfies Record<MoveAction, string>;
