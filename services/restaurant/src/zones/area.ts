// Polygons on the map: whether one is valid, and whether it contains a place. Longitudes are compared with the restaurant's,
// so that a polygon over the date line is an ordinary one. Edges are straight in degrees, as on a map. Pure.
import type { Area } from "@food/shared/contracts/delivery-zones";
import { distanceMeters, type Location } from "@food/shared/values/geo";
import pointInPolygon from "point-in-polygon-hao";
import { orient2d } from "robust-predicates";

type Position = [lng: number, lat: number];

/** Nearer to a pole a degree of longitude is too short for straight edges. */
const LATITUDE_MAX = 85;
/** The largest delivery radius. */
export const REACH_MAX_METERS = 100_000;

export interface AreaFault {
  pointer: string;
  detail: string;
}

/** The longitude on the side of the date line on which it is near `lng`. Exact unless it crosses. */
const near = (lng: number, other: number): number =>
  other - lng > 180 ? other - 360 : other - lng < -180 ? other + 360 : other;

const ringOf = ({ coordinates: [ring = []] }: Area, { lng }: Location): Position[] =>
  ring.map(([x = 0, y = 0]) => [near(lng, x), y]);

const isSame = ([a, b]: Position, [c, d]: Position) => a === c && b === d;
const turn = ([ax, ay]: Position, [bx, by]: Position, [cx, cy]: Position) =>
  Math.sign(orient2d(ax, ay, bx, by, cx, cy));
const isWithin = ([ax, ay]: Position, [bx, by]: Position, [x, y]: Position) =>
  Math.min(ax, bx) <= x && x <= Math.max(ax, bx) && Math.min(ay, by) <= y && y <= Math.max(ay, by);

/** Whether two edges have a point in common. */
function meet(a: Position, b: Position, c: Position, d: Position): boolean {
  const [abc, abd, cda, cdb] = [turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)];
  if (abc * abd < 0 && cda * cdb < 0) return true;
  return (
    (abc === 0 && isWithin(a, b, c)) ||
    (abd === 0 && isWithin(a, b, d)) ||
    (cda === 0 && isWithin(c, d, a)) ||
    (cdb === 0 && isWithin(c, d, b))
  );
}

/** Whether the next edge goes back over this one. */
const foldsBack = (a: Position, b: Position, c: Position) =>
  turn(a, b, c) === 0 && (b[0] - a[0]) * (c[0] - b[0]) + (b[1] - a[1]) * (c[1] - b[1]) < 0;

/** The first position at which the ring repeats itself, touches or crosses itself. */
function crossingOf(ring: Position[]): number | undefined {
  const edges = ring.length - 1;
  const at = (i: number) => ring[i % edges] as Position;
  for (let i = 0; i < edges; i++) {
    const [a, b] = [at(i), at(i + 1)];
    if (isSame(a, b) || foldsBack(a, b, at(i + 2))) return i + 1;
    for (let j = i + 2; j < edges; j++) {
      const isNeighbour = i === 0 && j === edges - 1;
      if (!isNeighbour && meet(a, b, at(j), at(j + 1))) return j;
    }
  }
  return undefined;
}

/** What is wrong with the area of a restaurant at that place. */
export function faultsIn(area: Area, restaurant: Location, pointer: string): AreaFault[] {
  const at = (i: number) => `${pointer}/coordinates/0/${i}`;
  const ring = ringOf(area, restaurant);
  const [first, last] = [ring[0], ring.at(-1)];
  if (!first || !last || !isSame(first, last))
    return [{ pointer: at(ring.length - 1), detail: "The same position as the first, to close the ring" }];
  const far = ring.findIndex(
    ([lng, lat]) =>
      Math.abs(lat) > LATITUDE_MAX || distanceMeters(restaurant, { lat, lng }) > REACH_MAX_METERS,
  );
  if (far >= 0)
    return [
      {
        pointer: at(far),
        detail: `At most ${REACH_MAX_METERS} m from the restaurant, and between ${LATITUDE_MAX} degrees south and north`,
      },
    ];
  const crossing = crossingOf(ring);
  return crossing === undefined
    ? []
    : [{ pointer: at(crossing), detail: "A ring that neither crosses, touches nor repeats itself" }];
}

/** A point on the border is inside. */
export const contains = (area: Area, restaurant: Location, { lat, lng }: Location): boolean =>
  pointInPolygon([near(restaurant.lng, lng), lat], [ringOf(area, restaurant)]) !== false;

/** The distance of the farthest corner. */
export const reachOf = (area: Area, restaurant: Location): number =>
  Math.max(...ringOf(area, restaurant).map(([lng, lat]) => distanceMeters(restaurant, { lat, lng })));
