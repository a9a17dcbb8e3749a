import type { Spot } from "./plane.ts";

const POSITION = /^\s*(-?\d{1,2}(?:\.\d+)?)\s*[,; ]\s*(-?\d{1,3}(?:\.\d+)?)\s*$/;

/** For an input that takes a position. */
export const POSITION_PATTERN = POSITION.source;

/** From "latitude, longitude". */
export function spotFrom(text: string): Spot | undefined {
  const [, lat, lng] = POSITION.exec(text) ?? [];
  return lat && lng ? { lat: Number(lat), lng: Number(lng) } : undefined;
}
