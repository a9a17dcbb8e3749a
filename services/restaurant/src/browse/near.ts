// The position of a search, rounded to a thousandth of a degree, so that searches near each other share a cached page.
import { unprocessable } from "@food/shared/values/errors";
import type { Location } from "@food/shared/values/geo";

const DECIMALS = 3;
/** Half a thousandth of a degree in both directions is 78.7 m at the equator, and distances are rounded. */
export const SHARED_WITHIN_METERS = 80;

/** Throws 422 for a latitude or longitude out of range. */
export function locationIn(near: string): Location {
  const [lat = 0, lng = 0] = near.split(",").map(Number);
  if (Math.abs(lat) <= 90 && Math.abs(lng) <= 180) return { lat, lng };
  throw unprocessable("VALIDATION_FAILED", "The position is out of range.", {
    details: [{ pointer: "/query/near", detail: "Latitude from -90 to 90, longitude from -180 to 180" }],
  });
}

/** The rounded position, at most `SHARED_WITHIN_METERS` away. Throws 422 for a latitude or longitude out of range. */
export function sharedPlace(near: string): string {
  const { lat, lng } = locationIn(near);
  return `${lat.toFixed(DECIMALS)},${lng.toFixed(DECIMALS)}`;
}
