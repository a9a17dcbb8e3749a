// Where somebody searches. People near each other share a page: it is searched for the nearest thousandth of a degree.
import { unprocessable } from "@food/shared/values/errors";
import type { Location } from "@food/shared/values/geo";

const DECIMALS = 3;
/** Half a thousandth of a degree of latitude and one of longitude are 78.7 m at the equator, and distances are rounded. */
export const SHARED_WITHIN_METERS = 80;

/** Throws 422 for a position that is not on Earth. */
export function locationIn(near: string): Location {
  const [lat = 0, lng = 0] = near.split(",").map(Number);
  if (Math.abs(lat) <= 90 && Math.abs(lng) <= 180) return { lat, lng };
  throw unprocessable("VALIDATION_FAILED", "The position is not on Earth.", {
    details: [{ pointer: "/query/near", detail: "Latitude from -90 to 90, longitude from -180 to 180" }],
  });
}

/** The position that all within `SHARED_WITHIN_METERS` search for. Throws 422 for one that is not on Earth. */
export function sharedPlace(near: string): string {
  const { lat, lng } = locationIn(near);
  return `${lat.toFixed(DECIMALS)},${lng.toFixed(DECIMALS)}`;
}
