import { expect, test } from "bun:test";
import { dispatchTermsOf } from "./terms.ts";

const SETTINGS = {
  VEHICLE_SPEEDS: "bicycle=250,car=500",
  PICKUP_SECONDS: 240,
  DROP_OFF_SECONDS: 120,
  DELIVERY_TARGET_MINUTES: 40,
  DETOUR_MAX_MINUTES: 25,
  COURIER_HORIZON_MINUTES: 40,
  COURIERS_PLENTY: 5,
  DAY_SPEED: 1,
};
const MINUTE_MS = 60_000;

test("couriers travel at their vehicle's speed, and half of each stop passes before the food changes hands", () => {
  const terms = dispatchTermsOf(SETTINGS);
  expect([terms.travelMs(500, "car"), terms.travelMs(500, "scooter")]).toEqual([MINUTE_MS, 2 * MINUTE_MS]);
  expect(terms.pickupMs).toEqual({ before: 2 * MINUTE_MS, after: 2 * MINUTE_MS });
  expect(terms.dropoffMs).toEqual({ before: MINUTE_MS, after: MINUTE_MS });
});

test("with DAY_SPEED 60, a minute of the day takes a second", () => {
  const [slow, fast] = [dispatchTermsOf(SETTINGS), dispatchTermsOf({ ...SETTINGS, DAY_SPEED: 60 })];
  expect(fast.minuteMs).toBe(1_000);
  expect(fast.travelMs(500, "car")).toBe(1_000);
  expect(fast.pickupMs).toEqual({ before: 2_000, after: 2_000 });
  for (const name of ["targetMs", "detourMaxMs", "horizonMs", "soonMs", "idleMaxMs"] as const)
    expect(fast.weights[name]).toBe(slow.weights[name] / 60);
  // The round interval has a lower limit.
  expect([slow.roundMs, fast.roundMs]).toEqual([10_000, 1_000]);
});
