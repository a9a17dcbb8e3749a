// A courier has become free: the oldest order that waits within their reach is asked for at once, however many others
// wait elsewhere.
import { FreeCourier } from "@food/shared/contracts/delivery";
import type { Locks } from "@food/shared/storage/lock";
import { Value } from "@sinclair/typebox/value";
import { type AskDeps, askForCourier, LEASE_MS } from "./ask-for-courier.ts";

/** An order goes to whoever is nearest, and this courier may not be given every order: so some more are tried. */
const TRIES_MAX = 5;
/** All replicas hear the same news, and those who come too late for one may leave it to the one that is at it: that one
 * hears of the courier once more, too, if there is more to hear. */
const LOCK_MS = 2_000;

/** Undefined for what is no news of ours: nothing that comes through Redis may do harm. */
export function freeCourierIn(message: string): FreeCourier | undefined {
  try {
    const news: unknown = JSON.parse(message);
    return Value.Check(FreeCourier, news) ? news : undefined;
  } catch {
    return undefined;
  }
}

async function offerOrders(deps: AskDeps, courier: FreeCourier, isStopped: () => boolean): Promise<boolean> {
  const tried: string[] = [];
  while (tried.length < TRIES_MAX && !isStopped()) {
    const now = new Date();
    const until = new Date(now.getTime() + LEASE_MS);
    const order = await deps.orders.leaseNear(courier, tried, now, until);
    if (!order) return tried.length > 0;
    const answer = await askForCourier(deps, order);
    if (answer.outcome === "assigned" && answer.courier.courierId === courier.courierId) return true;
    if (answer.outcome !== "assigned" && answer.outcome !== "closed")
      await deps.orders.handBack(order._id, until, order.dispatchDueAt);
    if (answer.outcome === "none_free" || answer.outcome === "no_answer") return true;
    tried.push(order._id);
  }
  return true;
}

/** Returns when this courier has an order, or none was to be had; false when there was not even one to ask for. */
export async function matchFreeCourier(
  deps: AskDeps & { locks: Locks },
  courier: FreeCourier,
  isStopped: () => boolean,
): Promise<boolean> {
  const met = await deps.locks.withLock(`free-courier:${courier.courierId}`, LOCK_MS, () =>
    offerOrders(deps, courier, isStopped),
  );
  return met !== false;
}
