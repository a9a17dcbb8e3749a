import { expect, test } from "bun:test";
import type { Instance } from "../day/instance.ts";
import { randomFrom } from "../day/promises.ts";
import { minutesBetween } from "../replay/report.ts";
import { playDay } from "./play.ts";

/** A town of ten restaurants with enough couriers for a busy evening. */
function evening(seed: number): Instance {
  const random = randomFrom(seed);
  const spot = () => ({ x: Math.floor(random() * 5_000), y: Math.floor(random() * 5_000) });
  const shift = { onMinute: 0, offMinute: 600 };
  return {
    restaurants: Array.from({ length: 10 }, (_, i) => ({ id: `r${i}`, spot: spot() })),
    orders: Array.from({ length: 100 }, (_, i) => {
      const placementMinute = 30 + i * 2;
      const readyMinute = placementMinute + 10 + Math.floor(random() * 20);
      return { id: `o${i}`, spot: spot(), restaurant: `r${i % 10}`, placementMinute, readyMinute };
    }),
    couriers: Array.from({ length: 14 }, (_, i) => ({ id: `c${i}`, spot: spot(), ...shift })),
    ...{ metersPerMinute: 320, pickupServiceMinutes: 4, dropoffServiceMinutes: 4 },
  };
}

const meanOf = (learning: boolean) => {
  const waits = [1, 2].flatMap((seed) => {
    const options = { policy: "batch", capacity: 3, noiseSd: 8, history: 10 } as const;
    const { book } = playDay(evening(seed), { ...options, seed, learning });
    return minutesBetween(book.orders, "placedMinute", "deliveredMinute");
  });
  expect(waits).toHaveLength(200);
  return waits.reduce((sum, minutes) => sum + minutes, 0) / waits.length;
};

test("with learnt kitchen habits, customers wait less", () => {
  expect(meanOf(true)).toBeLessThan(meanOf(false) - 0.5);
}, 60_000);
