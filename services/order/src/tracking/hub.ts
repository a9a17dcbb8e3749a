// News of orders for their followers. While Redis is away, and now and then while it is not, MongoDB is asked whether
// something was missed.
import { type LiveNews, orderChannel } from "@food/shared/contracts/live";
import { startHub } from "@food/shared/hub";
import type { Log } from "@food/shared/log";
import type { Redis } from "@food/shared/redis";
import { repeat } from "@food/shared/repeat";
import type { OrderStore } from "../orders/store.ts";

/** Either news as published, or the word that the order has at least this version now. */
export type Word = LiveNews | { kind: "version"; version: number };
export type Listener = (word: Word) => void;

export interface OrderHub {
  /** Resolves once nothing published from now on can be missed. Returns what ends it. */
  listen: (orderId: string, listener: Listener) => Promise<() => void>;
  /** Tells this replica's own followers at once, without the way through Redis. */
  tell: (orderId: string, news: LiveNews) => void;
  stop: () => Promise<void>;
}

const POLL_MS = { withoutRedis: 1_000, withRedis: 10_000 };

export function startOrderHub(deps: { subscriber: Redis; orders: OrderStore; log: Log }): OrderHub {
  const { orders, log } = deps;
  const hub = startHub<Word>(deps);
  let polledAt = 0;
  let wasLive = false;

  const poll = repeat("tracking poll", POLL_MS.withoutRedis, log, async () => {
    // What was published while Redis was away has been missed.
    const isBack = hub.isLive() && !wasLive;
    wasLive = hub.isLive();
    const channels = hub.channels();
    const dueMs = wasLive && !isBack ? POLL_MS.withRedis : 0;
    if (channels.length === 0 || Date.now() - polledAt < dueMs) return;
    polledAt = Date.now();
    const orderIds = channels.map((channel) => channel.slice(orderChannel("").length));
    for (const { _id, version } of await orders.versionsOf(orderIds))
      hub.tell(orderChannel(_id), { kind: "version", version });
  });

  return {
    listen: (orderId, hear) => hub.listen(orderChannel(orderId), { hear }),
    tell: (orderId, news) => hub.tell(orderChannel(orderId), news),
    stop: async () => {
      await Promise.all([poll.stop(), hub.stop()]);
    },
  };
}
