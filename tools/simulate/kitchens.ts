// The planner's knowledge of the kitchens: their promises, reports and habits.
import {
  expectationOf,
  type KitchenHabit,
  learn,
  NO_HABIT,
  readyBy,
} from "@food/order/planning/kitchen-habit";
import type { Promises } from "../day/promises.ts";
import type { SimulatedOrder } from "./world.ts";

export const MINUTE_MS = 60_000;

export interface Kitchens {
  /** Records that the kitchen reports the food ready. */
  report: (order: SimulatedOrder) => void;
  /** The time by which the food is ready with this probability. Not before the next minute, unless it is reported ready. */
  expectedMs: (order: SimulatedOrder, minute: number, share: number) => number;
}

export function openKitchens(learning: boolean, { earlierLateMinutes }: Promises): Kitchens {
  const habits = new Map<string, KitchenHabit>();
  let all = NO_HABIT;
  const habitOf = (restaurantId: string) => habits.get(restaurantId) ?? NO_HABIT;
  function remember(restaurantId: string, lateMs: number) {
    habits.set(restaurantId, learn(habitOf(restaurantId), lateMs));
    all = learn(all, lateMs);
  }
  const past = [...earlierLateMinutes].flatMap(([restaurantId, late]) =>
    late.map((minutes, i) => ({ restaurantId, minutes, i })),
  );
  for (const { restaurantId, minutes } of past.toSorted((a, b) => a.i - b.i))
    remember(restaurantId, minutes * MINUTE_MS);

  return {
    report({ record, promisedMinute }) {
      record.readyMinute = record.order.readyMinute;
      remember(record.order.restaurant, (record.readyMinute - promisedMinute) * MINUTE_MS);
    },
    expectedMs({ record, promisedMinute }, minute, share) {
      if (record.readyMinute !== undefined) return record.readyMinute * MINUTE_MS;
      const now = minute * MINUTE_MS;
      const promisedAt = promisedMinute * MINUTE_MS;
      const expectation = learning ? expectationOf(habitOf(record.order.restaurant), all) : undefined;
      const expected = expectation ? readyBy(expectation, { promisedAt, now, share }) : promisedAt;
      return Math.max(now + MINUTE_MS, expected);
    },
  };
}
