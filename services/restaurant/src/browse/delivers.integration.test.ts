import { beforeAll, describe, expect, spyOn, test } from "bun:test";
import { describeWithDatabases } from "@food/shared/testing/service";
import { distanceMeters, type Location } from "@food/shared/values/geo";
import { Collection } from "mongodb";
import {
  BERLIN,
  located,
  type RestaurantService,
  startRestaurantService,
} from "../restaurant-service.builder.ts";
import { namesOn, north, ownWord, searching } from "./search.builder.ts";

let service: RestaurantService;
const { search, names, pages } = searching(() => service);
const near = ({ lat, lng }: Location) => `${lat},${lng}`;
const delivers = (word: string, place: Location) => ({ query: word, delivers: "true", near: near(place) });

describeWithDatabases("GET /v1/restaurants?delivers=true", () => {
  beforeAll(async () => {
    service = await startRestaurantService();
  });

  test("answers 200 with the restaurants that deliver to the position, nearest first", async () => {
    const word = ownWord();
    for (const [meters, deliveryRadiusMeters] of [
      [3_000, 4_000],
      [1_000, 900],
      [2_000, 2_100],
    ] as const)
      await service.join({ name: `${word} ${meters}`, ...located(north(meters)), deliveryRadiusMeters });
    expect(await names(delivers(word, BERLIN))).toEqual(["2000", "3000"]);
    expect(await names({ ...delivers(word, BERLIN), delivers: "false" })).toEqual(["1000", "2000", "3000"]);
  });

  test("is exact at the border of a range for all who share a page, which is loaded once", async () => {
    const word = ownWord();
    await service.join({ name: `${word} inn`, ...located(north(-1_000)), deliveryRadiusMeters: 1_000 });
    const places = [north(-40), north(-1), north(0), north(1), north(40), north(-2)];
    const asking = spyOn(Collection.prototype, "aggregate");
    const answers = await Promise.all(places.map((place) => search(delivers(word, place))));
    expect(asking).toHaveBeenCalledTimes(1);
    asking.mockRestore();
    expect(answers.map(({ body }) => body.items.length)).toEqual([1, 1, 1, 0, 0, 1]);
    for (const [i, { headers }] of answers.entries()) {
      const etag = headers.get("etag") ?? "";
      expect(etag).toBe(answers[i < 3 || i === 5 ? 0 : 3]?.headers.get("etag") ?? "");
      const again = await service.call(
        `GET /v1/restaurants?${new URLSearchParams(delivers(word, places[i] ?? BERLIN))}`,
        { headers: { "if-none-match": etag } },
      );
      expect([again.status, again.headers.get("etag")]).toEqual([304, etag]);
    }
  });

  test("matches the distance at any position, page by page", async () => {
    const word = ownWord();
    const kitchens = Array.from({ length: 40 }, (_, i) => ({
      name: `${word} ${i}`,
      location: { lat: BERLIN.lat + Math.sin(i * 7) * 0.02, lng: BERLIN.lng + Math.cos(i * 3) * 0.03 },
      deliveryRadiusMeters: 500 + ((i * 379) % 2_500),
    }));
    for (const { location, ...kitchen } of kitchens) await service.join({ ...kitchen, ...located(location) });
    for (let i = 0; i < 60; i++) {
      const place = { lat: BERLIN.lat + (i % 8) * 0.0007, lng: BERLIN.lng + Math.floor(i / 8) * 0.0009 };
      const expected = kitchens.filter(
        ({ location, deliveryRadiusMeters }) =>
          Math.round(distanceMeters(location, place)) <= deliveryRadiusMeters,
      );
      const found = namesOn(await pages({ ...delivers(word, place), limit: 7 }));
      expect(found.sort()).toEqual(expected.map(({ name }) => name.slice(word.length + 1)).sort());
    }
  });

  test("after a change of range, is right for the next reader", async () => {
    const word = ownWord();
    const member = await service.join({ name: `${word} inn`, ...located(north(1_000)) });
    const reach = (deliveryRadiusMeters: number) =>
      service.call("PATCH /v1/restaurants/me", { ...member, body: { deliveryRadiusMeters } });
    expect(await names(delivers(word, BERLIN))).toEqual(["inn"]);
    for (const [meters, shown] of [
      [500, []],
      [1_001, ["inn"]],
      [999, []],
    ] as const) {
      await reach(meters);
      expect(await names(delivers(word, BERLIN))).toEqual([...shown]);
    }
  });

  describe("after hundreds that do not deliver", () => {
    const word = ownWord();
    beforeAll(async () => {
      const { restaurantId } = await service.join({
        name: `${word} far`,
        ...located(north(20_000)),
        deliveryRadiusMeters: 30_000,
      });
      const restaurants = service.base.mongo.db.collection<{ _id: string }>("restaurants");
      const far = await restaurants.findOne({ _id: restaurantId });
      const { address, position } = {
        ...located(north(5_000)),
        position: { type: "Point", coordinates: [BERLIN.lng, north(5_000).lat] },
      };
      await restaurants.insertMany(
        Array.from({ length: 700 }, (_, i) => ({
          ...far,
          ...{
            _id: `${restaurantId}${i}`,
            email: `${restaurantId}${i}`,
            address,
            position,
            deliveryRadiusMeters: 900,
          },
        })),
      );
    });

    test("finds one that does on the first page", async () => {
      expect(await names(delivers(word, BERLIN))).toEqual(["far"]);
    });
  });

  test("answers 422 without a position, and for a value other than true or false", async () => {
    for (const [query, pointer] of [
      [{ delivers: "true" }, "/query/near"],
      [{ delivers: "maybe", near: "52.52,13.405" }, "/query/delivers"],
    ] as const) {
      const { status, body } = await search(query);
      expect([status, body.code, body.details?.[0]?.pointer]).toEqual([422, "VALIDATION_FAILED", pointer]);
    }
    expect((await search({ delivers: "false" })).status).toBe(200);
  });
});
