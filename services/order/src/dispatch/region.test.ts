import { describe, expect, test } from "bun:test";
import { isRegionNear, regionOf } from "./region.ts";

describe("regionOf", () => {
  test("returns the same region for places in one cell, and another region across its border", () => {
    const region = regionOf({ lat: 52.5, lng: 13.25 });
    expect(regionOf({ lat: 52.749, lng: 13.499 })).toBe(region);
    expect(regionOf({ lat: 52.499, lng: 13.25 })).not.toBe(region);
    expect(regionOf({ lat: 52.5, lng: 13.249 })).not.toBe(region);
  });

  test("accepts negative coordinates, and treats longitudes 180 and -180 alike", () => {
    expect(regionOf({ lat: -0.1, lng: -0.1 })).toBe("-1:-1");
    expect(regionOf({ lat: 0, lng: 180 })).toBe(regionOf({ lat: 0, lng: -180 }));
  });
});

describe("isRegionNear", () => {
  const region = regionOf({ lat: 52.6, lng: 13.3 });

  test("inside the region, is true for any distance", () => {
    expect(isRegionNear(region, { lat: 52.6, lng: 13.4 }, 1)).toBe(true);
  });

  test("outside the region, is true when the nearest border is within the distance", () => {
    const south = { lat: 52.45, lng: 13.3 };
    expect(isRegionNear(region, south, 5_600)).toBe(true);
    expect(isRegionNear(region, south, 5_500)).toBe(false);
  });

  test("measures across the 180th meridian", () => {
    const fiji = regionOf({ lat: -17.1, lng: 179.9 });
    expect(isRegionNear(fiji, { lat: -17.1, lng: -179.99 }, 2_000)).toBe(true);
    expect(isRegionNear(fiji, { lat: -17.1, lng: -179.9 }, 2_000)).toBe(false);
  });

  test("is false for an invalid region", () => {
    expect(isRegionNear("?", { lat: 0, lng: 0 }, 1e9)).toBe(false);
  });
});
