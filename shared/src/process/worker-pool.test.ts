import { afterEach, describe, expect, test } from "bun:test";
import { silentLog } from "../../testing/running-app.ts";
import { eventually } from "../../testing/tools.ts";
import type { Log } from "../observe/log.ts";
import { type WorkerPoolOptions, workerPool } from "./worker-pool.ts";

const HOURS_MS = 3_600_000;

describe("workerPool", () => {
  const started: ReturnType<typeof workerPool>[] = [];
  afterEach(() => Promise.all(started.splice(0).map((one) => one.stop())));
  function start(next: Parameters<typeof workerPool>[2], options: Partial<WorkerPoolOptions> = {}) {
    const all = workerPool("test", { atOnce: 4, everyMs: HOURS_MS, log: silentLog, ...options }, next);
    started.push(all);
    return all;
  }

  test("does all work, with at most `atOnce` workers", async () => {
    let left = 50;
    let atOnce = 0;
    let most = 0;
    let looks = 0;
    const all = start(async (wakeAnother) => {
      looks++;
      if (left === 0) return false;
      left--;
      wakeAnother();
      most = Math.max(most, ++atOnce);
      await Bun.sleep(1);
      atOnce--;
      return true;
    });
    await eventually(async () => left === 0 && atOnce === 0);
    expect(most).toBe(4);
    await all.stop();
    expect(looks).toBeLessThan(70);
  });

  test("when there is no work, checks once", async () => {
    let looks = 0;
    const all = start(async () => {
      looks++;
      return false;
    });
    await eventually(async () => looks === 1);
    all.wake();
    await eventually(async () => looks === 2);
    await all.stop();
    expect(looks).toBe(2);
  });

  test("is not delayed by one slow worker", async () => {
    const gate = Promise.withResolvers<void>();
    const queue: string[] = [];
    const done: string[] = [];
    const all = start(async (wakeAnother) => {
      const item = queue.shift();
      if (!item) return false;
      wakeAnother();
      if (item === "slow") await gate.promise;
      done.push(item);
      return false;
    });
    queue.push("slow", "x", "y");
    all.wake();
    await eventually(async () => done.length === 2);
    expect(done.sort()).toEqual(["x", "y"]);
    for (const item of ["a", "b", "c"]) {
      queue.push(item);
      all.wake();
      await eventually(async () => done.includes(item));
    }
    gate.resolve();
    await eventually(async () => done.includes("slow"));
  });

  test("checks once without success for each piece of work", async () => {
    const queue: number[] = [];
    const gate = Promise.withResolvers<void>();
    let looks = 0;
    const all = start(async (wakeAnother) => {
      looks++;
      if (queue.pop() === undefined) return false;
      wakeAnother();
      await gate.promise;
      return false;
    });
    await eventually(async () => looks === 1);
    queue.push(1);
    all.wake();
    await eventually(async () => looks === 3);
    gate.resolve();
    await all.stop();
    expect(looks).toBe(3);
  });

  test("never exceeds `atOnce`, also when work is found synchronously", async () => {
    let left = 50;
    let atOnce = 0;
    let most = 0;
    start(async (wakeAnother) => {
      if (left === 0) return false;
      left--;
      most = Math.max(most, ++atOnce);
      wakeAnother();
      await Bun.sleep(1);
      atOnce--;
      return false;
    });
    await eventually(async () => left === 0 && atOnce === 0);
    expect(most).toBe(4);
  });

  test("misses no work that arrives while all workers are checking", async () => {
    const queue: number[] = [];
    let done = 0;
    const all = start(async (wakeAnother) => {
      const item = queue.shift();
      await Bun.sleep(1);
      if (item === undefined) return false;
      wakeAnother();
      done++;
      return Math.random() < 0.5;
    });
    for (let i = 0; i < 500; i++) {
      queue.push(i);
      all.wake();
      if (i % 3 === 0) await Bun.sleep(Math.random() * 2);
    }
    await eventually(async () => done === 500);
  });

  test("continues after a failure, and logs consecutive failures once", async () => {
    let looks = 0;
    let warnings = 0;
    const log = { warn: () => warnings++, info() {} } as unknown as Log;
    start(
      async () => {
        if (++looks < 4) throw new Error("no");
        return false;
      },
      { everyMs: 5, log },
    );
    await eventually(async () => looks > 5);
    expect(warnings).toBe(1);
  });

  test("rests after a failure, whoever wakes it, and then does what came meanwhile", async () => {
    let isAway = true;
    let looks = 0;
    const queue: number[] = [];
    const all = start(async (wakeAnother) => {
      looks++;
      if (isAway) throw new Error("away");
      if (queue.pop() === undefined) return false;
      wakeAnother();
      return true;
    });
    const startedAt = performance.now();
    await eventually(async () => {
      queue.push(1);
      all.wake();
      return looks === 5;
    });
    // Two at once, then after 100, 200 and 400 ms, each a fifth shorter at most.
    expect(performance.now() - startedAt).toBeGreaterThan(550);
    isAway = false;
    await eventually(async () => queue.length === 0);
  });

  test("when stopped, finishes current work and begins no other", async () => {
    const gate = Promise.withResolvers<void>();
    let begun = 0;
    let ended = 0;
    const all = start(async () => {
      begun++;
      await gate.promise;
      ended++;
      return true;
    });
    await eventually(async () => begun === 1);
    const stopping = all.stop();
    all.wake();
    gate.resolve();
    await stopping;
    expect([begun, ended]).toEqual([1, 1]);
  });

  /** Work with the times at which it is due. Some fails at first, and is due again. */
  function workDue(inMs: number[], failures = 0) {
    const due = inMs.map((ms) => Date.now() + ms);
    const lateMs: number[] = [];
    let [looks, looksAhead] = [0, 0];
    const pool = start(
      async (wakeAnother) => {
        looks++;
        const now = Date.now();
        const index = due.findIndex((at) => at <= now);
        const [at = now] = index < 0 ? [] : due.splice(index, 1);
        if (index < 0) return false;
        wakeAnother();
        const hasFailed = failures-- > 0;
        if (hasFailed) due.push(now + 100);
        else lateMs.push(now - at);
        return hasFailed;
      },
      {
        nextDueAt: async (lookedAt) => {
          looksAhead++;
          const later = due.filter((at) => at > lookedAt.getTime());
          return later.length > 0 ? new Date(Math.min(...later)) : undefined;
        },
      },
    );
    return { pool, lateMs, looks: () => looks, looksAhead: () => looksAhead };
  }

  test("does all work that is due later, without a poll", async () => {
    const { lateMs } = workDue([0, 100, 150, 400]);
    await eventually(async () => lateMs.length === 4);
    expect(Math.min(...lateMs)).toBeGreaterThanOrEqual(0);
  });

  test("does work again that has failed, without a poll", async () => {
    const { lateMs } = workDue([0, 0, 0], 5);
    await eventually(async () => lateMs.length === 3);
  });

  test("looks ahead once for many looks that find nothing", async () => {
    const { pool, looks, looksAhead } = workDue([HOURS_MS / 4]);
    await eventually(async () => looksAhead() === 1);
    for (let i = 0; i < 20; i++) {
      pool.wake();
      await Bun.sleep(0);
    }
    await eventually(async () => looks() > 10);
    expect(looksAhead()).toBe(1);
  });

  test("does work that becomes due between its look and its look ahead", async () => {
    let dueAt = Infinity;
    let done = 0;
    start(
      async () => {
        const now = Date.now();
        if (dueAt <= now) {
          dueAt = Infinity;
          done++;
          return true;
        }
        if (done === 0) dueAt = now + 1;
        await eventually(async () => Date.now() > dueAt || done > 0);
        return false;
      },
      { nextDueAt: async (lookedAt) => (dueAt > lookedAt.getTime() ? new Date(dueAt) : undefined) },
    );
    await eventually(async () => done === 1);
  });
});
