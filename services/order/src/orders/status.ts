// The life of an order: who may make which move from where. This table is the only place that knows; the
// compiler sees to it that every status is in it.
import { ORDER_STATUSES, type OrderAction, type OrderStatus } from "@food/shared/contracts/order";

export type ActorRole = "customer" | "restaurant" | "courier" | "system";

export interface Move {
  to: OrderStatus;
  by: readonly ActorRole[];
}

export const MOVES = {
  pending: {
    accept: { to: "accepted", by: ["restaurant"] },
    reject: { to: "rejected", by: ["restaurant"] },
    prepare: { to: "preparing", by: ["restaurant"] },
    cancel: { to: "cancelled", by: ["customer", "system"] },
  },
  accepted: {
    prepare: { to: "preparing", by: ["restaurant"] },
    ready: { to: "ready", by: ["restaurant"] },
    cancel: { to: "cancelled", by: ["customer", "restaurant", "system"] },
  },
  preparing: {
    ready: { to: "ready", by: ["restaurant"] },
    cancel: { to: "cancelled", by: ["restaurant", "system"] },
  },
  ready: {
    pickup: { to: "out_for_delivery", by: ["courier"] },
    cancel: { to: "cancelled", by: ["restaurant", "system"] },
  },
  out_for_delivery: {
    deliver: { to: "delivered", by: ["courier"] },
    fail: { to: "delivery_failed", by: ["courier"] },
  },
  delivered: {},
  rejected: {},
  cancelled: {},
  delivery_failed: {},
} as const satisfies Record<OrderStatus, Partial<Record<OrderAction, Move>>>;

const movesFrom = (status: OrderStatus): Partial<Record<OrderAction, Move>> => MOVES[status];

/** The move this role may make, if it may. */
export function findMove(status: OrderStatus, action: OrderAction, role: ActorRole): Move | undefined {
  const move = movesFrom(status)[action];
  return move?.by.includes(role) ? move : undefined;
}

export const isFinal = (status: OrderStatus): boolean => Object.keys(MOVES[status]).length === 0;

/** Those of an order that has not ended. */
export const OPEN_STATUSES = ORDER_STATUSES.filter((status) => !isFinal(status));

/** Whether a courier may still be sought or given up for an order with this status. */
export const isBeforePickup = (status: OrderStatus): boolean =>
  !isFinal(status) && status !== "out_for_delivery";

/** What this role may do next. An assigned courier may always give the order back before picking it up. */
export function allowedActions(status: OrderStatus, role: ActorRole): OrderAction[] {
  const actions = Object.keys(MOVES[status]) as OrderAction[];
  const allowed = actions.filter((action) => findMove(status, action, role));
  return role === "courier" && isBeforePickup(status) ? [...allowed, "decline"] : allowed;
}
