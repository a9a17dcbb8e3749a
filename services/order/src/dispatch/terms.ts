import { VEHICLES, type Vehicle } from "@food/shared/contracts/order";
import { distanceMeters, type Location } from "@food/shared/values/geo";
import type { Terms as PlannerTerms } from "../planning/problem.ts";
import { WEIGHTS } from "../planning/settings.ts";

/** The planner's terms for places on the map. The reach comes from the delivery service with each search. */
export type DispatchTerms = Omit<PlannerTerms<Location>, "reachMeters"> & {
  /** Real milliseconds in a minute of the day: fewer with a higher DAY_SPEED. */
  minuteMs: number;
};

/** The dispatch settings from config.ts. */
export interface DispatchSettings {
  VEHICLE_SPEEDS: string;
  PICKUP_SECONDS: number;
  DROP_OFF_SECONDS: number;
  DELIVERY_TARGET_MINUTES: number;
  DETOUR_MAX_MINUTES: number;
  COURIER_HORIZON_MINUTES: number;
  COURIERS_PLENTY: number;
  DAY_SPEED: number;
}

const MINUTE_MS = 60_000;
/** A region with waiting orders is due again within this time. */
export const ROUND_EVERY_MS = 10_000;
/** The shortest round interval at any DAY_SPEED. */
const ROUND_MS_LEAST = 1_000;

/** Speeds in metres a minute, from text like `bicycle=250,car=500`. A vehicle without a speed gets that of the bicycle, and
 * 100 (a brisk walk) if the bicycle has none. */
export function speedsIn(text: string): Record<Vehicle, number> {
  const named = new Map(text.split(",").map((pair) => pair.split("=") as [string, string]));
  const slowest = named.get("bicycle") ?? 100;
  const entries = VEHICLES.map((vehicle) => [vehicle, Number(named.get(vehicle) ?? slowest)]);
  return Object.fromEntries(entries) as Record<Vehicle, number>;
}

export function dispatchTermsOf(settings: DispatchSettings): DispatchTerms {
  const minuteMs = MINUTE_MS / settings.DAY_SPEED;
  /** Half of the time at a restaurant or door passes before the food changes hands. */
  const halves = (seconds: number) => {
    const halfMs = (seconds / 120) * minuteMs;
    return { before: halfMs, after: halfMs };
  };
  const speeds = new Map<string, number>(Object.entries(speedsIn(settings.VEHICLE_SPEEDS)));
  return {
    distanceMeters,
    travelMs: (meters, vehicle) => (meters / (speeds.get(vehicle) ?? 100)) * minuteMs,
    pickupMs: halves(settings.PICKUP_SECONDS),
    dropoffMs: halves(settings.DROP_OFF_SECONDS),
    roundMs: Math.max(ROUND_MS_LEAST, ROUND_EVERY_MS / settings.DAY_SPEED),
    minuteMs,
    weights: {
      ...WEIGHTS,
      soonMs: WEIGHTS.soonMs / settings.DAY_SPEED,
      idleMaxMs: WEIGHTS.idleMaxMs / settings.DAY_SPEED,
      targetMs: settings.DELIVERY_TARGET_MINUTES * minuteMs,
      detourMaxMs: settings.DETOUR_MAX_MINUTES * minuteMs,
      horizonMs: settings.COURIER_HORIZON_MINUTES * minuteMs,
      plenty: settings.COURIERS_PLENTY,
    },
  };
}
