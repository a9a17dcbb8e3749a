// Event streams of an owner's open items: a snapshot, then every item that is added, changes or ends. All followers of one
// owner in this process share one subscription and one read.
import { bulkhead } from "cockatiel";
import type { Log } from "../observe/log.ts";
import { inBackground, inThisRequest } from "../observe/request-scope.ts";
import { startTicker } from "../process/ticker.ts";
import type { Subscriber } from "../storage/redis.ts";
import { startHub } from "./hub.ts";
import { type ItemChange, newOwnerFeed, type OwnerFeed, type OwnerFeedOptions } from "./owner-feed.ts";
import { type EventStreamDeps, eventStream, type Frame, type StreamCaller } from "./sse.ts";

export interface OwnerStreams {
  /** Subscribes, then reads, then streams. Throws the read's error, and 429 or 503 when too many streams are open. */
  follow: (owner: StreamCaller) => Promise<Response>;
  /** Notifies the followers in this process at once, not through Redis. */
  notify: (ownerId: string, change: ItemChange) => void;
  stop: () => Promise<void>;
}

export interface OwnerStreamsOptions extends EventStreamDeps, Omit<OwnerFeedOptions, "isLinked"> {
  subscriber: Subscriber;
  log: Log;
  channelOf: (ownerId: string) => string;
}

interface OpenFeed {
  feed: OwnerFeed;
  /** The tick, of `TURNS`, in which the feed is read again in case a message was lost. */
  turn: number;
  listening: Promise<() => void>;
}

/** At least a second between two ticks, as the pause varies by 20 %. */
const TICK_MS = 1_250;
const TURNS = 10;
/** When Redis is back all feeds read at once. The limit leaves room for other reads. */
const READINGS_MAX = 16;

export function startOwnerStreams(options: OwnerStreamsOptions): OwnerStreams {
  const { channelOf, log } = options;
  const hub = startHub<ItemChange>(options);
  const feeds = new Map<string, OpenFeed>();
  const readings = bulkhead(READINGS_MAX, Infinity);
  const feedOptions: OwnerFeedOptions = {
    ...options,
    isLinked: hub.isLive,
    readChanged: (ownerId, known) =>
      readings.execute(inThisRequest(() => options.readChanged(ownerId, known))),
  };
  let opened = 0;
  let ticks = 0;

  const ticking = startTicker("owner streams", TICK_MS, log, async () => {
    const turn = ticks++ % TURNS;
    const due = [...feeds.values()].filter(
      (open) => !hub.isLive() || open.turn === turn || open.feed.isBehind(),
    );
    await Promise.allSettled(due.map(({ feed }) => feed.catchUp()));
  });

  function open(ownerId: string): OpenFeed {
    const feed = newOwnerFeed(ownerId, feedOptions);
    const one = { feed, turn: opened++ % TURNS, listening: hub.listen(channelOf(ownerId), feed) };
    feeds.set(ownerId, one);
    return one;
  }

  function join(ownerId: string, follower: (frame: Frame) => void) {
    const { feed, listening } = feeds.get(ownerId) ?? open(ownerId);
    feed.followers.add(follower);
    const leave = () => {
      if (!feed.followers.delete(follower) || feed.followers.size > 0) return;
      feeds.delete(ownerId);
      inBackground(() => listening.then((stopListening) => stopListening()));
    };
    return { feed, listening, leave };
  }

  return {
    async follow(owner) {
      // The snapshot contains the changes of frames that come before it.
      let receive: (frame: Frame) => void = () => undefined;
      const { feed, listening, leave } = join(owner.id, (frame) => receive(frame));
      try {
        await listening;
        await feed.catchUp();
        return eventStream(options, owner, (sink) => {
          for (const frame of feed.beginning()) sink.send(frame);
          receive = (frame) => sink.send(frame);
          return leave;
        });
      } catch (error) {
        leave();
        throw error;
      }
    },
    notify: (ownerId, change) => hub.notify(channelOf(ownerId), change),
    stop: async () => {
      await Promise.all([ticking.stop(), hub.stop()]);
    },
  };
}
