// The feeds of all orders with followers on this replica. They poll MongoDB for missed changes: often
// without Redis, rarely with it.

import { type LiveMessage, orderChannel } from "@food/shared/contracts/live";
import { startHub } from "@food/shared/live/hub";
import type { Log } from "@food/shared/observe/log";
import { inBackground } from "@food/shared/observe/request-scope";
import { batchLoader } from "@food/shared/process/batch-loader";
import { startTicker } from "@food/shared/process/ticker";
import type { Subscriber } from "@food/shared/storage/redis";
import {
  type Feed,
  type FeedsDeps,
  type Follower,
  newFeed,
  type ReadOrder,
  type VersionMessage,
} from "./feed.ts";
import type { FeedDeps } from "./feed-deps.ts";

export interface Feeds {
  /** The current order and its courier's position. Simultaneous reads share one query. */
  read: ReadOrder;
  /** Resolves when the subscription is active. `leave` ends it. */
  follow: (orderId: string, follower: Follower) => Promise<{ feed: Feed; leave: () => void }>;
  /** Notifies this replica's own followers directly, without Redis. */
  notify: (orderId: string, message: LiveMessage) => void;
  /** Whether the Redis subscription works now. */
  isLive: () => boolean;
  stop: () => Promise<void>;
}

interface OpenFeed {
  feed: ReturnType<typeof newFeed>;
  /** The turn in which this feed polls MongoDB while Redis works. */
  turn: number;
  listening: Promise<() => void>;
}

/** The pause varies by a fifth, so there is at least a second between two polls. */
const TICK_MS = 1_250;
const TURNS = 10;

export function startFeeds(deps: FeedDeps & { subscriber: Subscriber; log: Log }): Feeds {
  const { orders, live, log } = deps;
  const hub = startHub<LiveMessage | VersionMessage>(deps);
  const feeds = new Map<string, OpenFeed>();
  let opened = 0;
  let ticks = 0;
  /** Messages may have been lost while the Redis connection was down, */
  let missed = true;
  /** or those of these orders alone. */
  const missedOrders = new Set<string>();

  const read = batchLoader(async (orderIds: readonly string[]) => {
    const [found, reports] = await Promise.all([orders.findAll(orderIds), live.locationsOf(orderIds)]);
    const byId = new Map(found.map((order) => [order._id, order]));
    return orderIds.map((orderId, i) => ({ order: byId.get(orderId), report: reports[i] }));
  });

  const ticking = startTicker("tracking", TICK_MS, log, async () => {
    const asksAll = !hub.isLive() || missed;
    missed = false;
    const turn = ticks++ % TURNS;
    const asked = [...feeds].flatMap(([orderId, open]) =>
      asksAll || open.turn === turn || missedOrders.has(orderId) ? orderId : [],
    );
    missedOrders.clear();
    try {
      // Deliver versions before moving an estimate, or an older read would move it back.
      if (asked.length > 0) await askVersions(asked);
    } catch (error) {
      missed ||= asksAll;
      for (const orderId of asked) missedOrders.add(orderId);
      throw error;
    } finally {
      const now = new Date();
      for (const { feed } of feeds.values()) feed.tick(now);
    }
  });

  async function askVersions(orderIds: string[]) {
    const askedAt = Date.now();
    for (const { _id, estimatedDeliveryAt, ...message } of await orders.versionsOf(orderIds))
      feeds.get(_id)?.feed.receive({
        kind: "version",
        ...message,
        estimatedDeliveryAt: estimatedDeliveryAt.toISOString(),
        askedAt,
      });
  }

  const shared: FeedsDeps = {
    ...deps,
    read,
    linkChanged(isLive) {
      missed = true;
      if (isLive) ticking.wake();
    },
    missed(orderId) {
      missedOrders.add(orderId);
      ticking.wake();
    },
  };

  function open(orderId: string): OpenFeed {
    const feed = newFeed(orderId, shared);
    return { feed, turn: opened++ % TURNS, listening: hub.listen(orderChannel(orderId), feed) };
  }

  return {
    read,
    async follow(orderId, follower) {
      const one = feeds.get(orderId) ?? open(orderId);
      feeds.set(orderId, one);
      one.feed.followers.add(follower);
      await one.listening;
      return {
        feed: one.feed,
        leave() {
          if (!one.feed.followers.delete(follower) || one.feed.followers.size > 0) return;
          feeds.delete(orderId);
          inBackground(() => one.listening.then((leave) => leave()));
        },
      };
    },
    notify: (orderId, message) => hub.notify(orderChannel(orderId), message),
    isLive: hub.isLive,
    stop: async () => {
      await Promise.all([ticking.stop(), hub.stop()]);
    },
  };
}
