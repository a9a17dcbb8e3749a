/**
 * Points on a sphere of MongoDB's earth radius. An index stores a point as the number of its cell on a Z-order grid of
 * latitude and longitude, so a search around a point reads a few ranges instead of every document.
 */
import { check, refuse } from "../errors.ts";
import { isDocument, isNumeric, show, toNumber } from "../values.ts";

export const EARTH_RADIUS_METERS = 6_378_100;
export const HALF_CIRCUMFERENCE_METERS = Math.PI * EARTH_RADIUS_METERS;
const GRID_BITS = 26;

export interface Point {
  lng: number;
  lat: number;
}

export interface Near {
  center: Point;
  minMeters: number;
  maxMeters: number;
}

export interface Circle {
  center: Point;
  radiusMeters: number;
}

/** The point of a GeoJSON Point, or nothing when the value is not one. */
export function findPoint(value: unknown): Point | undefined {
  return isDocument(value) && value.type === "Point" ? findPosition(value.coordinates) : undefined;
}

function findPosition(value: unknown): Point | undefined {
  if (!Array.isArray(value) || value.length < 2 || !value.every(isNumeric)) return undefined;
  const [lng, lat] = [toNumber(value[0]), toNumber(value[1])];
  return Math.abs(lng) <= 180 && Math.abs(lat) <= 90 ? { lng, lat } : undefined;
}

export function distanceMeters(a: Point, b: Point): number {
  const radians = Math.PI / 180;
  const sinLat = Math.sin(((b.lat - a.lat) * radians) / 2);
  const sinLng = Math.sin(((b.lng - a.lng) * radians) / 2);
  const h = sinLat ** 2 + Math.cos(a.lat * radians) * Math.cos(b.lat * radians) * sinLng ** 2;
  return 2 * EARTH_RADIUS_METERS * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** The distance to the nearest point that a field holds (one, or an array of them). */
export function distanceTo(leaf: unknown, center: Point): number {
  const points = (Array.isArray(leaf) ? leaf : [leaf]).map(findPoint);
  return Math.min(
    ...points.map((point) => (point ? distanceMeters(point, center) : Number.POSITIVE_INFINITY)),
  );
}

export function isWithin(leaf: unknown, circle: Circle): boolean {
  return distanceTo(leaf, circle.center) <= circle.radiusMeters;
}

/** A distance limit in meters; throws BadValue when it is no number of zero or more. */
export function distanceBound(value: unknown, otherwise: number): number {
  const meters = value === undefined ? otherwise : toNumber(value, "a distance");
  check(meters >= 0, 2, "distance must be a non-negative number");
  return meters;
}

/** The operand of `$geoWithin`: only `$centerSphere`, whose radius is in radians. */
export function parseWithin(operand: unknown): Circle {
  const circle: unknown = isDocument(operand) ? operand.$centerSphere : undefined;
  const [position, radius] = Array.isArray(circle) ? circle : [];
  const center = findPosition(position) ?? refuse(2, "$geoWithin needs $centerSphere: [[lng, lat], radians]");
  return { center, radiusMeters: distanceBound(radius, -1) * EARTH_RADIUS_METERS };
}

/** The grid cell under which an indexed value is found; throws mongod's error for what is no point. */
export function cellOf(value: unknown): number {
  const point =
    findPoint(value) ?? refuse(16755, `Can't extract geo keys: not a GeoJSON Point: ${show(value)}`);
  return interleave(gridRow(point.lat), gridColumn(point.lng), GRID_BITS);
}

const GRID_SIZE = 2 ** GRID_BITS;
const clampToGrid = (cell: number): number => Math.min(GRID_SIZE - 1, Math.max(0, Math.floor(cell)));
const gridRow = (lat: number): number => clampToGrid(((lat + 90) / 180) * GRID_SIZE);
const gridColumn = (lng: number): number => clampToGrid(((lng + 180) / 360) * GRID_SIZE);

function interleave(row: number, column: number, bits: number): number {
  let cell = 0;
  for (let bit = bits - 1; bit >= 0; bit--) cell = cell * 4 + ((row >> bit) & 1) * 2 + ((column >> bit) & 1);
  return cell;
}

/** Cell ranges, both ends included, that together hold every point within the circle. */
export function cellRanges({ center, radiusMeters }: Circle): [first: number, last: number][] {
  const latSpan = (radiusMeters / EARTH_RADIUS_METERS) * (180 / Math.PI) * 1.0001 + 1e-6;
  const [south, north] = [center.lat - latSpan, center.lat + latSpan];
  const cosine = Math.cos((Math.max(Math.abs(south), Math.abs(north)) * Math.PI) / 180);
  const lngSpan = south <= -90 || north >= 90 ? 360 : latSpan / cosine;
  const [west, east] = [center.lng - lngSpan, center.lng + lngSpan];
  const fraction = Math.max((north - south) / 180, (east - west) / 360);
  if (fraction >= 0.5) return [[0, 2 ** (2 * GRID_BITS) - 1]];
  const bits = Math.min(GRID_BITS, Math.floor(-Math.log2(fraction)));
  const size = 2 ** bits;
  const width = 4 ** (GRID_BITS - bits);
  const cells = new Set<number>();
  for (const lat of [south, north]) {
    for (const lng of [west, east]) {
      const row = Math.floor(gridRow(lat) / (GRID_SIZE / size));
      const column = Math.floor(((lng + 180) / 360) * size);
      cells.add(interleave(row, ((column % size) + size) % size, bits));
    }
  }
  return [...cells].map((cell) => [cell * width, (cell + 1) * width - 1]);
}

/** Radii to search one after the other, so that "the nearest one" does not read the whole index. */
export function* searchRadii({ minMeters, maxMeters }: Near): Generator<number> {
  for (let radius = Math.max(1000, minMeters * 2); radius < maxMeters; radius *= 4) yield radius;
  yield maxMeters;
}
