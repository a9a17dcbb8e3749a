// Deadlines that act: nothing stays pending because nobody looked.
import type { Log } from "@food/shared/log";
import { type Repeating, repeat } from "@food/shared/repeat";
import { type ChangeDeps, changeOrder } from "./change-order.ts";
import { type Change, endingBeforePickup, type OrderDocument } from "./order.ts";

const BATCH = 100;

function cancelledBySystem(order: OrderDocument, reason: string): Change {
  const ending = endingBeforePickup(order, reason);
  const set = { ...ending.set, reason };
  return { type: "cancelled", status: "cancelled", actor: { role: "system" }, reason, ...ending, set };
}

const unanswered = (order: OrderDocument | null, now: Date) =>
  order?.status === "pending" && order.acceptBy <= now
    ? cancelledBySystem(order, "acceptance_timeout")
    : undefined;

const unassigned = (order: OrderDocument | null, now: Date) =>
  order?.awaitingCourier && order.assignBy <= now ? cancelledBySystem(order, "no_courier") : undefined;

/** Cancels orders that the restaurant has not answered, or for which no courier was found, in time. */
export const startDeadlines = (deps: ChangeDeps & { log: Log; everyMs: number }): Repeating =>
  repeat("deadlines", deps.everyMs, deps.log, async () => {
    const overdue = await deps.orders.overdue(new Date(), BATCH);
    for (const orderId of overdue.unanswered) await changeOrder(deps, orderId, unanswered);
    for (const orderId of overdue.unassigned) await changeOrder(deps, orderId, unassigned);
  });
