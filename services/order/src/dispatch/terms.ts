import { VEHICLES, type Vehicle } from "@food/shared/contracts/order";
import { distanceMeters, type Location } from "@food/shared/values/geo";
import type { Terms as PlannerTerms } from "../planning/problem.ts";
import { WEIGHTS } from "../planning/settings.ts";

/** What the planner counts with on this map; the reach is the delivery service's to say. */
export type DispatchTerms = Omit<PlannerTerms<Location>, "reachMeters"> & {
  /** How long a minute of the day takes. */
  minuteMs: number;
};

/** The settings, as config.ts has them. */
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
/** Something that waits is looked at again within this time, whatever else happens. */
export const ROUND_EVERY_MS = 10_000;
/** However fast the day is: computers are as fast as ever. */
const ROUND_MS_LEAST = 1_000;

/** A vehicle that the text does not name is as fast as a bicycle, and that as a brisk walker if it is not named either. */
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
