/**
 * Points on a sphere of MongoDB's earth radius. An index stores a point as the number of its cell on a Z-order
 * grid of latitude and longitude, so a search around a point reads a few ranges instead of every document.
 */
import { CommandError, notSupported } from "./errors.ts";
import { type Document, isDocument, isNumeric, toNumber } from "./values.ts";

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

export interface NearPoint extends Near {
  path: string;
}

export interface Circle {
  center: Point;
  radiusMeters: number;
}

/** The point of a GeoJSON Point, or nothing when the value is not one. */
export function findPoint(value: unknown): Point | undefined {
  if (!isDocument(value) || value.type !== "Point") return undefined;
  return findPosition(value.coordinates);
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
  const candidates = (Array.isArray(leaf) ? leaf : [leaf]).map(findPoint);
  return Math.min(
    ...candidates.map((point) => (point ? distanceMeters(point, center) : Number.POSITIVE_INFINITY)),
  );
}

export function isWithin(leaf: unknown, circle: Circle): boolean {
  return distanceTo(leaf, circle.center) <= circle.radiusMeters;
}

/** The operand of `$near` and `$nearSphere`, in its GeoJSON form. */
export function parseNear(operand: unknown): Near {
  if (!isDocument(operand) || !isDocument(operand.$geometry)) throw notSupported("$near without $geometry");
  const { $geometry, $minDistance, $maxDistance, ...rest } = operand;
  const [unknown] = Object.keys(rest);
  if (unknown) throw new CommandError(2, `invalid argument in geo near query: ${unknown}`);
  const center = findPoint($geometry);
  if (!center) throw new CommandError(2, "invalid point in geo near query $geometry argument");
  return {
    center,
    minMeters: distanceBound($minDistance, 0),
    maxMeters: distanceBound($maxDistance, HALF_CIRCUMFERENCE_METERS),
  };
}

/** A distance limit in meters; throws BadValue when it is no number of zero or more. */
export function distanceBound(value: unknown, otherwise: number): number {
  if (value === undefined) return otherwise;
  if (!isNumeric(value) || !(toNumber(value) >= 0))
    throw new CommandError(2, "distance must be a non-negative number");
  return toNumber(value);
}

/** The operand of `$geoWithin`: only `$centerSphere`, whose radius is in radians. */
export function parseWithin(operand: unknown): Circle {
  const circle: unknown = isDocument(operand) ? operand.$centerSphere : undefined;
  if (!Array.isArray(circle)) throw notSupported("$geoWithin other than $centerSphere");
  const center = findPosition(circle[0]);
  if (!center || !isNumeric(circle[1]) || toNumber(circle[1]) < 0) {
    throw new CommandError(2, "invalid $centerSphere: needs [[lng, lat], radius in radians]");
  }
  return { center, radiusMeters: toNumber(circle[1]) * EARTH_RADIUS_METERS };
}

/** The grid cell under which an indexed value is found; throws mongod's error for what is no point. */
export function cellOf(value: unknown, document: Document): number {
  const point = findPoint(value);
  if (!point) {
    throw new CommandError(
      16755,
      `Can't extract geo keys: the field is not a GeoJSON Point, _id: ${String(document._id)}`,
    );
  }
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
