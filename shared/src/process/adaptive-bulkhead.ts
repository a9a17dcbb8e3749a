// How many calls to a downstream service run at once, by how fast it answers: additive increase, multiplicative decrease, as
// TCP (RFC 5681) and Netflix's concurrency-limits do it. A fixed number is too high for a slow service: of 64 calls at once with
// a timeout of 3 s, a service that answers fewer than 21 a second would answer none in time, and all its work would be lost.
import { outsideRequests } from "../observe/request-scope.ts";

export interface Bounds {
  least: number;
  most: number;
  /** Calls that wait for their turn. */
  waitingMax: number;
}

/** No turn for this call: too many wait, or it has waited too long. */
export class NoTurn extends Error {}

const DECREASE = 0.7;

export function adaptiveBulkhead({ least, most, waitingMax }: Bounds) {
  let limit = most;
  let running = 0;
  let decreasedAt = 0;
  const waiting: (() => void)[] = [];

  function begin() {
    while (running < Math.floor(limit) && waiting.length > 0) {
      running++;
      waiting.shift()?.();
    }
  }

  const turn = (waitMs: number) =>
    new Promise<void>((resolve, reject) => {
      const take = () => {
        clearTimeout(timer);
        resolve();
      };
      const leave = () => {
        waiting.splice(waiting.indexOf(take), 1);
        reject(new NoTurn("No turn in time"));
      };
      const timer = setTimeout(outsideRequests(leave), waitMs);
      waiting.push(take);
    });

  /** Calls that began before the last decrease say nothing about it. */
  function learn(startedAt: number, slowMs: number, hasSucceeded: boolean) {
    const now = performance.now();
    const isSlow = now - startedAt > slowMs;
    if (isSlow && startedAt >= decreasedAt) {
      limit = Math.max(least, limit * DECREASE);
      decreasedAt = now;
    } else if (!isSlow && hasSucceeded) limit = Math.min(most, limit + 1 / limit);
  }

  return {
    limit: () => Math.floor(limit),
    /** Runs the call in its turn. It is slow when it takes longer than `slowMs`. Throws NoTurn, at the latest after `waitMs`. */
    async run<T>(call: () => Promise<T>, slowMs: number, waitMs: number): Promise<T> {
      if (running < Math.floor(limit) && waiting.length === 0) running++;
      else if (waiting.length >= waitingMax) throw new NoTurn("Too many calls wait");
      else await turn(waitMs);
      const startedAt = performance.now();
      let hasSucceeded = false;
      try {
        const answer = await call();
        hasSucceeded = true;
        return answer;
      } finally {
        running--;
        learn(startedAt, slowMs, hasSucceeded);
        begin();
      }
    },
  };
}
