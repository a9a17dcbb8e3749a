// Redis makes the platform fast and live, and every use of it works without it. A Redis that accepts commands and does not
// answer (stopped, swapping, cut off) counts as gone: the connection closes, and commands fail at once until a new
// connection gets an answer. A paused Redis may still execute commands that it received before.
import { Redis } from "ioredis";
import type { Log } from "../observe/log.ts";
import { outsideRequests } from "../observe/request-scope.ts";

export type { Redis } from "ioredis";

const COMMAND_TIMEOUT_MS = 500;
/** Longer than a busy process may delay reading its input, because resubscribing is expensive. */
const SUBSCRIBER_SILENCE_MS = 2_500;
const RECONNECT_MAX_MS = 1_000;

/** Logs a lost connection once, and once when it is back. */
function withLog(redis: Redis, log: Log, what: string): Redis {
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

/** For commands: without Redis they fail at once instead of queueing. No automatic pipelining: it crashes the process when
 * a connection breaks in the middle of a batch (github.com/redis/ioredis/issues/1931). */
export const connectRedis = (url: string, log: Log, timeoutMs = COMMAND_TIMEOUT_MS): Redis =>
  withLog(
    new Redis(url, {
      ...common,
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      commandTimeout: timeoutMs,
      socketTimeout: timeoutMs,
    }),
    log,
    "commands",
  );

/** For subscriptions, which survive a reconnect. */
export const connectSubscriber = (url: string, log: Log): Redis =>
  withLog(
    new Redis(url, { ...common, maxRetriesPerRequest: null, socketTimeout: SUBSCRIBER_SILENCE_MS }),
    log,
    "subscriptions",
  );

/** The command's result, or undefined when it fails or times out. */
export async function orUndefined<T>(command: Promise<T>): Promise<T | undefined> {
  try {
    return await command;
  } catch {
    return undefined;
  }
}
