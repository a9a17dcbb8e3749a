// A courier's move is recorded in the delivery before its order is asked (act.ts). When the process dies before it stores the
// answer, the claim sweep asks what became of the order. While the order has not moved, it asks ever more rarely. A courier who
// does not wait for that, and tries something else, is refused by the order: then the delivery follows it at once.
import type { DeliveryStatus } from "@food/shared/contracts/delivery";
import type { Order, OrderStatus } from "@food/shared/contracts/order";
import { AppError } from "@food/shared/values/errors";
import type { TripDelivery } from "../trips/trip.ts";
import { applyProgress, type ProgressDeps, progressOf } from "./apply-progress.ts";

export interface SettleDeps extends ProgressDeps {
  /** The order as its courier sees it. Throws 404 when it is with another courier or none. */
  readOrder: (orderId: string, courierId: string) => Promise<Order>;
}

export type AskedDelivery = Pick<TripDelivery, "deliveryId" | "orderId" | "live" | "status" | "asked">;

/** Longer than a call to the order service takes, with its retry. */
const ANSWERED_WITHIN_MS = 10_000;
/** Also after a long outage of the order service. */
const WAIT_MAX_MS = 60_000;

/** What a delivery is once its order is this. */
const FOLLOWS: Partial<Record<OrderStatus, DeliveryStatus>> = {
  out_for_delivery: "picked_up",
  delivered: "delivered",
  delivery_failed: "failed",
};

/** Whether the order must be asked now: each wait is as long as all before it together, up to a minute. */
export function isUnsettled({ live, status, asked }: AskedDelivery, now: Date): boolean {
  if (!live || !asked || asked.to === status) return false;
  const askedForMs = asked.at.getTime() - asked.since.getTime();
  const waitMs = Math.min(WAIT_MAX_MS, Math.max(ANSWERED_WITHIN_MS, askedForMs));
  return now.getTime() - asked.at.getTime() >= waitMs;
}

/** Does nothing while another replica does the same. */
export async function settleMove(
  deps: SettleDeps,
  delivery: AskedDelivery,
  courierId: string,
  now: Date,
): Promise<void> {
  if (await deps.trips.askAgain(delivery, now)) await followOrder(deps, delivery, courierId);
}

/** For an order that has refused its courier with 409: lets the delivery follow it, if an earlier answer was lost. */
export async function settleRefused(
  deps: SettleDeps,
  delivery: AskedDelivery,
  courierId: string,
  { extras }: AppError,
): Promise<void> {
  const follows = FOLLOWS[extras.currentStatus as OrderStatus];
  // The sweep does what fails here.
  if (follows && follows !== delivery.status)
    await followOrder(deps, delivery, courierId).catch(() => undefined);
}

async function followOrder(
  deps: SettleDeps,
  { orderId, deliveryId }: AskedDelivery,
  courierId: string,
): Promise<void> {
  const order = await deps.readOrder(orderId, courierId).catch((error) => {
    // The order's outbox releases the delivery.
    if (error instanceof AppError && error.status === 404) return undefined;
    throw error;
  });
  const status = order && FOLLOWS[order.status];
  if (status) await applyProgress(deps, deliveryId, progressOf(order, status, order.reason));
}
