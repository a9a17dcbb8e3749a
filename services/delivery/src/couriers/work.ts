// Decides whether a courier may get an order now, and gives the reason if not. An old position counts as
// unknown.
export const NO_WORK_REASONS = ["off_duty", "on_delivery", "no_position", "position_too_old"] as const;
export type NoWorkReason = (typeof NO_WORK_REASONS)[number];

export interface NoWork {
  noWorkReason: NoWorkReason;
  /** Text for the courier. */
  notice: string;
}

interface Worker {
  available: boolean;
  claim: object | null;
  location?: object;
  locationAt?: Date;
}

const REPORT = "Report it with PUT /v1/couriers/me/location.";

export const isFresh = (locationAt: Date | undefined, now: Date, maxAgeMs: number): boolean =>
  locationAt !== undefined && now.getTime() - locationAt.getTime() <= maxAgeMs;

/** Undefined when the courier may get an order. */
export function noWorkOf(courier: Worker, now: Date, positionMaxAgeMs: number): NoWork | undefined {
  const { available, claim, location, locationAt } = courier;
  if (claim)
    return {
      noWorkReason: "on_delivery",
      notice: available
        ? "You get the next order after this delivery."
        : "You are off duty and get no further order. The delivery that you have goes on: finish it or decline it.",
    };
  if (!available)
    return { noWorkReason: "off_duty", notice: "You are off duty. Come on duty to get orders." };
  if (!location || !locationAt)
    return {
      noWorkReason: "no_position",
      notice: `You get no order, because your position is not known. ${REPORT}`,
    };
  if (!isFresh(locationAt, now, positionMaxAgeMs))
    return {
      noWorkReason: "position_too_old",
      notice: `You get no order, because your last position is older than ${positionMaxAgeMs / 1000} seconds. ${REPORT}`,
    };
  return undefined;
}
