import { describe, expect, test } from "bun:test";
import { distanceMeters } from "@food/shared/values/geo";
import { alongTheWay, distanceBetween, middleOf, ORIGIN, planeAround, travelMinutes } from "./plane.ts";

const CORNERS = [
  { x: 0, y: 0 },
  { x: 12_000, y: 0 },
  { x: 12_000, y: 12_000 },
  { x: 0, y: 12_000 },
  { x: 6_000, y: 2_500 },
];

describe("the plane", () => {
  test("projected onto the globe and back, is unchanged", () => {
    const plane = planeAround(ORIGIN, middleOf(CORNERS));
    for (const spot of CORNERS) {
      const back = plane.toSpot(plane.toLocation(spot));
      expect(back.x).toBeCloseTo(spot.x, 6);
      expect(back.y).toBeCloseTo(spot.y, 6);
    }
  });

  test("has its centre at the origin", () => {
    expect(planeAround(ORIGIN, { x: 50, y: 70 }).toLocation({ x: 50, y: 70 })).toEqual(ORIGIN);
  });

  test("keeps every distance in a city within half a per cent", () => {
    const plane = planeAround(ORIGIN, middleOf(CORNERS));
    for (const from of CORNERS)
      for (const to of CORNERS) {
        const onPlane = distanceBetween(from, to);
        const onGlobe = distanceMeters(plane.toLocation(from), plane.toLocation(to));
        expect(Math.abs(onGlobe - onPlane)).toBeLessThanOrEqual(onPlane * 0.005);
      }
  });
});

describe("travel", () => {
  test("takes whole minutes, rounded up, and none to the same place", () => {
    const from = { x: 0, y: 0 };
    expect(travelMinutes(from, { x: 300, y: 400 }, 500)).toBe(1);
    expect(travelMinutes(from, { x: 300, y: 401 }, 500)).toBe(2);
    expect(travelMinutes(from, from, 500)).toBe(0);
  });

  test("follows a straight line", () => {
    expect(alongTheWay({ x: 0, y: 100 }, { x: 200, y: 0 }, 0.25)).toEqual({ x: 50, y: 75 });
  });
});
