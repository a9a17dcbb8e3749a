import { describe, expect, test } from "bun:test";
import { newId } from "@food/shared/values/id";
import { clickToDoorOf, figuresOf, percentile } from "./figures.ts";
import { aTownCourier, aTownOrder } from "./town.builder.ts";

const NOW = new Date("2026-11-28T19:00:00Z");

describe("percentile", () => {
  test("is the nearest rank", () => {
    const sorted = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    expect([percentile(sorted, 0.5), percentile(sorted, 0.9), percentile(sorted, 1)]).toEqual([5, 9, 10]);
    expect([percentile([7], 0.5), percentile([7], 0.9)]).toEqual([7, 7]);
  });

  test("of nothing is unknown", () => {
    expect(percentile([], 0.5)).toBeUndefined();
    expect(clickToDoorOf([], NOW)).toEqual({ at: NOW.toISOString(), deliveries: 0 });
  });
});

describe("figuresOf", () => {
  test("counts orders by status, those that wait, and couriers by state", () => {
    const oldest = aTownOrder({ placedAt: "2026-11-28T18:00:00.000Z", assignBy: NOW.toISOString() });
    const orders = [
      aTownOrder({ status: "ready" }),
      aTownOrder({ placedAt: "2026-11-28T18:30:00.000Z", assignBy: NOW.toISOString() }),
      oldest,
    ];
    const couriers = (["idle", "idle", "stale", "to_door"] as const).map((state) =>
      aTownCourier({ courierId: newId("crr"), state }),
    );
    expect(figuresOf(orders, couriers, clickToDoorOf([60_000, 120_000], NOW))).toEqual({
      ordersByStatus: { ready: 1, pending: 2 },
      ...{ waiting: 2, oldestWaiting: { orderId: oldest.orderId, since: oldest.placedAt } },
      ...{ idleCouriers: 2, staleCouriers: 1 },
      clickToDoor: { at: NOW.toISOString(), deliveries: 2, p50Seconds: 60, p90Seconds: 120 },
    });
  });
});
