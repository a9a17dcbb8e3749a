import { describe, expect, test } from "bun:test";
import { pacer } from "./pacer.ts";

describe("pacer", () => {
  function started() {
    const clock = { now: 1_000, everyMs: 100 };
    const next = pacer({ everyMs: () => clock.everyMs, burstMs: 200, waitMaxMs: 500 }, () => clock.now);
    return { clock, take: (turns: number) => Array.from({ length: turns }, next) };
  }

  test("gives some turns at once, then one after the other, and none beyond the longest wait", () => {
    const { take } = started();
    expect(take(10)).toEqual([0, 0, 0, 100, 200, 300, 400, 500, undefined, undefined]);
  });

  test("a caller without a turn delays nobody", () => {
    const { clock, take } = started();
    take(50);
    clock.now += 100;
    expect(take(2)).toEqual([500, undefined]);
  });

  test("never gives more turns than its rate and one burst", () => {
    const { clock, take } = started();
    let given = 0;
    for (const end = clock.now + 60_000; clock.now < end; clock.now += 5)
      given += take(3).filter((waitMs) => waitMs !== undefined).length;
    expect(given).toBeWithin(600, 609);
  });

  test("follows a pace that changes", () => {
    const { clock, take } = started();
    take(4);
    clock.everyMs = 200;
    expect(take(3)).toEqual([200, 400, undefined]);
  });

  test("after a quiet time of any length gives one burst", () => {
    const { clock, take } = started();
    take(8);
    clock.now += 3_600_000;
    expect(take(4)).toEqual([0, 0, 0, 100]);
  });
});
