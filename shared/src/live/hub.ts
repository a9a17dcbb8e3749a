// One Redis subscription for each channel that somebody in this process listens to, shared by all who do and gone
// with the last of them. What is published while Redis is away or silent is lost: listeners are told, and ask
// whoever has the truth.
import type { Log } from "../observe/log.ts";
import { inBackground, outsideRequests } from "../observe/request-scope.ts";
import { startTicker } from "../process/ticker.ts";
import { orUndefined, type Redis } from "../storage/redis.ts";

export interface Listener<News> {
  /** Hears the same news twice when it was told here and published too: compare sequences. Must not throw. */
  receive: (news: News) => void;
  /** False once when Redis goes or falls silent, true once when it is back: what came between has been missed.
   * Must not throw. */
  linkChanged?: (isLive: boolean) => void;
}

export interface Hub<News> {
  /** Whether what other processes publish arrives here. */
  isLive: () => boolean;
  /** Resolves once nothing published from now on can be missed, or at once while that cannot be had: the listener is
   * told that the link is live when it can. Returns what ends it. */
  listen: (channel: string, listener: Listener<News>) => Promise<() => void>;
  /** Tells this process's own listeners at once, without the way through Redis. */
  notify: (channel: string, news: News) => void;
  stop: () => Promise<void>;
}

interface Channel<News> {
  listeners: Set<Listener<News>>;
  subscribed: Promise<unknown>;
}

/** Subscribes to what is listened to, and unsubscribes from what is not any more, in one command each for all that
 * came up meanwhile. */
function subscriptionsOf(subscriber: Redis, isWanted: (name: string) => boolean) {
  let touched = new Set<string>();
  let flushed: Promise<unknown> = Promise.resolve();

  async function flush() {
    await new Promise(setImmediate);
    const names = [...touched];
    touched = new Set();
    const wanted = names.filter(isWanted);
    const unwanted = names.filter((name) => !isWanted(name));
    if (unwanted.length > 0) inBackground(() => orUndefined(subscriber.unsubscribe(...unwanted)));
    if (wanted.length > 0) await orUndefined(subscriber.subscribe(...wanted));
  }
  /** Resolves once the subscription to this channel is as it should be. */
  return (name: string): Promise<unknown> => {
    if (touched.size === 0) flushed = flush();
    touched.add(name);
    return flushed;
  };
}

/** A Redis that takes the connection and says nothing must not keep a listener waiting. */
const SUBSCRIBE_MAX_MS = 500;
const CHECK_EVERY_MS = 1_000;
const ANSWER_MAX_MS = 1_000;

/** Undefined for what is not ours: nothing that comes through Redis may bring the process down. */
function parsed<News>(message: string): News | undefined {
  try {
    return (JSON.parse(message) as News) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Waits in two steps, so that a process that was busy itself reads what has come in before the second is over. */
const patience = async () => {
  await Bun.sleep(ANSWER_MAX_MS / 2);
  await Bun.sleep(ANSWER_MAX_MS / 2);
  return false;
};

/** The news on every channel is one JSON text, parsed once for all listeners. */
export function startHub<News>({ subscriber, log }: { subscriber: Redis; log: Log }): Hub<News> {
  const channels = new Map<string, Channel<News>>();
  const settle = subscriptionsOf(subscriber, (name) => channels.has(name));
  let live = false;

  const notify = (name: string, news: News) => {
    for (const listener of channels.get(name)?.listeners ?? []) listener.receive(news);
  };
  const heard = (name: string, message: string) => {
    const news = channels.has(name) ? parsed<News>(message) : undefined;
    if (news !== undefined) notify(name, news);
  };
  subscriber.on("message", outsideRequests(heard));

  const becomes = (isLive: boolean) => {
    if (live === isLive) return;
    live = isLive;
    for (const { listeners } of channels.values())
      for (const listener of listeners) listener.linkChanged?.(isLive);
  };
  // The answer comes over the connection of the subscriptions, after those that were made before it.
  const answers = () =>
    Promise.race([
      subscriber.ping().then(
        () => true,
        () => false,
      ),
      patience(),
    ]);
  const watch = startTicker("news link", CHECK_EVERY_MS, log, async () =>
    becomes(subscriber.status === "ready" && (await answers())),
  );
  const reconnected = outsideRequests(() => watch.wake());
  const lost = outsideRequests(() => becomes(false));
  subscriber.on("ready", reconnected);
  subscriber.on("close", lost);

  function leave(name: string, listener: Listener<News>) {
    const channel = channels.get(name);
    if (!channel?.listeners.delete(listener) || channel.listeners.size > 0) return;
    channels.delete(name);
    inBackground(() => settle(name));
  }

  return {
    isLive: () => live,
    async listen(name, listener) {
      const own = { ...listener };
      const channel = channels.get(name) ?? {
        listeners: new Set(),
        subscribed: settle(name),
      };
      channel.listeners.add(own);
      channels.set(name, channel);
      if (subscriber.status === "ready") {
        const subscribed = channel.subscribed.then(() => true);
        const isInTime = await Promise.race([subscribed, Bun.sleep(SUBSCRIBE_MAX_MS)]);
        if (!isInTime) inBackground(() => subscribed.then(() => live && own.linkChanged?.(true)));
      }
      return () => leave(name, own);
    },
    notify,
    async stop() {
      subscriber.off("close", lost);
      subscriber.disconnect();
      await watch.stop();
    },
  };
}
