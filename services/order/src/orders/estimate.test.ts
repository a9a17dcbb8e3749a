import { describe, expect, test } from "bun:test";
import type { OrderStatus } from "@food/shared/contracts/order";
import fc from "fast-check";
import {
  type CourierPosition,
  type Estimated,
  estimate,
  movedEstimate,
  SMALLEST_MOVE_MS,
} from "./estimate.ts";
import { anOrder } from "./order.builder.ts";
import { MOVES } from "./status.ts";

const NOW = new Date("2026-11-23T12:00:00Z");
const SPEED = { courierMetersPerMinute: 250 };
const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000);
const minutesUntil = ({ estimatedDeliveryAt }: { estimatedDeliveryAt: Date }) =>
  (estimatedDeliveryAt.getTime() - NOW.getTime()) / 60_000;

const { restaurantAddress, deliveryAddress } = anOrder();
const order = (overrides: Partial<Estimated> = {}): Estimated => ({
  restaurantAddress,
  deliveryAddress,
  status: "accepted",
  prepMinutes: 15,
  readyAt: minutes(15),
  estimatedDeliveryAt: minutes(24),
  estimateReason: "kitchen",
  ...overrides,
});
const atRestaurant = (recordedAt: Date): CourierPosition => ({
  location: restaurantAddress.location,
  recordedAt,
});

const statuses = Object.keys(MOVES) as OrderStatus[];
const instants = fc.integer({ min: -3_600_000, max: 3_600_000 }).map((ms) => new Date(NOW.getTime() + ms));
const locations = fc.record({
  lat: fc.double({ min: 52, max: 53, noNaN: true }),
  lng: fc.double({ min: 13, max: 14, noNaN: true }),
});
const positions = fc.record({
  location: locations,
  recordedAt: instants.filter((at) => at <= NOW),
});
const orders = fc
  .record({
    status: fc.constantFrom(...statuses),
    prepMinutes: fc.integer({ min: 1, max: 120 }),
    readyAt: instants,
    estimatedDeliveryAt: instants,
  })
  .map(order);
const maybePositions = fc.option(positions, { nil: undefined });

describe("the estimate", () => {
  test("depends on the kitchen while the courier arrives in time", () => {
    const known = estimate(order(), atRestaurant(NOW), NOW, SPEED);
    expect(known.estimateReason).toBe("kitchen");
    expect(known).toEqual(estimate(order(), undefined, NOW, SPEED));
  });

  test("depends on the courier when their way takes longer than the preparation", () => {
    const farAway = { location: { lat: 52.62, lng: 13.4 }, recordedAt: NOW };
    const known = estimate(order(), farAway, NOW, SPEED);
    expect(known.estimateReason).toBe("courier");
    expect(minutesUntil(known)).toBeGreaterThan(minutesUntil(estimate(order(), undefined, NOW, SPEED)) + 20);
  });

  test("moves later when the kitchen is late", () => {
    const late = order({ readyAt: minutes(-10) });
    const onTime = order({ readyAt: NOW });
    expect(estimate(late, undefined, NOW, SPEED)).toEqual(estimate(onTime, undefined, NOW, SPEED));
  });

  test("follows the courier to the door", () => {
    const onTheWay = order({ status: "out_for_delivery" });
    const atDoor = { location: deliveryAddress.location, recordedAt: NOW };
    const start = estimate(onTheWay, atRestaurant(NOW), NOW, SPEED);
    expect(minutesUntil(estimate(onTheWay, atDoor, NOW, SPEED))).toBe(2);
    expect(minutesUntil(start)).toBeGreaterThan(6);
  });

  test("assumes that a silent courier keeps moving", () => {
    const onTheWay = order({ status: "out_for_delivery" });
    const silent = estimate(onTheWay, atRestaurant(NOW), minutes(2), SPEED);
    expect(silent).toEqual(estimate(onTheWay, atRestaurant(NOW), NOW, SPEED));
  });

  test("is never in the past", () => {
    fc.assert(
      fc.property(orders, maybePositions, (known, courier) => {
        expect(minutesUntil(estimate(known, courier, NOW, SPEED))).toBeGreaterThanOrEqual(2);
      }),
    );
  });

  test("is never earlier for a longer preparation", () => {
    fc.assert(
      fc.property(orders, maybePositions, fc.nat(120), (known, courier, more) => {
        const slower = {
          ...known,
          prepMinutes: known.prepMinutes + more,
          ...(known.readyAt && { readyAt: new Date(known.readyAt.getTime() + more * 60_000) }),
        };
        expect(minutesUntil(estimate(slower, courier, NOW, SPEED))).toBeGreaterThanOrEqual(
          minutesUntil(estimate(known, courier, NOW, SPEED)),
        );
      }),
    );
  });
});

describe("the published estimate", () => {
  test("moves by at least a minute, then stays, and never moves after the end", () => {
    fc.assert(
      fc.property(orders, maybePositions, (known, courier) => {
        const moved = movedEstimate(known, courier, NOW, SPEED);
        if (!moved) return;
        expect(Object.keys(MOVES[known.status])).not.toEqual([]);
        const byMs = Math.abs(moved.estimatedDeliveryAt.getTime() - known.estimatedDeliveryAt.getTime());
        expect(byMs).toBeGreaterThanOrEqual(SMALLEST_MOVE_MS);
        expect(movedEstimate({ ...known, ...moved }, courier, NOW, SPEED)).toBeUndefined();
      }),
    );
  });

  test("stays while it is off by less than a minute, and moves from a minute on", () => {
    fc.assert(
      fc.property(
        orders,
        maybePositions,
        fc.integer({ min: -120_000, max: 120_000 }),
        (any, courier, offMs) => {
          fc.pre(any.status !== "out_for_delivery" && Object.keys(MOVES[any.status]).length > 0);
          const { estimatedDeliveryAt } = estimate(any, courier, NOW, SPEED);
          const told = { ...any, estimatedDeliveryAt: new Date(estimatedDeliveryAt.getTime() + offMs) };
          expect(movedEstimate(told, courier, NOW, SPEED) !== undefined).toBe(Math.abs(offMs) >= 60_000);
        },
      ),
    );
  });

  test("is within a minute of the estimate at every moment of a journey", () => {
    const steps = fc.array(fc.record({ seconds: fc.integer({ min: 1, max: 60 }), courier: maybePositions }), {
      maxLength: 50,
    });
    fc.assert(
      fc.property(orders, steps, (start, journey) => {
        fc.pre(Object.keys(MOVES[start.status]).length > 0);
        let told = start;
        let now = NOW;
        for (const { seconds, courier } of journey) {
          now = new Date(now.getTime() + seconds * 1_000);
          told = { ...told, ...movedEstimate(told, courier, now, SPEED) };
          const off =
            estimate(told, courier, now, SPEED).estimatedDeliveryAt.getTime() -
            told.estimatedDeliveryAt.getTime();
          expect(Math.abs(off)).toBeLessThan(SMALLEST_MOVE_MS);
        }
      }),
    );
  });
});
