import { expect, test } from "bun:test";
import { ageSeconds, countdown, duration, freshnessOf } from "./staleness.ts";

test("a position is fresh for a minute, then stale, and gone after ten", () => {
  expect([0, 60, 61, 600, 601].map(freshnessOf)).toEqual(["fresh", "fresh", "stale", "stale", "gone"]);
});

test("an age is never negative", () => {
  expect([ageSeconds(1_000, 3_500), ageSeconds(9_000, 3_500)]).toEqual([2, 0]);
  expect(ageSeconds("1970-01-01T00:00:01Z", 61_000)).toBe(60);
});

test("durations are said in seconds, minutes and hours", () => {
  expect([0, 89, 90, 3_600, 7_500].map(duration)).toEqual(["0 s", "89 s", "2 min", "60 min", "2 h 5 min"]);
});

test("a countdown goes on below zero", () => {
  expect([245, 0, -30, -61].map(countdown)).toEqual(["4:05", "0:00", "-0:30", "-1:01"]);
});
