// A lock saves the database most writes that would lose a race. Correctness does not depend on it: conditional updates and
// unique indexes decide. So without Redis the work runs unlocked. A paused Redis may take a lock later, when its caller no
// longer waits. That lock blocks others until its TTL ends.
import Redlock, { ExecutionError, type Lock, ResourceLockedError } from "redlock";
import { inBackground, outsideRequests } from "../observe/request-scope.ts";
import type { Redis } from "./redis.ts";

/** The result of `withLock` when another holder has the lock. */
export const BUSY = Symbol("busy");

export interface Locks {
  /** Runs under the lock, or returns BUSY at once. The lock expires after `ttlMs`. */
  withLock: <T>(key: string, ttlMs: number, run: () => Promise<T>) => Promise<T | typeof BUSY>;
}

async function isContended(error: ExecutionError): Promise<boolean> {
  const attempts = await Promise.all(error.attempts);
  return attempts.some(({ votesAgainst }) =>
    [...votesAgainst.values()].some((reason) => reason instanceof ResourceLockedError),
  );
}

/** Undefined without Redis. */
type Answer = Lock | typeof BUSY | undefined;

interface Known {
  answer: Promise<Answer>;
  /** From then on the lock may have expired in Redis. In `performance.now()` time. */
  until: number;
}

export function redisLocks(redis: Redis): Locks {
  const redlock = new Redlock([redis], { retryCount: 0, automaticExtensionThreshold: 0 });
  // `acquire` also rejects with these errors; without a listener the process would end.
  redlock.on(
    "error",
    outsideRequests(() => undefined),
  );
  /** The locks that callers of this process have or ask for, by key: of many callers at once only one asks Redis. */
  const ours = new Map<string, Known>();

  async function ask(key: string, ttlMs: number): Promise<Answer> {
    try {
      return await redlock.acquire([`lock:${key}`], ttlMs);
    } catch (error) {
      return error instanceof ExecutionError && (await isContended(error)) ? BUSY : undefined;
    }
  }

  return {
    async withLock(key, ttlMs, run) {
      const known = ours.get(key);
      if (known && known.until > performance.now()) return (await known.answer) ? BUSY : run();
      const own = { answer: ask(key, ttlMs), until: performance.now() + ttlMs };
      ours.set(key, own);
      const forget = () => ours.get(key) === own && ours.delete(key);
      const lock = await own.answer;
      if (lock === BUSY || !lock) forget();
      if (lock === BUSY) return BUSY;
      try {
        return await run();
      } finally {
        forget();
        // Not awaited: a lock that cannot be released expires.
        inBackground(() => lock?.release().catch(() => undefined));
      }
    },
  };
}
