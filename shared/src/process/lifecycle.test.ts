import { describe, expect, test } from "bun:test";
import { untilQuiet } from "./lifecycle.ts";

const LONG_MS = 60_000;
/** Pauses of a millisecond. */
const QUIET_MS = 20;
const PAUSES = 20;

describe("untilQuiet", () => {
  test("waits as long as requests come, and then for the quiet time", async () => {
    let looks = 0;
    const arrived = () => Math.min(looks++, 100);
    expect(await untilQuiet(arrived, { quietMs: QUIET_MS, mostMs: LONG_MS })).toBe(true);
    expect(looks).toBeGreaterThan(100 + PAUSES);
  });

  test("when requests come after all the time, gives up", async () => {
    let looks = 0;
    expect(await untilQuiet(() => looks++, { quietMs: QUIET_MS, mostMs: 2 * QUIET_MS })).toBe(false);
  });

  test("waits for the quiet time even when the most is shorter", async () => {
    let looks = 0;
    await untilQuiet(() => Math.min(looks++, 0), { quietMs: 10 * QUIET_MS, mostMs: 0 });
    expect(looks).toBeGreaterThan(PAUSES / 2);
  });

  test("while the process is held up, does not take it for quiet", async () => {
    let heldUp = 0;
    const holding = setInterval(() => {
      if (++heldUp === 50) clearInterval(holding);
      Bun.sleepSync(5);
    }, 1);
    expect(await untilQuiet(() => 0, { quietMs: QUIET_MS, mostMs: LONG_MS })).toBe(true);
    expect(heldUp).toBe(50);
  });

  test("without a quiet time returns at once", async () => {
    expect(await untilQuiet(() => 0, { quietMs: 0, mostMs: LONG_MS })).toBe(true);
  });
});
