import { globMatcher } from "./arguments.ts";
import type { Reply } from "./resp.ts";

export type Subscriber = {
  channels: Set<string>;
  patterns: Map<string, (channel: string) => boolean>;
  push(message: Reply[]): void;
};

export class PubSub {
  readonly #subscribers = new Set<Subscriber>();

  join(push: Subscriber["push"]): Subscriber {
    const subscriber: Subscriber = { channels: new Set(), patterns: new Map(), push };
    this.#subscribers.add(subscriber);
    return subscriber;
  }

  leave(subscriber: Subscriber) {
    this.#subscribers.delete(subscriber);
  }

  /** Returns how many received it. */
  publish(channel: string, message: string): number {
    let receivers = 0;
    for (const { channels, patterns, push } of this.#subscribers) {
      if (channels.has(channel)) {
        push(["message", channel, message]);
        receivers += 1;
      }
      for (const [pattern, matches] of patterns) {
        if (!matches(channel)) continue;
        push(["pmessage", pattern, channel, message]);
        receivers += 1;
      }
    }
    return receivers;
  }

  /** PUBSUB CHANNELS, NUMSUB and NUMPAT. */
  describe(question: string, args: string[]): Reply | undefined {
    const all = [...this.#subscribers];
    const channels = new Set(all.flatMap((subscriber) => [...subscriber.channels]));
    if (question === "channels") return [...channels].filter(globMatcher(args[0] ?? "*"));
    if (question === "numpat") return new Set(all.flatMap(({ patterns }) => [...patterns.keys()])).size;
    if (question !== "numsub") return undefined;
    return args.flatMap((name): Reply[] => [name, all.filter((one) => one.channels.has(name)).length]);
  }
}

/** Subscribes to one name, or ends it, and returns the answer Redis gives for it. */
export function changeSubscription(
  subscriber: Subscriber,
  verb: "subscribe" | "unsubscribe" | "psubscribe" | "punsubscribe",
  name: string | null,
): Reply[] {
  if (name !== null) {
    if (verb === "subscribe") subscriber.channels.add(name);
    else if (verb === "psubscribe") subscriber.patterns.set(name, globMatcher(name));
    else (verb === "unsubscribe" ? subscriber.channels : subscriber.patterns).delete(name);
  }
  return [verb, name, subscriber.channels.size + subscriber.patterns.size];
}
