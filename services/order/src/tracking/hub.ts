// One Redis subscription for each order that somebody on this replica follows, shared by all who do. While Redis is
// away, and now and then while it is not, MongoDB is asked whether something was missed.
import { type LiveNews, orderChannel } from "@food/shared/contracts/live";
import type { Log } from "@food/shared/log";
import { orNothing, type Redis } from "@food/shared/redis";
import { repeat } from "@food/shared/repeat";
import type { OrderStore } from "../orders/store.ts";

/** Either news as published, or the word that the order has at least this version now. */
export type Word = LiveNews | { kind: "version"; version: number };
export type Listener = (word: Word) => void;

export interface Hub {
  /** Resolves once nothing published from now on can be missed. Returns what ends it. */
  listen: (orderId: string, listener: Listener) => Promise<() => void>;
  /** Tells this replica's own followers at once, without the way through Redis. */
  tell: (orderId: string, news: LiveNews) => void;
  stop: () => Promise<void>;
}

/** A Redis that takes the connection and says nothing must not keep a follower waiting; the poll makes up for it. */
const SUBSCRIBE_MAX_MS = 500;
const POLL_MS = { withoutRedis: 1_000, withRedis: 10_000 };

/** Undefined for what is not ours: nothing that comes through Redis may bring the process down. */
function parsed(message: string): LiveNews | undefined {
  try {
    return JSON.parse(message) as LiveNews;
  } catch {
    return undefined;
  }
}

export function startHub(deps: { subscriber: Redis; orders: OrderStore; log: Log }): Hub {
  const { subscriber, orders, log } = deps;
  const listeners = new Map<string, Set<Listener>>();
  let polledAt = 0;

  const spread = (channel: string, word: Word) => {
    for (const listener of listeners.get(channel) ?? []) listener(word);
  };
  subscriber.on("message", (channel: string, message: string) => {
    const news = listeners.has(channel) && parsed(message);
    if (news) spread(channel, news);
  });

  // What was published while the connection was away has been missed.
  subscriber.on("ready", () => {
    polledAt = 0;
  });

  const poll = repeat("tracking poll", POLL_MS.withoutRedis, log, async () => {
    const dueMs = subscriber.status === "ready" ? POLL_MS.withRedis : 0;
    if (listeners.size === 0 || Date.now() - polledAt < dueMs) return;
    polledAt = Date.now();
    const orderIds = [...listeners.keys()].map((channel) => channel.slice(orderChannel("").length));
    for (const { _id, version } of await orders.versionsOf(orderIds))
      spread(orderChannel(_id), { kind: "version", version });
  });

  function leave(channel: string, listener: Listener) {
    const followers = listeners.get(channel);
    followers?.delete(listener);
    if (followers?.size !== 0) return;
    listeners.delete(channel);
    void orNothing(subscriber.unsubscribe(channel));
  }

  return {
    async listen(orderId, listener) {
      const channel = orderChannel(orderId);
      const followers = listeners.get(channel) ?? new Set();
      followers.add(listener);
      listeners.set(channel, followers);
      // Asking again for what is subscribed already is how a later follower waits for the first one's answer.
      const subscribed = orNothing(subscriber.subscribe(channel));
      if (subscriber.status === "ready") await Promise.race([subscribed, Bun.sleep(SUBSCRIBE_MAX_MS)]);
      return () => leave(channel, listener);
    },
    tell: (orderId, news) => spread(orderChannel(orderId), news),
    async stop() {
      await poll.stop();
      subscriber.disconnect();
    },
  };
}
