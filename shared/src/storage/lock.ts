// A lock keeps most of those who would lose anyway away from the database. It is never what makes a promise
// true: a conditional update and a unique index do. So without Redis the work simply goes on unlocked. A paused Redis
// may still take a lock, when it wakes, that nobody waits for any more: it keeps others out until its TTL is over.
import Redlock, { ExecutionError, type Lock, ResourceLockedError } from "redlock";
import { inBackground, outsideRequests } from "../observe/request-scope.ts";
import type { Redis } from "./redis.ts";

/** What `withLock` gives when somebody else is at it. */
export const BUSY = Symbol("somebody else holds the lock");

export interface Locks {
  /** Runs at once under the lock, or answers BUSY at once. The lock ends by itself after `ttlMs`. */
  withLock: <T>(key: string, ttlMs: number, run: () => Promise<T>) => Promise<T | typeof BUSY>;
}

async function isContended(error: ExecutionError): Promise<boolean> {
  const attempts = await Promise.all(error.attempts);
  return attempts.some(({ votesAgainst }) =>
    [...votesAgainst.values()].some((reason) => reason instanceof ResourceLockedError),
  );
}

export function redisLocks(redis: Redis): Locks {
  const redlock = new Redlock([redis], { retryCount: 0, automaticExtensionThreshold: 0 });
  // Contention and an absent Redis both show in the rejected promise below.
  redlock.on(
    "error",
    outsideRequests(() => undefined),
  );
  return {
    async withLock(key, ttlMs, run) {
      let lock: Lock | undefined;
      try {
        lock = await redlock.acquire([`lock:${key}`], ttlMs);
      } catch (error) {
        if (error instanceof ExecutionError && (await isContended(error))) return BUSY;
      }
      try {
        return await run();
      } finally {
        // Nobody waits for it: one that has expired or been flushed is gone already, and one that is not taken back ends.
        inBackground(() => lock?.release().catch(() => undefined));
      }
    },
  };
}
