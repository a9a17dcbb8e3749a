import { expect, test } from "bun:test";
import { emptyHistory, keepHistory, keptHistory, withSample } from "./history.ts";
import { stateOf } from "./town-state.ts";

const START_MS = Date.parse("2026-11-29T18:00:00.000Z");
const townAt = (seconds: number, p90Seconds?: number) => {
  const at = new Date(START_MS + seconds * 1000).toISOString();
  const clickToDoor = {
    at,
    deliveries: 1,
    p50Seconds: 1800,
    ...(p90Seconds !== undefined && { p90Seconds }),
  };
  return stateOf(
    {
      ...{ sequence: 1, at, ordersAt: at, isComplete: true, orders: [], couriers: [], trips: [] },
      figures: { ordersByStatus: {}, waiting: 2, idleCouriers: 5, staleCouriers: 0, clickToDoor },
    },
    0,
  );
};

test("takes a sample every 15 seconds, with minutes for durations", () => {
  const first = withSample(emptyHistory(), townAt(0));
  expect(withSample(first, townAt(14))).toBe(first);
  const second = withSample(first, townAt(15, 2_460));
  expect(second.times.map((at) => at - START_MS / 1000)).toEqual([0, 15]);
  expect(second.lines).toEqual({
    open: [0, 0],
    waiting: [2, 2],
    idle: [5, 5],
    p50: [30, 30],
    p90: [null, 41],
  });
});

test("forgets what is older than twelve hours", () => {
  let history = emptyHistory();
  for (let at = 0; at <= 12 * 3600 + 60; at += 15) history = withSample(history, townAt(at));
  expect(history.times).toHaveLength(2_880);
  expect(history.times.at(-1)).toBe(START_MS / 1000 + 12 * 3600 + 60);
});

test("is found again by the next page of the tab, unless its form is another", () => {
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
  };
  expect(keptHistory(storage)).toEqual(emptyHistory());
  const history = withSample(emptyHistory(), townAt(0));
  keepHistory(storage, history);
  expect(keptHistory(storage)).toEqual(history);
  for (const key of kept.keys()) kept.set(key, '{"times":[1],"lines":{"open":[1]}}');
  expect(keptHistory(storage)).toEqual(emptyHistory());
});
