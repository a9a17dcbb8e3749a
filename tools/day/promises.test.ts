import { describe, expect, test } from "bun:test";
import { type Instance, parseInstance } from "./instance.ts";
import { promisesFor } from "./promises.ts";
import { smallDay } from "./small-day.builder.ts";

const small = parseInstance(smallDay());
const large: Instance = {
  ...small,
  restaurants: Array.from({ length: 200 }, (_, i) => ({ id: `r${i}`, spot: { x: 0, y: 0 } })),
  orders: Array.from({ length: 2_000 }, (_, i) => ({
    ...{ id: `o${i}`, spot: { x: 0, y: 0 }, restaurant: `r${i % 200}` },
    ...{ placementMinute: 0, readyMinute: 200 },
  })),
};
const lateMinutes = (noise: { noiseSd: number; seed: number; history: number }) => {
  const { promisedMinute } = promisesFor(large, noise);
  return large.orders.map((order) => order.readyMinute - promisedMinute(order));
};
const deviation = (values: number[]) => Math.sqrt(values.reduce((sum, v) => sum + v * v, 0) / values.length);

describe("promises", () => {
  test("without noise, equal the ready times", () => {
    expect(new Set(lateMinutes({ noiseSd: 0, seed: 1, history: 10 }))).toEqual(new Set([0]));
  });

  test("have an error with the given standard deviation", () => {
    const found = deviation(lateMinutes({ noiseSd: 8, seed: 1, history: 0 }));
    expect(found).toBeGreaterThan(7);
    expect(found).toBeLessThan(9);
  });

  test("of one kitchen have a common error", () => {
    const late = lateMinutes({ noiseSd: 8, seed: 1, history: 0 });
    const means = Array.from({ length: 200 }, (_, kitchen) => {
      const own = late.filter((_, order) => order % 200 === kitchen);
      return own.reduce((sum, minutes) => sum + minutes, 0) / own.length;
    });
    expect(deviation(means)).toBeGreaterThan(4);
  });

  test("are the same for the same seed, and differ for another seed", () => {
    const noise = { noiseSd: 8, seed: 7, history: 3 };
    expect(lateMinutes(noise)).toEqual(lateMinutes(noise));
    expect(lateMinutes(noise)).not.toEqual(lateMinutes({ ...noise, seed: 8 }));
  });

  test("are never before the order is placed", () => {
    const { promisedMinute } = promisesFor(small, { noiseSd: 60, seed: 3, history: 0 });
    for (const order of small.orders) expect(promisedMinute(order)).toBeGreaterThan(order.placementMinute);
  });

  test("come with the requested number of earlier orders of each kitchen", () => {
    const { earlierLateMinutes } = promisesFor(small, { noiseSd: 8, seed: 1, history: 4 });
    expect([...earlierLateMinutes.values()].map(({ length }) => length)).toEqual([4, 4]);
  });
});
