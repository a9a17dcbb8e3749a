import { beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { Area, DeliveryOffer, DeliveryZone } from "@food/shared/contracts/delivery-zones";
import type { Quote } from "@food/shared/contracts/restaurant";
import { describeWithDatabases } from "@food/shared/testing/service";
import type { Location } from "@food/shared/values/geo";
import { newId } from "@food/shared/values/id";
import { north, ownWord, searching } from "../browse/search.builder.ts";
import {
  aRestaurant,
  BERLIN,
  located,
  type Member,
  type RestaurantService,
  startRestaurantService,
} from "../restaurant-service.builder.ts";
import type { OwnRestaurant } from "../restaurants/schema.ts";

/** A square around the place, half its side in degrees. */
const square = (size: number, { lat, lng }: Location = BERLIN): Area => ({
  type: "Polygon",
  coordinates: [
    [
      [lng - size, lat - size],
      [lng + size, lat - size],
      [lng + size, lat + size],
      [lng - size, lat + size],
      [lng - size, lat - size],
    ],
  ],
});
const INNER: DeliveryZone = { name: "Inner", radiusMeters: 1_000, feeCents: 100 };
const OUTER: DeliveryZone = {
  ...{ name: "Outer", area: square(0.03), feeCents: 300, freeFromCents: 4_000, minimumCents: 1_500 },
  smallOrder: { belowCents: 2_000, surchargeCents: 150 },
};
/** In OUTER, not in INNER. */
const FARTHER = north(2_000);
const near = ({ lat, lng }: Location) => `${lat},${lng}`;

describeWithDatabases("delivery zones", () => {
  let service: RestaurantService;
  let member: Member;
  const { names } = searching(() => service);
  beforeAll(async () => {
    service = await startRestaurantService();
  });
  beforeEach(async () => {
    member = await service.join();
  });
  const change = (body: object) =>
    service.call<OwnRestaurant & { code: string; details?: { pointer: string }[] }>(
      "PATCH /v1/restaurants/me",
      { ...member, body },
    );
  const offer = (place: string, restaurantId = member.restaurantId) =>
    service.call<DeliveryOffer & { code?: string }>(
      `GET /v1/restaurants/${restaurantId}/delivery?near=${place}`,
    );
  const order = async (priceCents: number, dropoff: Location) => {
    const { dishId } = await service.addDish(member, { priceCents });
    return service.call<Quote & { code: string; detail: string }>("POST /internal/quotes", {
      token: await service.order.serviceToken("restaurant"),
      body: { restaurantId: member.restaurantId, items: [{ dishId, quantity: 1 }], dropoff },
    });
  };
  const feeOf = async (priceCents: number, dropoff: Location) =>
    (await order(priceCents, dropoff)).body.deliveryFeeCents;

  describe("PATCH /v1/restaurants/me", () => {
    test("answers 200 with the zones, which only their restaurant sees; an empty list removes them", async () => {
      const { status, body } = await change({ deliveryZones: [INNER, OUTER] });
      expect([status, body.deliveryZones]).toEqual([200, [INNER, OUTER]]);
      const page = (await service.call<OwnRestaurant>(`GET /v1/restaurants/${member.restaurantId}`)).body;
      expect(page).not.toContainKey("deliveryZones");
      expect(page.deliversByZone).toBe(true);
      expect((await change({ deliveryZones: [] })).body).not.toContainKey("deliversByZone");
      expect((await offer(near(BERLIN))).body.deliveryFeeCents).toBe(250);
    });

    const [ring = []] = square(0.01).coordinates;
    const withRing = (positions: unknown) => ({
      ...INNER,
      radiusMeters: undefined,
      area: { type: "Polygon", coordinates: [positions] },
    });
    test.each([
      ["both a radius and an area", [{ ...OUTER, radiusMeters: 1_000 }], "/deliveryZones/0"],
      ["neither", [INNER, { name: "None", feeCents: 0 }], "/deliveryZones/1"],
      ["an open ring", [withRing(ring.slice(0, 4))], "/deliveryZones/0/area/coordinates/0/3"],
      [
        "a ring that crosses itself",
        [withRing([ring[0], ring[2], ring[1], ring[3], ring[0]])],
        "/deliveryZones/0/area/coordinates/0",
      ],
      [
        "a ring far away",
        [{ ...OUTER, area: square(0.01, { lat: 0, lng: 0 }) }],
        "/deliveryZones/0/area/coordinates/0/0",
      ],
      [
        "a ring over the pole",
        [{ ...OUTER, area: square(1, { lat: 89, lng: 0 }) }],
        "/deliveryZones/0/area/coordinates/0/0",
      ],
    ])(
      "answers 422 with DELIVERY_ZONES_INVALID for %s, and changes nothing",
      async (_, deliveryZones, pointer) => {
        const signUp = { ...aRestaurant(), deliveryZones };
        for (const { status, body } of [
          await change({ deliveryZones }),
          await service.call("POST /v1/restaurants", { body: signUp }),
        ]) {
          expect([status, body.code]).toEqual([422, "DELIVERY_ZONES_INVALID"]);
          expect(body.details?.some((fault) => fault.pointer.startsWith(pointer))).toBe(true);
        }
        expect((await offer(near(BERLIN))).body.deliveryFeeCents).toBe(250);
      },
    );

    test.each([
      ["501 positions", [withRing(Array(501).fill([13.4, 52.5]))], "/deliveryZones/0/area/coordinates/0"],
      ["three positions", [withRing(ring.slice(0, 3))], "/deliveryZones/0/area/coordinates/0"],
      ["a position out of range", [withRing([[181, 0], ...ring])], "/deliveryZones/0/area/coordinates/0/0/0"],
      [
        "a hole",
        [{ ...OUTER, area: { type: "Polygon", coordinates: [ring, ring] } }],
        "/deliveryZones/0/area/coordinates",
      ],
      [
        "another shape",
        [{ ...OUTER, area: { type: "Point", coordinates: [[ring]] } }],
        "/deliveryZones/0/area/type",
      ],
      ["a negative fee", [{ ...INNER, feeCents: -1 }], "/deliveryZones/0/feeCents"],
      ["a fee that is too large", [{ ...INNER, feeCents: 1e12 }], "/deliveryZones/0/feeCents"],
      [
        "a surcharge without a limit",
        [{ ...INNER, smallOrder: { surchargeCents: 1 } }],
        "/deliveryZones/0/smallOrder/belowCents",
      ],
      ["twenty-one zones", Array(21).fill(INNER), "/deliveryZones"],
    ])("answers 422 with VALIDATION_FAILED for %s", async (_, deliveryZones, pointer) => {
      const { status, body } = await change({ deliveryZones });
      expect([status, body.code]).toEqual([422, "VALIDATION_FAILED"]);
      expect(body.details?.map((fault) => fault.pointer)).toContain(pointer);
    });

    test("answers 422 to a move so far away that the zones no longer fit", async () => {
      await change({ deliveryZones: [OUTER] });
      const { status, body } = await change(located({ lat: 48, lng: 11 }));
      expect([status, body.code]).toEqual([422, "DELIVERY_ZONES_INVALID"]);
      expect((await change({ ...located({ lat: 48, lng: 11 }), deliveryZones: [INNER] })).status).toBe(200);
    });
  });

  describe("GET /v1/restaurants/:restaurantId/delivery", () => {
    test("answers 200 with fee and minimum of the first zone that contains the address, for the next reader after a change", async () => {
      expect((await offer(near(BERLIN))).body).toEqual({
        ...{ deliverable: true, distanceMeters: 0, currency: "EUR", deliveryFeeCents: 250 },
      });
      await change({ deliveryZones: [INNER, OUTER] });
      expect((await offer(near(BERLIN))).body).toMatchObject({ zone: "Inner", deliveryFeeCents: 100 });
      const { feeCents: _, area: __, name: zone, ...prices } = OUTER;
      expect((await offer(near(FARTHER))).body).toEqual({
        ...{ deliverable: true, distanceMeters: 2_000, currency: "EUR", zone, deliveryFeeCents: 300 },
        ...prices,
      });
      expect((await offer(near(north(4_000)))).body).toEqual({
        ...{ deliverable: false, distanceMeters: 4_000, currency: "EUR" },
      });
    });

    test("answers 404 for an unknown restaurant, and 422 without a position or with one out of range", async () => {
      const unknown = await offer(near(BERLIN), newId("rst"));
      expect([unknown.status, unknown.body.code]).toEqual([404, "RESTAURANT_NOT_FOUND"]);
      for (const place of ["", "here", "91,0", "0,181"]) {
        const { status, body } = await offer(place);
        expect([status, body.code]).toEqual([422, "VALIDATION_FAILED"]);
      }
    });
  });

  describe("placing", () => {
    beforeEach(() => change({ deliveryZones: [INNER, OUTER] }));

    test("charges the zone's fee, with the surcharge for a small order, and none from an amount on", async () => {
      expect(await feeOf(500, BERLIN)).toBe(100);
      expect(await feeOf(1_500, FARTHER)).toBe(300 + 150);
      expect(await feeOf(2_000, FARTHER)).toBe(300);
      expect(await feeOf(4_000, FARTHER)).toBe(0);
    });

    test("below the minimum answers 422 with what is missing", async () => {
      const { status, body } = await order(1_400, FARTHER);
      expect([status, body.code]).toEqual([422, "BELOW_MINIMUM_ORDER"]);
      expect(body.detail).toBe(
        "The minimum order to this address is 1500, and 100 are missing, in minor units of EUR.",
      );
    });

    test("outside all zones answers 422, also within the radius", async () => {
      const { status, body } = await order(5_000, north(4_000));
      expect([status, body.code]).toEqual([422, "OUT_OF_RANGE"]);
      expect(body.detail).toBe("The address is outside the restaurant's delivery zones.");
    });
  });

  test("a search by `delivers` is exact for zones, for all who share a page", async () => {
    const word = ownWord();
    const corner = 0.01;
    await service.join({
      name: `${word} zone`,
      deliveryRadiusMeters: 100,
      deliveryZones: [{ ...OUTER, area: square(corner) }],
    });
    await service.join({ name: `${word} radius`, deliveryRadiusMeters: 20_000 });
    const at = (lat: number, lng = BERLIN.lng) =>
      names({ query: word, delivers: "true", near: `${lat},${lng}` });
    const border = BERLIN.lat + corner;
    expect(await at(border)).toContain("zone");
    expect(await at(border - 0.0002)).toContain("zone");
    expect(await at(border + 0.0002)).toEqual(["radius"]);
    expect(await at(border, BERLIN.lng + corner)).toContain("zone");
    expect(await at(border, BERLIN.lng + corner + 0.0002)).toEqual(["radius"]);
  });
});
