import { describe, expect, test } from "bun:test";
import { isRegionNear, regionOf } from "./region.ts";

describe("regionOf", () => {
  test("gives places of one cell the same region, and those across a border another one", () => {
    const region = regionOf({ lat: 52.5, lng: 13.25 });
    expect(regionOf({ lat: 52.749, lng: 13.499 })).toBe(region);
    expect(regionOf({ lat: 52.499, lng: 13.25 })).not.toBe(region);
    expect(regionOf({ lat: 52.5, lng: 13.249 })).not.toBe(region);
  });

  test("knows the south, the west, and the 180th meridian by both of its names", () => {
    expect(regionOf({ lat: -0.1, lng: -0.1 })).toBe("-1:-1");
    expect(regionOf({ lat: 0, lng: 180 })).toBe(regionOf({ lat: 0, lng: -180 }));
  });
});

describe("isRegionNear", () => {
  const region = regionOf({ lat: 52.6, lng: 13.3 });

  test("holds inside the region, whatever the distance", () => {
    expect(isRegionNear(region, { lat: 52.6, lng: 13.4 }, 1)).toBe(true);
  });

  test("holds outside as far as the nearest border is within reach", () => {
    const south = { lat: 52.45, lng: 13.3 };
    expect(isRegionNear(region, south, 5_600)).toBe(true);
    expect(isRegionNear(region, south, 5_500)).toBe(false);
  });

  test("holds across the 180th meridian", () => {
    const fiji = regionOf({ lat: -17.1, lng: 179.9 });
    expect(isRegionNear(fiji, { lat: -17.1, lng: -179.99 }, 2_000)).toBe(true);
    expect(isRegionNear(fiji, { lat: -17.1, lng: -179.9 }, 2_000)).toBe(false);
  });

  test("does not hold for what is no region", () => {
    expect(isRegionNear("?", { lat: 0, lng: 0 }, 1e9)).toBe(false);
  });
});
