// Acts on orders whose deadline has passed, so no order stays open forever. Every process reads the deadlines of the next
// seconds, and sleeps until the first: those of orders of other processes, which may have died, and its own.
import type { Log } from "@food/shared/observe/log";
import { repeatedFailures } from "@food/shared/observe/repeated-failures";
import { startTicker } from "@food/shared/process/ticker";
import { releaseCourier } from "../trips/release-courier.ts";
import { type ChangeDeps, changeOrder } from "./change-order.ts";
import { type Change, endingBeforePickup, type OrderDocument } from "./order.ts";
import type { Deadline, DueOrder } from "./store.ts";
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

/** The deadline of each kind that this order has now. */
const deadlinesOf = ({ status, acceptBy, awaitingCourier, assignBy, pickupBy }: OrderDocument) => [
  ...(status === "pending" ? [acceptBy] : []),
  ...(awaitingCourier ? [assignBy] : []),
  ...(status === "ready" && pickupBy ? [pickupBy] : []),
];

/** Replicas see the same deadlines. The first of them acts. */
const SPREAD_MS = 100;
const RETRY_MS = 500;

export interface Deadlines {
  /** An order has changed here. */
  changed: (order: OrderDocument) => void;
  stop: () => Promise<void>;
}

/** Cancels orders that the restaurant did not answer in time, or for which no courier was found in time.
 * Releases a courier who does not pick up ready food in time. */
export function startDeadlines(deps: ChangeDeps & { log: Log; everyMs: number; terms: Terms }): Deadlines {
  const outages = repeatedFailures(deps.log);
  /** Longer than any pause between two runs. */
  const aheadMs = 2 * deps.everyMs;
  const late: Record<Deadline, typeof unanswered> = {
    acceptBy: unanswered,
    assignBy: unassigned,
    pickupBy: untaken(deps.terms),
  };

  const wakeAt = (deadlines: Date[]) => {
    const inMs = Math.min(...deadlines.map((at) => at.getTime())) - Date.now();
    if (inMs < aheadMs) ticker.wakeIn(Math.max(0, inMs) + Math.random() * SPREAD_MS);
  };

  /** A failed change does not delay the other orders. Returns whether more late orders may remain. */
  async function act(deadline: Deadline, due: DueOrder[], now: Date): Promise<boolean> {
    const failures: { orderId: string; err: unknown }[] = [];
    const overdue = due.filter(({ at }) => at <= now);
    for (const { orderId } of overdue)
      await changeOrder(deps, orderId, late[deadline]).catch((err) => failures.push({ orderId, err }));
    if (failures.length > 0) {
      ticker.wakeIn(RETRY_MS);
      outages.failed(
        deadline,
        { ...failures[0], deadline, failures: failures.length },
        "Orders have outlived a deadline",
      );
    }
    wakeAt(due.flatMap(({ at }) => (at > now ? at : [])));
    return overdue.length === BATCH && failures.length < BATCH;
  }

  const ticker = startTicker("deadlines", deps.everyMs, deps.log, async (isStopped) => {
    let more: boolean;
    do {
      more = false;
      const now = new Date();
      const due = await deps.orders.dueUntil(new Date(now.getTime() + aheadMs), BATCH).catch((error) => {
        ticker.wakeIn(RETRY_MS);
        throw error;
      });
      for (const deadline of Object.keys(late) as Deadline[])
        if (await act(deadline, due[deadline], now)) more = true;
    } while (more && !isStopped());
  });

  return { changed: (order) => wakeAt(deadlinesOf(order)), stop: ticker.stop };
}
