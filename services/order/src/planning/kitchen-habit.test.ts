import { describe, expect, test } from "bun:test";
import { expectationOf, learn, NO_HABIT, readyBy } from "./kitchen-habit.ts";

const MINUTE = 60_000;
const habitOf = (...lateMinutes: number[]) =>
  lateMinutes.reduce((habit, minutes) => learn(habit, minutes * MINUTE), NO_HABIT);
const readyInMinutes = (own = NO_HABIT, all = own, { share = 0.5, now = 0 } = {}) =>
  readyBy(expectationOf(own, all), { promisedAt: 20 * MINUTE, now: now * MINUTE, share }) / MINUTE;

describe("the expected ready time", () => {
  test("without history, is the promise", () => {
    expect(readyInMinutes()).toBe(20);
  });

  test("is later by the kitchen's usual lateness", () => {
    const late = habitOf(...Array.from({ length: 20 }, () => 10));
    expect(readyInMinutes(late)).toBeCloseTo(30);
  });

  test("for a kitchen without history, uses the lateness of the other kitchens", () => {
    expect(readyInMinutes(NO_HABIT, habitOf(6, 6, 6, 6))).toBeCloseTo(26);
  });

  test("gives newer orders more weight", () => {
    const then = Array.from({ length: 20 }, () => 0);
    const now = Array.from({ length: 20 }, () => 10);
    expect(readyInMinutes(habitOf(...then, ...now))).toBeGreaterThan(
      readyInMinutes(habitOf(...now, ...then)),
    );
  });

  test("is earlier for a smaller quantile", () => {
    const varied = habitOf(-8, 6, -2, 3, 9, -5, 0, 4);
    const early = readyInMinutes(varied, varied, { share: 0.1 });
    expect(early).toBeLessThan(readyInMinutes(varied));
    expect(readyInMinutes(varied)).toBeLessThan(readyInMinutes(varied, varied, { share: 0.9 }));
  });

  test("for food that is late already, is later than now and within the known lateness", () => {
    const varied = habitOf(-8, 6, -2, 3, 9, -5, 0, 4);
    const ready = readyInMinutes(varied, varied, { now: 25 });
    expect(ready).toBeGreaterThan(25);
    expect(ready).toBeLessThanOrEqual(29);
  });

  test("for food that is later than any order before, is now", () => {
    expect(readyInMinutes(habitOf(1, 2), undefined, { now: 60 })).toBe(60);
  });

  test("depends on the latest 60 orders only", () => {
    const many = habitOf(...Array.from({ length: 200 }, (_, i) => i));
    expect(many.lateMs.length).toBeLessThanOrEqual(60);
    expect(many.lateMs.at(-1)).toBe(199 * MINUTE);
  });
});
