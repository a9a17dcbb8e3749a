// A region is a cell of a grid over the map, named by its south-west corner. Each round plans one region. Couriers are
// searched by reach, also across its borders.
import { distanceMeters, type Location } from "@food/shared/values/geo";

const CELL_DEGREES = 0.25;
const COLUMNS = 360 / CELL_DEGREES;

const cellOf = (degrees: number) => Math.floor(degrees / CELL_DEGREES);
/** Longitudes 180 and -180 are the same meridian and give the same column. */
const columnOf = (lng: number) => (cellOf(lng + 180) % COLUMNS) - COLUMNS / 2;

/** The region that a restaurant at this place is in. */
export const regionOf = ({ lat, lng }: Location): string => `${cellOf(lat)}:${columnOf(lng)}`;

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** Whether the nearest point of the region is within `meters` of `to`. */
export function isRegionNear(region: string, to: Location, meters: number): boolean {
  const [row = Number.NaN, column = Number.NaN] = region.split(":").map(Number);
  const south = row * CELL_DEGREES;
  const west = column * CELL_DEGREES;
  const around = to.lng - west - CELL_DEGREES / 2;
  // The longitude of `to`, counted from the region's side of the 180th meridian.
  const lng = to.lng - 360 * Math.round(around / 360);
  const nearest = {
    lat: clamp(to.lat, south, south + CELL_DEGREES),
    lng: clamp(lng, west, west + CELL_DEGREES),
  };
  return distanceMeters(to, nearest) <= meters;
}
