// Redis makes things fast and live, never true: whoever uses it says what happens without it. One that takes commands
// and answers none (stopped, swapping, cut off) is taken for one that is gone: the connection is given up, and until
// another one has been answered commands fail at once, so that only those under way have waited. What was sent before
// may still be done when it wakes.
import { Redis } from "ioredis";
import type { Log } from "../observe/log.ts";
import { outsideRequests } from "../observe/request-scope.ts";

export type { Redis } from "ioredis";

const COMMAND_TIMEOUT_MS = 500;
/** Longer than a busy process may leave unread what has come in: subscriptions are dear to make again. */
const SUBSCRIBER_SILENCE_MS = 2_500;
const RECONNECT_MAX_MS = 1_000;

function quiet(redis: Redis, log: Log, what: string): Redis {
  let down = false;
  const failed = (err: Error) => {
    if (!down) log.warn({ err, connection: what }, "Redis does not answer; continuing without it");
    down = true;
  };
  const ready = () => {
    if (down) log.info({ connection: what }, "Redis answers again");
    down = false;
  };
  redis.on("error", outsideRequests(failed));
  redis.on("ready", outsideRequests(ready));
  return redis;
}

const common = {
  connectTimeout: 1_000,
  retryStrategy: (attempt: number) => Math.min(attempt * 50, RECONNECT_MAX_MS),
};

/** For commands: while Redis is away they fail at once instead of queueing up. Without automatic pipelining, which
 * ends the process when a connection breaks in the middle of a batch (github.com/redis/ioredis/issues/1931). */
export const connectRedis = (url: string, log: Log): Redis =>
  quiet(
    new Redis(url, {
      ...common,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: COMMAND_TIMEOUT_MS,
      socketTimeout: COMMAND_TIMEOUT_MS,
    }),
    log,
    "commands",
  );

/** For subscriptions: they are kept over a reconnect. */
export const connectSubscriber = (url: string, log: Log): Redis =>
  quiet(
    new Redis(url, { ...common, maxRetriesPerRequest: null, socketTimeout: SUBSCRIBER_SILENCE_MS }),
    log,
    "subscriptions",
  );

/** The answer of Redis, or undefined when it gives none in time. */
export async function orUndefined<T>(command: Promise<T>): Promise<T | undefined> {
  try {
    return await command;
  } catch {
    return undefined;
  }
}
