// Finds couriers for orders that have none. An order is asked for when it is placed, and again after pauses that grow; and
// whenever a courier becomes free, the oldest order within their reach is asked for at once, so that what is done is in
// proportion to who can be served and not to how many wait. Who has become free comes as news through Redis, and every
// `everyMs` from the delivery service itself, which is all there is without Redis and mends what news has missed. The
// pauses need not be short, then: they only find what nobody tells of, a courier who has come nearer without a word.
//
// Every question is asked under a lease on its order (a conditional update), so that no two dispatchers are at one order.
import type { FreeCourier } from "@food/shared/contracts/delivery";
import { outsideRequests } from "@food/shared/observe/request-scope";
import { startTicker, type Ticker } from "@food/shared/process/ticker";
import { workerPool } from "@food/shared/process/worker-pool";
import type { Locks } from "@food/shared/storage/lock";
import { type AskDeps, askForCourier, LEASE_MS } from "./ask-for-courier.ts";
import { matchFreeCourier } from "./match-free-courier.ts";

export interface DispatchDeps extends AskDeps {
  locks: Locks;
  everyMs: number;
}

export interface Dispatcher extends Ticker {
  /** Finds an order for a courier who has become free. */
  offer: (courier: FreeCourier) => void;
  /** Asks who is free, since news may have been missed. */
  lookAround: () => void;
}

interface Offer {
  courier: FreeCourier;
  /** Not before this time of `performance.now()`. */
  from: number;
  /** Whether to look once more soon when nothing is found. */
  comesBack: boolean;
}

/** Questions that are due, and free couriers, that a process is at at once: so many of each. */
const AT_ONCE = 6;
/** Free couriers who wait for their turn; those beyond are heard of again when the delivery service is asked. */
const OFFERED_MAX = 500;
const PAUSE_MS = { first: 600, most: 20_000, unanswered: 2_000 };
/** An order that was just being asked for when a courier became free is offered to them soon after. */
const AFTER_NEWS_MS = 250;

const jittered = (ms: number) => ms * (0.8 + 0.4 * Math.random());
const pauseAfter = (tries: number) => jittered(Math.min(PAUSE_MS.most, PAUSE_MS.first * 2 ** tries));

const ALARM_SLOT_MS = 50;

/** Calls `wake` when each of the times that were given has come, once for those that fall into one slot. */
function alarm(wake: () => void) {
  const timers = new Map<number, ReturnType<typeof setTimeout>>();
  return {
    within(ms: number) {
      const now = performance.now();
      const slot = Math.ceil((now + ms) / ALARM_SLOT_MS);
      if (timers.has(slot)) return;
      const ring = () => {
        timers.delete(slot);
        wake();
      };
      // A timer may ring a little early.
      timers.set(slot, setTimeout(outsideRequests(ring), slot * ALARM_SLOT_MS - now + 1));
    },
    stop() {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
}

/** Runs until it is stopped; `wake` it when an order has come. */
export function startDispatcher(deps: DispatchDeps): Dispatcher {
  const { orders, deliveries, locks, log, everyMs } = deps;
  const offered = new Map<string, Offer>();
  /** Couriers for whom an order is being looked for. Whoever is heard of again meanwhile, having been busy in between, has
   * their turn afterwards. */
  const matching = new Set<string>();
  let stopped = false;
  const asking: AskDeps = {
    ...deps,
    deliveries: {
      ...deliveries,
      async assign(deliveryId, request) {
        const answer = await deliveries.assign(deliveryId, request);
        // At once: when they are heard of next, they have become free again.
        if (answer.outcome === "assigned") offered.delete(answer.courier.courierId);
        return answer;
      },
    },
  };

  const nextOffer = () =>
    offered
      .values()
      .find(({ courier, from }) => from <= performance.now() && !matching.has(courier.courierId));
  const offers = workerPool("free couriers", { atOnce: AT_ONCE, everyMs, log }, async (callHelp) => {
    const next = nextOffer();
    if (!next) return false;
    const { courier } = next;
    const { courierId } = courier;
    offered.delete(courierId);
    matching.add(courierId);
    callHelp();
    const met = await matchFreeCourier({ ...asking, locks }, courier, () => stopped).finally(() =>
      matching.delete(courierId),
    );
    if (!met && next.comesBack && !offered.has(courierId)) offer(courier, false, AFTER_NEWS_MS);
    return true;
  });
  function offer(courier: FreeCourier, comesBack: boolean, inMs = 0) {
    if (offered.size < OFFERED_MAX)
      offered.set(courier.courierId, { courier, from: performance.now() + inMs, comesBack });
    if (inMs > 0) later.within(inMs);
    else offers.wake();
  }
  const later = alarm(offers.wake);

  /** Asks for the order that has been due for longest; false when there is none, or no use in asking for the next. */
  const due = workerPool("dispatch", { atOnce: AT_ONCE, everyMs, log }, async (callHelp) => {
    const now = new Date();
    const until = new Date(now.getTime() + LEASE_MS);
    const order = await orders.leaseDue(now, until);
    if (!order) return false;
    const handBack = (dueAt: Date, tries?: number) => orders.handBack(order._id, until, dueAt, tries);
    const { outcome } = await askForCourier(asking, order);
    if (outcome === "none_suitable") {
      const tries = order.dispatchTries ?? 0;
      const pauseMs = pauseAfter(tries);
      await handBack(new Date(Date.now() + pauseMs), tries + 1);
      soon.within(pauseMs);
    }
    if (outcome === "none_free") await handBack(order.dispatchDueAt);
    if (outcome === "no_answer") await handBack(new Date(Date.now() + jittered(PAUSE_MS.unanswered)));
    // Before the answer nobody knows whether there is any use in asking for others too.
    const useful = outcome !== "none_free" && outcome !== "no_answer";
    if (useful) callHelp();
    return useful;
  });
  const soon = alarm(due.wake);

  const lookingAround = startTicker("couriers just freed", everyMs, log, async () => {
    if (await orders.anyAwaiting())
      for (const courier of await deliveries.freeCouriers()) offer(courier, false);
  });

  return {
    wake: due.wake,
    offer: (courier) => offer(courier, true),
    lookAround: lookingAround.wake,
    async stop() {
      stopped = true;
      soon.stop();
      later.stop();
      await Promise.all([lookingAround.stop(), offers.stop(), due.stop()]);
    },
  };
}
