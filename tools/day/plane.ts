// Projects the instance's plane onto the globe around an origin. Over the size of a city the error of the local
// equirectangular projection is well below half a per cent.
import { EARTH_RADIUS_METERS, type Location } from "@food/shared/values/geo";

/** A position on the plane, in metres. */
export interface Spot {
  x: number;
  y: number;
}

export const ORIGIN: Location = { lat: 52.52, lng: 13.405 };

const METERS_PER_DEGREE = (EARTH_RADIUS_METERS * Math.PI) / 180;

/** A plane whose point `middle` lies at `origin`. */
export function planeAround(origin: Location, middle: Spot = { x: 0, y: 0 }) {
  const metersPerLngDegree = METERS_PER_DEGREE * Math.cos((origin.lat * Math.PI) / 180);
  return {
    toLocation: ({ x, y }: Spot): Location => ({
      lat: origin.lat + (y - middle.y) / METERS_PER_DEGREE,
      lng: origin.lng + (x - middle.x) / metersPerLngDegree,
    }),
    toSpot: ({ lat, lng }: Location): Spot => ({
      x: middle.x + (lng - origin.lng) * metersPerLngDegree,
      y: middle.y + (lat - origin.lat) * METERS_PER_DEGREE,
    }),
  };
}
export type Plane = ReturnType<typeof planeAround>;

export const distanceBetween = (from: Spot, to: Spot): number => Math.hypot(to.x - from.x, to.y - from.y);

/** The centre of the bounding box of the spots. */
export function middleOf(spots: Spot[]): Spot {
  const middle = (values: number[]) => (Math.min(...values) + Math.max(...values)) / 2;
  return spots.length === 0
    ? { x: 0, y: 0 }
    : { x: middle(spots.map(({ x }) => x)), y: middle(spots.map(({ y }) => y)) };
}

/** The point at this share of the way. */
export const alongTheWay = (from: Spot, to: Spot, share: number): Spot => ({
  x: from.x + (to.x - from.x) * share,
  y: from.y + (to.y - from.y) * share,
});

/** Travel time in whole minutes, rounded up. */
export const travelMinutes = (from: Spot, to: Spot, metersPerMinute: number): number =>
  Math.ceil(distanceBetween(from, to) / metersPerMinute);
