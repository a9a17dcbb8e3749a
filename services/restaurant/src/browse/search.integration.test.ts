import { beforeAll, describe, expect, spyOn, test } from "bun:test";
import type { OpeningHours } from "@food/shared/contracts/restaurant";
import { describeWithDatabases, keysOf } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { encodeCursor } from "@food/shared/values/page";
import { Collection } from "mongodb";
import {
  aRestaurant,
  BERLIN,
  located,
  type RestaurantService,
  startRestaurantService,
} from "../restaurant-service.builder.ts";
import { namesOn, north, ownWord, type Page, type Query, searching } from "./search.builder.ts";

const NEVER: OpeningHours = { timeZone: "UTC", intervals: [] };

let service: RestaurantService;
const { search, names, pages } = searching(() => service);

describeWithDatabases("GET /v1/restaurants", () => {
  beforeAll(async () => {
    service = await startRestaurantService();
  });

  test("answers 200 without a token, with public fields only", async () => {
    const name = ownWord();
    const { restaurantId } = await service.join({ name });
    const { status, body } = await search({ query: name });
    expect([status, body.nextCursor]).toEqual([200, null]);
    expect(body.items).toMatchObject([{ restaurantId, name, openNow: true, acceptingOrders: true }]);
    expect(body.items[0]).not.toContainAnyKeys(["email", "createdAt", "searchTerms", "distanceMeters"]);
  });

  describe("a page that was read before", () => {
    const page = (query: Query, headers: Record<string, string> = {}) =>
      service.call<Page>(`GET /v1/restaurants?${new URLSearchParams(query as Record<string, string>)}`, {
        headers,
      });

    test("is shared with searches near by, with distances right within 80 m", async () => {
      const name = ownWord();
      await service.join({ name, ...located(north(1_000)) });
      const at = (lat: number) => ({ near: `${lat},${BERLIN.lng}`, query: name });
      const asking = spyOn(Collection.prototype, "aggregate");
      const pages = [
        await page(at(BERLIN.lat)),
        await page(at(BERLIN.lat + 0.0004)),
        await page(at(BERLIN.lat - 0.0004)),
      ];
      expect(asking).toHaveBeenCalledTimes(1);
      asking.mockRestore();
      expect(new Set(pages.map(({ headers }) => headers.get("etag"))).size).toBe(1);
      expect(pages[0]?.body.items[0]?.distanceMeters).toBeWithin(920, 1_081);
    });

    test("when the client has it, is answered with 304 and without MongoDB", async () => {
      const name = ownWord();
      await service.join({ name });
      const etag = (await page({ query: name })).headers.get("etag") ?? "";
      const asking = spyOn(Collection.prototype, "find");
      expect((await page({ query: name }, { "if-none-match": etag })).status).toBe(304);
      expect(asking).not.toHaveBeenCalled();
      asking.mockRestore();
    });

    test("after a new, changed or closed restaurant, is right for the next reader", async () => {
      const name = ownWord();
      expect((await page({ query: name })).body.items).toEqual([]);
      await service.call("POST /v1/restaurants", { body: aRestaurant({ name }) });
      expect((await page({ query: name })).body.items).toMatchObject([{ acceptingOrders: false }]);
      const other = ownWord();
      const member = await service.join({ name: other });
      expect((await page({ query: other })).body.items).toMatchObject([{ acceptingOrders: true }]);
      await service.call("PUT /v1/restaurants/me/availability", {
        ...member,
        body: { acceptingOrders: false },
      });
      expect((await page({ query: other })).body.items).toMatchObject([{ acceptingOrders: false }]);
      expect((await page({ query: other, open: "true" })).body.items).toEqual([]);
    });

    test("is one of a limited number of pages", async () => {
      const word = ownWord();
      const asked = Array.from({ length: 1_500 }, (_, i) => i);
      for (let from = 0; from < asked.length; from += 50)
        await Promise.all(asked.slice(from, from + 50).map((i) => page({ query: `${word}${i}` })));
      const keys = await keysOf(service.base.redis, "cache:{pages}:*");
      expect(keys.filter((key) => /:\d+$/.test(key)).length).toBeLessThanOrEqual(1_024);
    });
  });

  test("without a position, sorts by name across pages, also for equal names", async () => {
    const word = ownWord();
    for (const letter of ["C", "A", "b", "B", "b"]) await service.join({ name: `${word} ${letter}` });
    const read = await pages({ query: word, limit: 2 });
    expect(namesOn(read).map((name) => name.toLowerCase())).toEqual(["a", "b", "b", "b", "c"]);
    expect(read.map((items) => items.length)).toEqual([2, 2, 1]);
    expect(new Set(read.flat().map(({ restaurantId }) => restaurantId)).size).toBe(5);
  });

  describe("near a position", () => {
    test("sorts by distance, in whole meters", async () => {
      const word = ownWord();
      for (const meters of [900, 100, 500])
        await service.join({ name: `${word} ${meters}`, ...located(north(meters)) });
      const { body } = await search({ query: word, near: `${BERLIN.lat},${BERLIN.lng}` });
      expect(namesOn([body.items])).toEqual(["100", "500", "900"]);
      for (const { name, distanceMeters } of body.items) {
        const meters = Number(name.split(" ")[1]);
        expect(distanceMeters).toBeWithin(meters - 2, meters + 3);
        expect(distanceMeters).toBeInteger();
      }
    });

    test("uses the restaurant's own position when other positions are indexed", async () => {
      const other = await startRestaurantService();
      await other.base.mongo.db.collection("restaurants").createIndex({ warehouse: "2dsphere" });
      await other.join();
      const { status, body } = await other.call<Page>("GET /v1/restaurants?near=52.52,13.405");
      expect([status, body.items.length]).toEqual([200, 1]);
    });

    test("returns each restaurant once when a page ends between equal distances", async () => {
      const word = ownWord();
      const expected = ["here", "here", "here", "there", "there", "there", "there", "away"];
      for (const place of ["there", "here", "there", "here", "away", "there", "here", "there"])
        await service.join({
          name: `${word} ${place}`,
          ...located(place === "here" ? BERLIN : north(place === "there" ? 333.3 : 4_000)),
        });
      for (const limit of [1, 2, 3, 7, 8]) {
        const read = await pages({ query: word, near: `${BERLIN.lat},${BERLIN.lng}`, limit });
        expect(namesOn(read)).toEqual(expected);
        expect(new Set(read.flat().map(({ restaurantId }) => restaurantId)).size).toBe(expected.length);
      }
    });

    test("finds restaurants across the antimeridian and at a pole", async () => {
      const word = ownWord();
      await service.join({ name: `${word} fiji`, ...located({ lat: -17, lng: -179.99 }) });
      await service.join({ name: `${word} pole`, ...located({ lat: 90, lng: 0 }) });
      expect((await names({ query: word, near: "-17,179.99" }))[0]).toBe("fiji");
      expect((await names({ query: word, near: "90,-180" }))[0]).toBe("pole");
    });

    test.each(["91,0", "-91,0", "0,181", "0,-181", "99,999"])(
      "answers 422 for the position %s, which is out of range",
      async (near) => {
        const { status, body } = await search({ near });
        expect([status, body.code, body.details?.[0]?.pointer]).toEqual([
          422,
          "VALIDATION_FAILED",
          "/query/near",
        ]);
      },
    );

    test.each(["52.52", "here", "52.52;13.4", "1e1,2", "NaN,NaN", ""])("answers 422 for %p", async (near) => {
      const { status, body } = await search({ near });
      expect([status, body.code]).toEqual([422, "VALIDATION_FAILED"]);
    });
  });

  describe("with open", () => {
    const word = ownWord();
    beforeAll(async () => {
      for (let i = 10; i < 40; i++) {
        const openingHours = i % 10 === 5 ? undefined : NEVER;
        await service.join({ name: `${word} ${i}`, ...(openingHours && { openingHours }) });
      }
      const paused = await service.join({ name: `${word} 05` });
      const { token } = paused;
      await service.call("PUT /v1/restaurants/me/availability", { token, body: { acceptingOrders: false } });
    });

    test("returns only restaurants that take orders now", async () => {
      expect(await names({ query: word, open: "true" })).toEqual(["15", "25", "35"]);
    });

    test.each([1, 2, 3, 20])(
      "finds each of them, %d a page, after any number that are closed",
      async (limit) => {
        for (const near of [{}, { near: "52.5,13.4" }]) {
          const read = await pages({ query: word, open: "true", limit, ...near });
          expect(namesOn(read).sort()).toEqual(["15", "25", "35"]);
          expect(Math.max(...read.map((items) => items.length))).toBeLessThanOrEqual(limit);
        }
      },
    );

    test("returns all of them without open, and with false", async () => {
      expect(await names({ query: word, limit: 100 })).toHaveLength(31);
      expect(await names({ query: word, limit: 100, open: "false" })).toHaveLength(31);
    });

    test("answers 422 for a value other than true or false", async () => {
      expect((await search({ open: "maybe" })).status).toBe(422);
    });
  });

  test.each([0, 101, -1, 1.5, "all"])("answers 422 for a limit of %s", async (limit) => {
    const { status, body } = await search({ limit });
    expect([status, body.code]).toEqual([422, "VALIDATION_FAILED"]);
  });

  const restaurantId = newId("rst");
  test.each([
    ["garbage", {}, "garbage"],
    ["of another list", {}, encodeCursor({ after: newId("dsh") })],
    ["with an operator in it", {}, encodeCursor({ sortName: { $gt: "" }, restaurantId })],
    ["of a list by distance in one by name", {}, encodeCursor({ distanceMeters: 5, restaurantId })],
    ["of a list by name in one by distance", { near: "1,2" }, encodeCursor({ sortName: "a", restaurantId })],
    ["of neither", {}, encodeCursor({ restaurantId })],
  ])("answers 400 for a cursor that is %s", async (_, query, cursor) => {
    const { status, body } = await search({ ...query, cursor });
    expect([status, body.code]).toEqual([400, "MALFORMED_CURSOR"]);
  });

  test("accepts every cursor it returns, also of a long name", async () => {
    const word = ownWord();
    const long = (character: string) => `${word} ${character.repeat(119 - word.length)}`;
    for (const character of ["A", '"', "Ж", "寿"]) {
      await service.join({ name: long(character), cuisines: [`${word}${character.charCodeAt(0)}`] });
      await service.join({ name: long(character), cuisines: [`${word}${character.charCodeAt(0)}`] });
      const cuisine = `${word}${character.charCodeAt(0)}`;
      const first = await search({ cuisine, limit: 1 });
      const second = await search({ cuisine, limit: 1, cursor: first.body.nextCursor ?? "" });
      expect([character, second.status]).toEqual([character, 200]);
    }
  });
});
