// One question for one order, under a lease: the delivery service is asked for a courier, and what it says is written
// down. Assigning is idempotent by delivery, so a lease that runs out, or a process that dies in the middle, only means
// that somebody asks the same question again.
import type { AssignOutcome } from "@food/shared/contracts/delivery";
import type { Log } from "@food/shared/observe/log";
import type { Deliveries } from "../clients/deliveries.ts";
import { type ChangeDeps, changeOrder } from "../orders/change-order.ts";
import { deliveryIdOf } from "../orders/delivery-id.ts";
import { type Change, dropoffOf, type OrderDocument, pickupTimes } from "../orders/order.ts";
import type { Terms } from "../orders/terms.ts";

export interface AskDeps extends ChangeDeps {
  deliveries: Deliveries;
  log: Log;
  terms: Terms;
}

export type Answer = AssignOutcome | { outcome: "no_answer" };

export const LEASE_MS = 5_000;

/** Writes the courier down, unless the order has ended or gone into another round meanwhile. The delivery is told where
 * the order stands unless it has just said that it knows. */
const assigned =
  ({ deliveryId, courier, orderVersion }: Extract<AssignOutcome, { outcome: "assigned" }>, terms: Terms) =>
  (order: OrderDocument | null, now: Date): Change | undefined => {
    if (!order?.awaitingCourier || order.deliveryId !== deliveryId) return undefined;
    const ready = order.status === "ready";
    const isKnown = orderVersion === order.version && !ready;
    return {
      type: "courier_assigned",
      status: order.status,
      actor: { role: "system" },
      deliveryId,
      set: { courier, awaitingCourier: false, ...(ready && pickupTimes(now, terms)) },
      unset: ["leasedUntil"],
      ...(!isKnown && {
        inform: {
          status: "assigned",
          ready,
          ...(order.readyAt && { readyAt: order.readyAt.toISOString() }),
        },
      }),
    };
  };

/** The round is over on the other side: the next one begins. */
const nextRound =
  (deliveryId: string) =>
  (order: OrderDocument | null, now: Date): Change | undefined => {
    if (!order?.awaitingCourier || order.deliveryId !== deliveryId) return undefined;
    const round = order.round + 1;
    return {
      type: "courier_released",
      status: order.status,
      actor: { role: "system" },
      deliveryId,
      set: { round, deliveryId: deliveryIdOf(order._id, round), dispatchDueAt: now, dispatchTries: 0 },
      unset: ["leasedUntil"],
    };
  };

/** Unless the order has got a courier, or another round, its lease is the caller's to hand back. */
export async function askForCourier(deps: AskDeps, order: OrderDocument): Promise<Answer> {
  try {
    const answer = await deps.deliveries.assign(order.deliveryId, {
      orderId: order._id,
      pickup: { name: order.restaurantName, address: order.restaurantAddress },
      dropoff: dropoffOf(order),
      orderVersion: order.version,
      ...(order.readyAt && { readyAt: order.readyAt.toISOString() }),
    });
    if (answer.outcome === "assigned")
      await changeOrder(deps, order._id, assigned(answer, deps.terms), order);
    if (answer.outcome === "closed") await changeOrder(deps, order._id, nextRound(order.deliveryId), order);
    return answer;
  } catch (err) {
    deps.log.warn({ err, orderId: order._id }, "No courier could be asked for");
    return { outcome: "no_answer" };
  }
}
