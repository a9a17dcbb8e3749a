import { type Static, Type } from "@sinclair/typebox";

/** A position in the API. */
export const Location = Type.Object(
  {
    lat: Type.Number({ minimum: -90, maximum: 90 }),
    lng: Type.Number({ minimum: -180, maximum: 180 }),
  },
  { additionalProperties: false, description: "Degrees, WGS 84" },
);
export type Location = Static<typeof Location>;

/** A position in MongoDB (GeoJSON: longitude first). */
export interface Point {
  type: "Point";
  coordinates: [lng: number, lat: number];
}

export const toPoint = ({ lat, lng }: Location): Point => ({ type: "Point", coordinates: [lng, lat] });
export const fromPoint = ({ coordinates: [lng, lat] }: Point): Location => ({ lat, lng });

/** The radius that MongoDB's spherical queries use. */
export const EARTH_RADIUS_METERS = 6_378_100;

const radians = (degrees: number) => (degrees * Math.PI) / 180;

/** Great-circle distance (haversine formula). */
export function distanceMeters(from: Location, to: Location): number {
  const halfLat = Math.sin(radians(to.lat - from.lat) / 2);
  const halfLng = Math.sin(radians(to.lng - from.lng) / 2);
  const a = halfLat ** 2 + Math.cos(radians(from.lat)) * Math.cos(radians(to.lat)) * halfLng ** 2;
  return 2 * EARTH_RADIUS_METERS * Math.asin(Math.min(1, Math.sqrt(a)));
}
