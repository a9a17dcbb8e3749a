import { describe, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import { distanceMeters, EARTH_RADIUS_METERS, fromPoint, Location, toPoint } from "./geo.ts";

const berlin = { lat: 52.52, lng: 13.405 };

describe("distanceMeters", () => {
  test("is zero to itself and the same both ways", () => {
    const paris = { lat: 48.8566, lng: 2.3522 };
    expect(distanceMeters(berlin, berlin)).toBe(0);
    expect(distanceMeters(berlin, paris)).toBeCloseTo(distanceMeters(paris, berlin), 6);
    expect(distanceMeters(berlin, paris)).toBeWithin(876_000, 880_000);
  });

  test("takes the short way across the date line", () => {
    expect(distanceMeters({ lat: 0, lng: 179.999 }, { lat: 0, lng: -179.999 })).toBeLessThan(250);
  });

  test("is half the circumference between antipodes", () => {
    expect(distanceMeters({ lat: 90, lng: 0 }, { lat: -90, lng: 77 })).toBeCloseTo(
      Math.PI * EARTH_RADIUS_METERS,
      3,
    );
  });
});

test("a position converts to GeoJSON, longitude first, and back", () => {
  expect(toPoint(berlin)).toEqual({ type: "Point", coordinates: [13.405, 52.52] });
  expect(fromPoint(toPoint(berlin))).toEqual(berlin);
});

describe("Location", () => {
  test.each([
    [{ lat: 90, lng: -180 }, true],
    [{ lat: 90.000001, lng: 0 }, false],
    [{ lat: 0, lng: 180.000001 }, false],
    [{ lat: "1", lng: 0 }, false],
    [{ lat: Number.NaN, lng: 0 }, false],
    [{ lat: Number.POSITIVE_INFINITY, lng: 0 }, false],
    [{ lat: 1 }, false],
    [{ lat: 1, lng: 1, alt: 1 }, false],
    [[1, 1], false],
  ])("accepts %p: %p", (value, taken) => {
    expect(Value.Check(Location, value)).toBe(taken);
  });
});
