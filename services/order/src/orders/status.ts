// The state machine of an order: which role may make which move from which status. This table is its only
// definition. The compiler checks that it has every status.
import { ORDER_STATUSES, type OrderAction, type OrderStatus } from "@food/shared/contracts/order";

export type ActorRole = "customer" | "restaurant" | "courier" | "operator" | "system";

export interface Move {
  to: OrderStatus;
  by: readonly ActorRole[];
}

export const MOVES = {
  pending: {
    accept: { to: "accepted", by: ["restaurant"] },
    reject: { to: "rejected", by: ["restaurant"] },
    prepare: { to: "preparing", by: ["restaurant"] },
    cancel: { to: "cancelled", by: ["customer", "operator", "system"] },
  },
  accepted: {
    prepare: { to: "preparing", by: ["restaurant"] },
    ready: { to: "ready", by: ["restaurant"] },
    cancel: { to: "cancelled", by: ["customer", "restaurant", "operator", "system"] },
  },
  preparing: {
    ready: { to: "ready", by: ["restaurant"] },
    cancel: { to: "cancelled", by: ["restaurant", "operator", "system"] },
  },
  ready: {
    pickup: { to: "out_for_delivery", by: ["courier"] },
    cancel: { to: "cancelled", by: ["restaurant", "operator", "system"] },
  },
  out_for_delivery: {
    deliver: { to: "delivered", by: ["courier"] },
    fail: { to: "delivery_failed", by: ["courier"] },
    complete: { to: "delivered", by: ["operator"] },
    /** The food is no longer at the restaurant, so its portions are used. */
    cancel: { to: "delivery_failed", by: ["operator"] },
  },
  delivered: {},
  rejected: {},
  cancelled: {},
  delivery_failed: {},
} as const satisfies Record<OrderStatus, Partial<Record<OrderAction, Move>>>;

const movesFrom = (status: OrderStatus): Partial<Record<OrderAction, Move>> => MOVES[status];

/** The move, if this role may make it. */
export function findMove(status: OrderStatus, action: OrderAction, role: ActorRole): Move | undefined {
  const move = movesFrom(status)[action];
  return move?.by.includes(role) ? move : undefined;
}

export const isFinal = (status: OrderStatus): boolean => Object.keys(MOVES[status]).length === 0;

/** Whether an order that ends so leaves its portions to others. */
export const givesBackStock = (status: OrderStatus): boolean =>
  status === "rejected" || status === "cancelled";

/** The statuses of an open order. */
export const FINAL_STATUSES = ORDER_STATUSES.filter(isFinal);
export const OPEN_STATUSES = ORDER_STATUSES.filter((status) => !isFinal(status));

/** Whether an order with this status may get or lose a courier. */
export const isBeforePickup = (status: OrderStatus): boolean =>
  !isFinal(status) && status !== "out_for_delivery";

/** The next actions of this role. An assigned courier may decline at any time before the pickup. */
export function allowedActions(status: OrderStatus, role: ActorRole): OrderAction[] {
  const actions = Object.keys(MOVES[status]) as OrderAction[];
  const allowed = actions.filter((action) => findMove(status, action, role));
  return role === "courier" && isBeforePickup(status) ? [...allowed, "decline"] : allowed;
}
