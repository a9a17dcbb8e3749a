import { expect, test } from "bun:test";
import { seededRandom } from "./random.ts";

const drawn = (seed: number) => {
  const random = seededRandom(seed);
  return Array.from({ length: 1_000 }, () => random.next());
};

test("the same seed returns the same numbers, another seed others", () => {
  expect(drawn(7)).toEqual(drawn(7));
  expect(drawn(8)).not.toEqual(drawn(7));
});

test("next is uniform in [0, 1)", () => {
  const values = [1, 2, 3].flatMap(drawn);
  expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...values)).toBeLessThan(1);
  for (let tenth = 0; tenth < 10; tenth++) {
    const share = values.filter((value) => Math.floor(value * 10) === tenth).length / values.length;
    expect(share).toBeWithin(0.08, 0.12);
  }
});

test("a fork returns the same numbers for the same name, and others for another name", () => {
  const random = seededRandom(7);
  expect(random.fork("a").next()).toBe(seededRandom(7).fork("a").next());
  expect(random.fork("a").next()).not.toBe(random.fork("b").next());
});

test("int includes both bounds", () => {
  const random = seededRandom(1);
  const values = new Set(Array.from({ length: 200 }, () => random.int(3, 5)));
  expect([...values].sort()).toEqual([3, 4, 5]);
});
