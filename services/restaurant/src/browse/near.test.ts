import { describe, expect, test } from "bun:test";
import { distanceMeters } from "@food/shared/values/geo";
import fc from "fast-check";
import { locationIn, SHARED_WITHIN_METERS, sharedPlace } from "./near.ts";

const degrees = (most: number) =>
  fc.double({ min: -most, max: most, noNaN: true }).map((value) => value.toFixed(9));

describe("sharedPlace", () => {
  test("is within SHARED_WITHIN_METERS everywhere on Earth", () => {
    fc.assert(
      fc.property(degrees(90), degrees(180), (lat, lng) => {
        const meters = distanceMeters(locationIn(`${lat},${lng}`), locationIn(sharedPlace(`${lat},${lng}`)));
        // Both distances are rounded to full meters.
        expect(meters + 1).toBeLessThanOrEqual(SHARED_WITHIN_METERS);
      }),
      {
        numRuns: 2_000,
        examples: [
          ["0.0005", "0.0005"],
          ["-0.0015", "179.9995"],
          ["89.9996", "12.3456"],
        ],
      },
    );
  });
});
