// Acts on orders whose deadline has passed, so no order stays open forever.
import type { Log } from "@food/shared/observe/log";
import { startTicker, type Ticker } from "@food/shared/process/ticker";
import { releaseCourier } from "../trips/release-courier.ts";
import { type ChangeDeps, changeOrder } from "./change-order.ts";
import { type Change, endingBeforePickup, type OrderDocument } from "./order.ts";
import type { Deadline } from "./store.ts";
import type { Terms } from "./terms.ts";

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

const untaken =
  (terms: Terms) =>
  (order: OrderDocument | null, now: Date): Change | undefined =>
    order?.pickupBy && order.pickupBy <= now && order.status === "ready"
      ? releaseCourier(order, { role: "system" }, now, terms, {
          reason: "pickup_timeout",
          declinedBy: order.courier?.courierId,
        })
      : undefined;

/** Cancels orders that the restaurant did not answer in time, or for which no courier was found in time.
 * Releases a courier who does not pick up ready food in time. */
export function startDeadlines(deps: ChangeDeps & { log: Log; everyMs: number; terms: Terms }): Ticker {
  const late: Record<Deadline, typeof unanswered> = {
    acceptBy: unanswered,
    assignBy: unassigned,
    pickupBy: untaken(deps.terms),
  };
  /** A failed change does not delay the other orders. Returns whether more late orders may remain. */
  async function act(deadline: Deadline, orderIds: string[]): Promise<boolean> {
    const failures: { orderId: string; err: unknown }[] = [];
    for (const orderId of orderIds)
      await changeOrder(deps, orderId, late[deadline]).catch((err) => failures.push({ orderId, err }));
    if (failures.length > 0)
      deps.log.warn(
        { ...failures[0], deadline, failures: failures.length },
        "Orders have outlived a deadline",
      );
    return orderIds.length === BATCH && failures.length < BATCH;
  }
  return startTicker("deadlines", deps.everyMs, deps.log, async (isStopped) => {
    let more: boolean;
    do {
      more = false;
      const overdue = await deps.orders.overdue(new Date(), BATCH);
      for (const deadline of Object.keys(late) as Deadline[])
        if (await act(deadline, overdue[deadline])) more = true;
    } while (more && !isStopped());
  });
}
