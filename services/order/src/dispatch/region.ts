// Rounds are made for one region at a time: a cell of a grid over the map, named by its south-west corner. Couriers are
// found by reach, across the borders.
import { distanceMeters, type Location } from "@food/shared/values/geo";

const CELL_DEGREES = 0.25;
const COLUMNS = 360 / CELL_DEGREES;

const cellOf = (degrees: number) => Math.floor(degrees / CELL_DEGREES);
/** The 180th meridian is the border of one cell, whichever side it is written for. */
const columnOf = (lng: number) => (cellOf(lng + 180) % COLUMNS) - COLUMNS / 2;

/** The region that a restaurant at this place is in. */
export const regionOf = ({ lat, lng }: Location): string => `${cellOf(lat)}:${columnOf(lng)}`;

const clamp = (value: number, low: number, high: number) => Math.min(high, Math.max(low, value));

/** Whether any place of the region is so near. */
export function isRegionNear(region: string, to: Location, meters: number): boolean {
  const [row = Number.NaN, column = Number.NaN] = region.split(":").map(Number);
  const south = row * CELL_DEGREES;
  const west = column * CELL_DEGREES;
  const around = to.lng - west - CELL_DEGREES / 2;
  // The same place, named from the side of the 180th meridian on which the region is.
  const lng = to.lng - 360 * Math.round(around / 360);
  const nearest = {
    lat: clamp(to.lat, south, south + CELL_DEGREES),
    lng: clamp(lng, west, west + CELL_DEGREES),
  };
  return distanceMeters(to, nearest) <= meters;
}
