// Finds couriers for orders that have none: oldest first, each order leased by a conditional update so that no two
// dispatchers are at the same one. Assigning is idempotent by delivery, so a lease that runs out, or a process that
// dies in the middle, only means that somebody asks the same question again.
import type { AssignOutcome } from "@food/shared/contracts/delivery";
import type { Log } from "@food/shared/log";
import { type Repeating, repeat } from "@food/shared/repeat";
import type { Deliveries } from "../neighbours/deliveries.ts";
import { type ChangeDeps, changeOrder } from "../orders/change-order.ts";
import { deliveryIdOf } from "../orders/delivery-id.ts";
import { type Change, type OrderDocument, pickupTimes, type Terms } from "../orders/order.ts";

export interface DispatchDeps extends ChangeDeps {
  deliveries: Deliveries;
  log: Log;
  everyMs: number;
  terms: Terms;
}

const LEASE_MS = 5_000;
/** Orders taken in a row before the round ends. */
const BATCH = 100;
const NONE_SUITABLE_PAUSE_MS = 600;
const FAILURE_PAUSE_MS = 2_000;

const jittered = (ms: number) => ms * (0.8 + 0.4 * Math.random());

/** Writes the courier down, unless the order has ended or gone into another round meanwhile. */
const assigned =
  ({ deliveryId, courier }: Extract<AssignOutcome, { outcome: "assigned" }>, terms: Terms) =>
  (order: OrderDocument | null, now: Date): Change | undefined => {
    if (!order?.awaitingCourier || order.deliveryId !== deliveryId) return undefined;
    return {
      type: "courier_assigned",
      status: order.status,
      actor: { role: "system" },
      deliveryId,
      set: { courier, awaitingCourier: false, ...(order.status === "ready" && pickupTimes(now, terms)) },
      inform: {
        status: "assigned",
        ready: order.status === "ready",
        ...(order.readyAt && { readyAt: order.readyAt.toISOString() }),
      },
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
      set: { round, deliveryId: deliveryIdOf(order._id, round), dispatchDueAt: now },
    };
  };

/** True when it makes sense to go on with the next order. */
async function dispatchOne(
  deps: DispatchDeps,
  order: OrderDocument,
  leasedUntil: Date,
  wakeIn: (pauseMs: number) => void,
): Promise<boolean> {
  const { orders, deliveries, log } = deps;
  const handBack = async (mostMs: number) => {
    const pauseMs = jittered(mostMs);
    await orders.postpone(order._id, leasedUntil, new Date(Date.now() + pauseMs));
    if (pauseMs > 0) wakeIn(pauseMs);
  };
  try {
    const outcome = await deliveries.assign(order.deliveryId, {
      orderId: order._id,
      pickup: { name: order.restaurantName, address: order.restaurantAddress },
      dropoff: { address: withoutLabel(order.deliveryAddress) },
      orderVersion: order.version,
      ...(order.readyAt && { readyAt: order.readyAt.toISOString() }),
    });
    if (outcome.outcome === "assigned") await changeOrder(deps, order._id, assigned(outcome, deps.terms));
    else if (outcome.outcome === "closed") await changeOrder(deps, order._id, nextRound(order.deliveryId));
    else await handBack(outcome.outcome === "none_free" ? 0 : NONE_SUITABLE_PAUSE_MS);
    return outcome.outcome !== "none_free";
  } catch (err) {
    log.warn({ err, orderId: order._id }, "No courier could be asked for");
    await handBack(FAILURE_PAUSE_MS);
    return false;
  }
}

const withoutLabel = ({ label: _, ...address }: OrderDocument["deliveryAddress"]) => address;

/** Runs until it is stopped; `wake` it when an order or a courier has come. A round that has taken its share goes on
 * from there in the next one, so that many orders which suit nobody cannot keep those behind them waiting. */
export function startDispatcher(deps: DispatchDeps): Repeating {
  let stopped = false;
  let position: Date | undefined;
  let alarm: ReturnType<typeof setTimeout> | undefined;

  const wakeIn = (pauseMs: number) => {
    alarm ??= setTimeout(() => {
      alarm = undefined;
      rounds.wake();
    }, pauseMs);
  };

  const rounds = repeat("dispatch", deps.everyMs, deps.log, async () => {
    for (let taken = 0; taken < BATCH && !stopped; taken++) {
      const now = new Date();
      const leasedUntil = new Date(now.getTime() + LEASE_MS);
      const order = await deps.orders.leaseAwaiting(now, leasedUntil, position);
      const goOn = order !== null && (await dispatchOne(deps, order, leasedUntil, wakeIn));
      if (!goOn) {
        if (position) wakeIn(0);
        position = undefined;
        return;
      }
      position = order.placedAt;
    }
    rounds.wake();
  });

  return {
    wake: rounds.wake,
    stop: () => {
      stopped = true;
      clearTimeout(alarm);
      return rounds.stop();
    },
  };
}
