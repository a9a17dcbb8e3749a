// Counts the requests of each key in fixed windows of the clock, without a wait: a process decides with what it knows, and
// tells Redis afterwards. All counts that have changed in an interval go in one pipelined message, and the answers say how
// many the other replicas have counted. So a key gets no more than its limit and what arrives at the replicas in one interval
// and one answer of Redis. Without Redis each process counts alone: no more than the limit on each replica.
import { outsideRequests } from "../observe/request-scope.ts";
import { isCluster, orUndefined, type Redis } from "./redis.ts";

export interface RequestCounts {
  /** Counts one request, unless the key has used up its window. */
  take: (key: string) => Usage;
  /** Sends the counts that have changed. It happens by itself, once in each interval with a change. */
  report: () => Promise<void>;
}

export interface Usage {
  isAllowed: boolean;
  /** How many more the window allows. */
  left: number;
  /** Whole seconds until the next window. */
  resetSeconds: number;
}

export interface RequestCountsOptions {
  max: number;
  windowMs: number;
  reportEveryMs?: number;
}

interface Count {
  redisKey: string;
  /** Requests in this process, and how many of them were sent to Redis and confirmed by it. */
  own: number;
  sent: number;
  confirmed: number;
  /** Requests at other replicas, as last known. */
  others: number;
}

const REPORT_EVERY_MS = 250;
/** Some 20 MB. The oldest key goes first, and Redis still knows its count. */
export const KEYS_MAX = 50_000;

export function requestCounts(
  redis: Redis,
  name: string,
  { max, windowMs, reportEveryMs = REPORT_EVERY_MS }: RequestCountsOptions,
): RequestCounts {
  let counts = new Map<string, Count>();
  let window = 0;
  let changed = new Set<Count>();
  let isReporting = false;

  function countOf(key: string): Count {
    const known = counts.get(key);
    if (known) return known;
    const [oldest] = counts.size >= KEYS_MAX ? counts.keys() : [];
    if (oldest !== undefined) counts.delete(oldest);
    const redisKey = `requests:${name}:${key}:${window}`;
    const count = { redisKey, own: 0, sent: 0, confirmed: 0, others: 0 };
    counts.set(key, count);
    return count;
  }

  async function report() {
    const batch = [...changed];
    changed = new Set();
    // In a cluster the keys are at several nodes, which know nothing of each other.
    await (isCluster(redis) ? Promise.all(batch.map((count) => send([count]))) : send(batch));
  }

  async function send(batch: Count[]) {
    const pipeline = redis.pipeline();
    const amounts = batch.map((count) => {
      const amount = count.own - count.sent;
      count.sent = count.own;
      pipeline.incrby(count.redisKey, amount);
      pipeline.pexpire(count.redisKey, 2 * windowMs);
      return amount;
    });
    const answers = await orUndefined(pipeline.exec());
    // A count that Redis did not confirm is not sent again: nobody is counted twice.
    for (const [i, count] of batch.entries()) {
      const [error, total] = answers?.[2 * i] ?? [new Error("no answer")];
      if (error || typeof total !== "number") continue;
      count.confirmed += amounts[i] ?? 0;
      count.others = Math.max(0, total - count.confirmed);
    }
  }

  async function reportNow() {
    await report();
    isReporting = false;
    if (changed.size > 0) reportLater();
  }
  function reportLater() {
    isReporting = true;
    setTimeout(outsideRequests(reportNow), reportEveryMs).unref();
  }

  return {
    report,
    take(key) {
      const now = Date.now();
      const current = Math.floor(now / windowMs);
      if (current !== window) {
        window = current;
        counts = new Map();
      }
      const resetSeconds = Math.ceil(((current + 1) * windowMs - now) / 1000);
      const count = countOf(key);
      const left = max - count.own - count.others;
      if (left <= 0) return { isAllowed: false, left: 0, resetSeconds };
      count.own++;
      changed.add(count);
      if (!isReporting) reportLater();
      return { isAllowed: true, left: left - 1, resetSeconds };
    },
  };
}
