import { describe, expect, test } from "bun:test";
import { silentLog } from "../../testing/running-app.ts";
import { eventually } from "../../testing/service.ts";
import { createLog } from "../observe/log.ts";
import { backoffMs } from "../outbox/outbox.ts";
import { restMs, startTicker } from "./ticker.ts";

const RARELY_MS = 1_000_000;

describe("startTicker", () => {
  test("runs at once and again after each pause", async () => {
    let runs = 0;
    const task = startTicker("task", 2, silentLog, async () => void runs++);
    await eventually(async () => runs >= 4);
    await task.stop();
  });

  test("never runs twice at once, also when woken often", async () => {
    let running = 0;
    let most = 0;
    let runs = 0;
    const task = startTicker("task", RARELY_MS, silentLog, async () => {
      most = Math.max(most, ++running);
      await Bun.sleep(1);
      running--;
      runs++;
    });
    await eventually(async () => {
      task.wake();
      task.wake();
      return runs >= 5;
    });
    await task.stop();
    expect(most).toBe(1);
  });

  test("runs exactly once more when it is woken many times during a run", async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let runs = 0;
    const task = startTicker("task", RARELY_MS, silentLog, async () => gates[runs++]?.promise);
    for (let i = 0; i < 10; i++) task.wake();
    gates[0]?.resolve();
    await eventually(async () => runs === 2);
    gates[1]?.resolve();
    for (let i = 0; i < 10; i++) await Bun.sleep(0);
    expect(runs).toBe(2);
    await task.stop();
  });

  test("stop waits for the current run and begins no other", async () => {
    const gate = Promise.withResolvers<void>();
    let runs = 0;
    let finished = false;
    const task = startTicker("task", 1, silentLog, async () => {
      runs++;
      await gate.promise;
      finished = true;
    });
    task.wake();
    const stopped = task.stop().then(() => finished);
    gate.resolve();
    expect(await stopped).toBe(true);
    expect(runs).toBe(1);
  });

  test("when stopped, ends its pause at once", async () => {
    let runs = 0;
    const task = startTicker("task", RARELY_MS, silentLog, async () => void runs++);
    await eventually(async () => runs === 1);
    await task.stop();
    task.wake();
    expect(runs).toBe(1);
  });

  test("runs at the earliest of the times that it was asked to run at, and once for those that come before", async () => {
    const asked = Promise.withResolvers<void>();
    const ranAt: number[] = [];
    const task = startTicker("task", RARELY_MS, silentLog, async () => {
      ranAt.push(performance.now());
      await asked.promise;
    });
    const askedAt = performance.now();
    for (const ms of [RARELY_MS, 200, 100, RARELY_MS]) task.wakeIn(ms);
    asked.resolve();
    await eventually(async () => ranAt.length === 2);
    expect((ranAt[1] ?? 0) - askedAt).toBeGreaterThan(95);
    // The later times are dropped: the task asks again.
    task.wakeIn(200);
    await eventually(async () => ranAt.length === 3);
    await task.stop();
    expect((ranAt[2] ?? 0) - (ranAt[1] ?? 0)).toBeGreaterThan(195);
  });

  test("continues after a failure", async () => {
    let runs = 0;
    const task = startTicker("task", 1, silentLog, async () => {
      runs++;
      throw new Error("always");
    });
    await eventually(async () => runs >= 3);
    await task.stop();
  });
});

describe("a ticker whose task fails", () => {
  test("rests longer after each failure, and does not run when woken meanwhile", async () => {
    let runs = 0;
    const task = startTicker("task", 1, silentLog, async () => {
      runs++;
      throw new Error("always");
    });
    const startedAt = performance.now();
    await eventually(async () => {
      task.wake();
      return runs === 4;
    });
    await task.stop();
    // 100, 200 and 400 ms, each a fifth shorter at most.
    expect(performance.now() - startedAt).toBeGreaterThan(550);
  });

  test("runs again when it was woken during its rest", async () => {
    let runs = 0;
    const task = startTicker("task", RARELY_MS, silentLog, async () => {
      if (++runs === 1) throw new Error("once");
    });
    await eventually(async () => runs === 1);
    task.wake();
    await eventually(async () => runs === 2);
    await task.stop();
  });

  test("logs the first failure in a row, and the end", async () => {
    let runs = 0;
    const lines: string[] = [];
    const log = createLog("test", "info", { write: (line) => void lines.push(line) });
    const task = startTicker("task", 1, log, async () => {
      if (++runs < 4) throw new Error("no");
    });
    await eventually(async () => runs > 5);
    await task.stop();
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: "warn", task: "task", err: { message: "no" } },
      { level: "info", of: "task", suppressed: 2 },
    ]);
  });

  test("stops in its rest", async () => {
    let runs = 0;
    const task = startTicker("task", 1, silentLog, async () => {
      runs++;
      throw new Error("always");
    });
    await eventually(async () => runs > 3);
    const before = runs;
    await task.stop();
    expect(runs).toBeLessThanOrEqual(before + 1);
  });
});

describe("restMs", () => {
  test("doubles up to two seconds, and varies by a fifth", () => {
    for (const [failures, ms] of [
      [1, 100],
      [2, 200],
      [5, 1_600],
      [6, 2_000],
      [5_000, 2_000],
    ] as const)
      for (let i = 0; i < 20; i++) expect(restMs(failures)).toBeWithin(ms * 0.8, ms * 1.2 + 1);
  });
});

describe("backoffMs", () => {
  test("doubles up to five seconds and never more", () => {
    const most = Array.from({ length: 12 }, (_, failures) => backoffMs(failures, () => 1));
    expect(most.slice(0, 4)).toEqual([200, 400, 800, 1_600]);
    expect(most.at(-1)).toBe(5_000);
    expect(backoffMs(5_000, () => 1)).toBe(5_000);
  });

  test("spreads retries over the whole range", () => {
    expect(backoffMs(3, () => 0)).toBe(0);
    expect(backoffMs(3, () => 0.5)).toBe(800);
  });
});
