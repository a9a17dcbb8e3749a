import { describe, expect, test } from "bun:test";
import type { Area } from "@food/shared/contracts/delivery-zones";
import { contains, faultsIn, reachOf } from "./area.ts";

const BERLIN = { lat: 52.5, lng: 13.5 };
const FIJI = { lat: -16.75, lng: 179.9375 };

/** Closed, in degrees from the restaurant; exact in binary. */
const area = (corners: [east: number, north: number][], from = BERLIN): Area => ({
  type: "Polygon",
  coordinates: [
    [...corners, ...corners.slice(0, 1)].map(([east, north]) => [from.lng + east, from.lat + north]),
  ],
});
const SQUARE: [number, number][] = [
  [-0.125, -0.125],
  [0.125, -0.125],
  [0.125, 0.125],
  [-0.125, 0.125],
];
const place = (east: number, north: number, from = BERLIN) => ({
  lat: from.lat + north,
  lng: from.lng + east,
});
/** The longitudes of the other side of the date line. */
const wrapped = ({ type, coordinates: [ring = []] }: Area): Area => ({
  type,
  coordinates: [ring.map(([lng = 0, lat = 0]) => [lng > 180 ? lng - 360 : lng, lat])],
});

describe("contains", () => {
  test("is true inside and on the border, false outside", () => {
    for (const given of [area(SQUARE), area(SQUARE.toReversed())]) {
      for (const [east, north] of [
        [0, 0],
        [0.125, 0],
        [0, -0.125],
        [0.125, 0.125],
        [-0.125, -0.125],
        [-0.125, 0.0625],
      ] as const)
        expect(contains(given, BERLIN, place(east, north))).toBe(true);
      for (const [east, north] of [
        [0.1250001, 0],
        [0, 0.1250001],
        [-0.2, -0.2],
        [0.2, 0.125],
      ] as const)
        expect(contains(given, BERLIN, place(east, north))).toBe(false);
    }
  });

  test("is true on a slanted border", () => {
    const triangle = area([
      [0, 0],
      [0.25, 0],
      [0, 0.25],
    ]);
    expect(contains(triangle, BERLIN, place(0.125, 0.125))).toBe(true);
    expect(contains(triangle, BERLIN, place(0.126, 0.125))).toBe(false);
  });

  test("leaves out the notch of a concave polygon", () => {
    const notched = area([...SQUARE.slice(0, 3), [0, 0], ...SQUARE.slice(3)]);
    expect(contains(notched, BERLIN, place(0, 0.0625))).toBe(false);
    expect(contains(notched, BERLIN, place(-0.0625, 0))).toBe(true);
  });

  test("works across the date line, from either side", () => {
    const given = wrapped(area(SQUARE, FIJI));
    expect(faultsIn(given, FIJI, "")).toEqual([]);
    for (const restaurant of [FIJI, { lat: FIJI.lat, lng: -179.9375 }]) {
      expect(contains(given, restaurant, { lat: FIJI.lat, lng: -179.9375 })).toBe(true);
      expect(contains(given, restaurant, { lat: FIJI.lat, lng: 179.8125 })).toBe(true);
      expect(contains(given, restaurant, { lat: FIJI.lat, lng: 180 })).toBe(true);
      expect(contains(given, restaurant, { lat: FIJI.lat, lng: -180 })).toBe(true);
      expect(contains(given, restaurant, { lat: FIJI.lat, lng: -179.9374 })).toBe(false);
      expect(contains(given, restaurant, { lat: FIJI.lat, lng: 179.8124 })).toBe(false);
      expect(contains(given, restaurant, { lat: FIJI.lat, lng: 0 })).toBe(false);
    }
  });
});

test("reachOf is the distance of the farthest corner", () => {
  expect(Math.round(reachOf(area(SQUARE), BERLIN) / 100)).toBe(163);
  expect(Math.round(reachOf(wrapped(area(SQUARE, FIJI)), FIJI) / 100)).toBe(193);
});

describe("faultsIn", () => {
  const pointerOf = (given: Area, from = BERLIN) =>
    faultsIn(given, from, "/area").map(({ pointer }) => pointer);
  const at = (i: number) => [`/area/coordinates/0/${i}`];

  test("finds nothing wrong with simple polygons, whatever their direction", () => {
    for (const corners of [SQUARE, SQUARE.toReversed(), SQUARE.slice(0, 3)])
      expect(pointerOf(area(corners))).toEqual([]);
    const star = Array.from({ length: 499 }, (_, i): [number, number] => {
      const angle = (2 * Math.PI * i) / 499;
      const radius = i % 2 === 0 ? 0.2 : 0.1;
      return [Math.cos(angle) * radius, Math.sin(angle) * radius];
    });
    expect(pointerOf(area(star))).toEqual([]);
  });

  test("refuses an open ring", () => {
    const { type, coordinates } = area(SQUARE);
    expect(pointerOf({ type, coordinates: [coordinates[0]?.slice(0, 4) ?? []] })).toEqual(at(3));
  });

  test.each([
    ["that crosses itself", [SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3]]],
    ["that touches itself at a corner", [...SQUARE.slice(0, 3), [0, -0.125], SQUARE[3]]],
    ["that repeats a corner", [SQUARE[0], SQUARE[0], SQUARE[1], SQUARE[2]]],
    ["that comes back to a corner", [...SQUARE, [0, 0], [0.125, -0.125], [0.0625, -0.0625]]],
    ["that folds back", [SQUARE[0], SQUARE[1], [0, -0.125], SQUARE[2]]],
    ["without an area", [SQUARE[0], SQUARE[1], [0.0625, -0.125]]],
  ])("refuses a ring %s", (_, corners) => {
    expect(pointerOf(area(corners as [number, number][]))).toHaveLength(1);
  });

  test("refuses corners that are far away, also over a pole", () => {
    expect(pointerOf(area([...SQUARE.slice(0, 2), [0, 1]]))).toEqual(at(2));
    const pole = { lat: 89.99, lng: 0 };
    const around = area(
      [
        [-120, 0],
        [0, 0],
        [120, 0],
      ],
      pole,
    );
    expect(pointerOf(around, pole)).toEqual(at(0));
  });
});
