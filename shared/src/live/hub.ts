// One Redis subscription for each channel with listeners in this process. Messages published while Redis is away are lost:
// listeners are notified and read the database.
import type { Log } from "../observe/log.ts";
import { inBackground, outsideRequests } from "../observe/request-scope.ts";
import { startTicker } from "../process/ticker.ts";
import { orUndefined, type Subscriber } from "../storage/redis.ts";

export interface Listener<Message> {
  /** May get a message twice, from `notify` and through Redis: compare versions. Must not throw. */
  receive: (message: Message) => void;
  /** False once when Redis goes away or stops answering, true once when it is back: messages in between are lost.
   * Must not throw. */
  linkChanged?: (isLive: boolean) => void;
  /** Messages of this channel alone may be lost, although the link is live. Must not throw. */
  missed?: () => void;
}

export interface Hub<Message> {
  /** Whether messages from other processes arrive. */
  isLive: () => boolean;
  /** Each listener is one object. Resolves once the channel is subscribed. Without Redis resolves at once, and calls
   * `linkChanged` when the subscription exists. Returns a function that ends listening. */
  listen: (channel: string, listener: Listener<Message>) => Promise<() => void>;
  /** Notifies the listeners in this process at once, not through Redis. */
  notify: (channel: string, message: Message) => void;
  stop: () => Promise<void>;
}

interface Channel<Message> {
  listeners: Set<Listener<Message>>;
  subscribed: Promise<unknown>;
}

/** Subscribes to wanted channels and unsubscribes from the others, with one command each for all changes of an event-loop
 * turn. */
function subscriptionsOf(subscriber: Subscriber, isWanted: (name: string) => boolean) {
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
  /** Resolves once the channel's subscription is up to date. */
  return (name: string): Promise<unknown> => {
    if (touched.size === 0) flushed = flush();
    touched.add(name);
    return flushed;
  };
}

/** A listener waits no longer than this for a Redis that does not answer. */
const SUBSCRIBE_MAX_MS = 500;
const CHECK_EVERY_MS = 1_000;
const PING_TIMEOUT_MS = 1_000;

/** Undefined for text that is not JSON: no message may crash the process. */
function parsed<Message>(text: string): Message | undefined {
  try {
    return (JSON.parse(text) as Message) ?? undefined;
  } catch {
    return undefined;
  }
}

/** Two sleeps, so that a process that was busy reads its input before the timeout. */
const timeout = async () => {
  await Bun.sleep(PING_TIMEOUT_MS / 2);
  await Bun.sleep(PING_TIMEOUT_MS / 2);
  return false;
};

/** Each message is one JSON text, parsed once for all listeners. */
export function startHub<Message>({ subscriber, log }: { subscriber: Subscriber; log: Log }): Hub<Message> {
  const channels = new Map<string, Channel<Message>>();
  const settle = subscriptionsOf(subscriber, (name) => channels.has(name));
  let live = false;

  const notify = (name: string, message: Message) => {
    for (const listener of channels.get(name)?.listeners ?? []) listener.receive(message);
  };
  const receive = (name: string, text: string) => {
    const message = channels.has(name) ? parsed<Message>(text) : undefined;
    if (message !== undefined) notify(name, message);
  };
  subscriber.on("message", outsideRequests(receive));

  const setLive = (isLive: boolean) => {
    if (live === isLive) return;
    live = isLive;
    for (const { listeners } of channels.values())
      for (const listener of listeners) listener.linkChanged?.(isLive);
  };
  // The ping uses the subscriptions' connection, so its answer comes after earlier subscriptions are confirmed.
  const answers = () =>
    Promise.race([
      subscriber.ping().then(
        () => true,
        () => false,
      ),
      timeout(),
    ]);
  const linkCheck = startTicker("live link check", CHECK_EVERY_MS, log, async () =>
    setLive(subscriber.status === "ready" && (await answers())),
  );
  const reconnected = outsideRequests(() => linkCheck.wake());
  const lost = outsideRequests(() => setLive(false));
  const missed = (names: string[]) => {
    for (const name of names) for (const listener of channels.get(name)?.listeners ?? []) listener.missed?.();
  };
  subscriber.on("ready", reconnected);
  subscriber.on("close", lost);
  subscriber.on("resubscribed", outsideRequests(missed));

  function leave(name: string, listener: Listener<Message>) {
    const channel = channels.get(name);
    if (!channel?.listeners.delete(listener) || channel.listeners.size > 0) return;
    channels.delete(name);
    inBackground(() => settle(name));
  }

  return {
    isLive: () => live,
    async listen(name, listener) {
      const channel = channels.get(name) ?? {
        listeners: new Set(),
        subscribed: settle(name),
      };
      channel.listeners.add(listener);
      channels.set(name, channel);
      if (subscriber.status === "ready") {
        const subscribed = channel.subscribed.then(() => true);
        const isInTime = await Promise.race([subscribed, Bun.sleep(SUBSCRIBE_MAX_MS)]);
        if (!isInTime) inBackground(() => subscribed.then(() => live && listener.linkChanged?.(true)));
      }
      return () => leave(name, listener);
    },
    notify,
    async stop() {
      subscriber.off("close", lost);
      subscriber.disconnect();
      await linkCheck.stop();
    },
  };
}
