import { describe, expect, test } from "bun:test";
import { silentLog } from "../../testing/running-app.ts";
import { eventually } from "../../testing/service.ts";
import { backoffMs } from "../outbox/outbox.ts";
import { startTicker } from "./ticker.ts";

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
