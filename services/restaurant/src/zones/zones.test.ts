import { describe, expect, test } from "bun:test";
import type { Area, DeliveryZone } from "@food/shared/contracts/delivery-zones";
import { chargesFor, deliversTo, offerAt, reachMeters, zoneFaults } from "./zones.ts";

const location = { lat: 52.5, lng: 13.5 };
const DEGREE_METERS = 111_319;
const north = (meters: number) => ({ lat: location.lat + meters / DEGREE_METERS, lng: location.lng });
const restaurant = (deliveryZones?: DeliveryZone[]) => ({
  ...{ address: { location }, currency: "EUR", deliveryRadiusMeters: 3_000, deliveryFeeCents: 250 },
  ...(deliveryZones && { deliveryZones }),
});
const square = (size: number): Area => ({
  type: "Polygon",
  coordinates: [
    [
      [location.lng - size, location.lat - size],
      [location.lng + size, location.lat - size],
      [location.lng + size, location.lat + size],
      [location.lng - size, location.lat + size],
      [location.lng - size, location.lat - size],
    ],
  ],
});

describe("offerAt", () => {
  test("without zones is by the radius, at the flat fee", () => {
    const offer = { deliverable: true, currency: "EUR", deliveryFeeCents: 250 };
    for (const zones of [undefined, []]) {
      expect(offerAt(restaurant(zones), north(2_990))).toEqual({ ...offer, distanceMeters: 2_990 });
      expect(offerAt(restaurant(zones), north(3_010))).toEqual({
        ...{ deliverable: false, currency: "EUR", distanceMeters: 3_010 },
      });
    }
  });

  test("is of the first zone that contains the place, whatever the radius", () => {
    const inner: DeliveryZone = { name: "Inner", radiusMeters: 1_000, feeCents: 100 };
    const outer: DeliveryZone = {
      ...{ name: "Outer", area: square(0.0625), feeCents: 200, perKilometerCents: 33 },
      ...{ freeFromCents: 3_000, minimumCents: 1_500, smallOrder: { belowCents: 2_000, surchargeCents: 99 } },
    };
    const both = restaurant([inner, outer]);
    expect(offerAt(both, north(999))).toMatchObject({ zone: "Inner", deliveryFeeCents: 100 });
    expect(offerAt(both, north(5_000))).toEqual({
      ...{ deliverable: true, zone: "Outer", currency: "EUR", distanceMeters: 5_000 },
      ...{ deliveryFeeCents: 200 + 165, freeFromCents: 3_000, minimumCents: 1_500 },
      smallOrder: { belowCents: 2_000, surchargeCents: 99 },
    });
    expect(offerAt(both, north(7_100)).deliverable).toBe(false);
    expect(offerAt(restaurant([outer, inner]), north(999)).zone).toBe("Outer");
    expect(deliversTo(both, north(7_100))).toBe(false);
  });
});

test("chargesFor is free from an amount, and adds a surcharge below another", () => {
  const offer = {
    ...{ deliverable: true, distanceMeters: 0, currency: "EUR", deliveryFeeCents: 200 },
    ...{ freeFromCents: 3_000, minimumCents: 1_500, smallOrder: { belowCents: 2_000, surchargeCents: 99 } },
  };
  expect(chargesFor(offer, 1_499)).toEqual({ feeCents: 200, surchargeCents: 99, missingCents: 1 });
  expect(chargesFor(offer, 1_500)).toEqual({ feeCents: 200, surchargeCents: 99, missingCents: 0 });
  expect(chargesFor(offer, 2_000)).toEqual({ feeCents: 200, surchargeCents: 0, missingCents: 0 });
  expect(chargesFor(offer, 3_000)).toEqual({ feeCents: 0, surchargeCents: 0, missingCents: 0 });
});

test("reachMeters is beyond every place to which the restaurant delivers", () => {
  const zoned = restaurant([
    { name: "Inner", radiusMeters: 5_000, feeCents: 0 },
    { name: "Outer", area: square(0.0625), feeCents: 0 },
  ]);
  expect(reachMeters(restaurant())).toBe(3_000);
  expect(reachMeters(zoned)).toBeWithin(8_100, 8_400);
});

test("zoneFaults refuses a zone with both or neither of radius and area", () => {
  const neither = { name: "Neither", feeCents: 0 };
  const both = { ...neither, radiusMeters: 1_000, area: square(0.1) };
  const faults = zoneFaults([{ ...neither, radiusMeters: 100 }, neither, both], location);
  expect(faults.map(({ pointer }) => pointer)).toEqual(["/deliveryZones/1", "/deliveryZones/2"]);
});
