import { beforeAll, describe, expect, test } from "bun:test";
import { call, describeWithDatabases, freshMongoUrl, NO_REDIS } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  aRestaurant,
  type RestaurantService,
  startRestaurantService,
} from "../restaurant-service.builder.ts";
import { ownWord, type Page, searching } from "./search.builder.ts";

let service: RestaurantService;
const { search, names } = searching(() => service);

describeWithDatabases("GET /v1/restaurants", () => {
  beforeAll(async () => {
    service = await startRestaurantService();
  });

  describe("with a query", () => {
    test("finds restaurants by the beginnings of all its words, in name or cuisine, in any order", async () => {
      const word = ownWord();
      await service.join({ name: `${word} Trattoria Roma`, cuisines: ["Italian"] });
      await service.join({ name: `${word} Taverna Athena`, cuisines: ["Greek"] });
      expect(await names({ query: `tratt ${word}` })).toEqual(["Trattoria Roma"]);
      expect(await names({ query: `${word} ITAL rom` })).toEqual(["Trattoria Roma"]);
      expect(await names({ query: `${word} t` })).toEqual(["Taverna Athena", "Trattoria Roma"]);
      expect(await names({ query: `${word} toria` })).toEqual([]);
      expect(await names({ query: `${word} roma greek` })).toEqual([]);
    });

    test("finds accented words with or without accents", async () => {
      const word = ownWord();
      await service.join({ name: `${word} Crêperie Élan`, cuisines: ["Français"] });
      for (const query of ["creperie", "CRÊPERIE", "crêp elan", "francais", "Cre\u0302perie"])
        expect(await names({ query: `${word} ${query}` })).toEqual(["Crêperie Élan"]);
    });

    test.each([".*", "(", "[a-", "^a+$", "\\", "{$ne: 1}", "a|b", "(a+)+$".repeat(8)])(
      "treats %p as text, not as a pattern",
      async (pattern) => {
        const word = ownWord();
        await service.join({ name: `${word} Plain` });
        const { status, body } = await search({ query: `nothing${word}${pattern}` });
        expect([status, body.items]).toEqual([200, []]);
      },
    );

    test("finds apostrophes and letters of other scripts in their common spellings", async () => {
      const word = ownWord();
      for (const name of ["McDonald’s", "L'Osteria", "Spaßbräu", "Smørrebrød", "Łódź", "हिंदी"])
        await service.join({ name: `${word} ${name}` });
      for (const [query, name] of [
        ["mcdonalds", "McDonald’s"],
        ["McDonald's", "McDonald’s"],
        ["osteria", "L'Osteria"],
        ["l’ost", "L'Osteria"],
        ["spass", "Spaßbräu"],
        ["SPAẞBRAU", "Spaßbräu"],
        ["smorrebrod", "Smørrebrød"],
        ["lodz", "Łódź"],
        ["हिं", "हिंदी"],
      ])
        expect([query, await names({ query: `${word} ${query}` })]).toEqual([query, [name ?? ""]]);
      expect(await names({ query: `${word} हद` })).toEqual([]);
    });

    test.each(["?!", "🍕", "'", " "])("finds nothing for %p, which has no letter or digit", async (query) => {
      const word = ownWord();
      await service.join({ name: word, cuisines: [`c${word}`] });
      for (const more of [{}, { cuisine: `c${word}` }, { near: "52.52,13.405" }, { open: "true" }]) {
        const { status, body } = await search({ query, ...more });
        expect([status, body.items, body.nextCursor]).toEqual([200, [], null]);
      }
    });

    test.each(["", "x".repeat(101)])("answers 422 for %p", async (query) => {
      expect((await search({ query })).status).toBe(422);
    });
  });

  test("finds restaurants stored under older rules once a replica has started", async () => {
    const mongoUrl = freshMongoUrl();
    const before = await startRestaurantService({ mongoUrl, redisUrl: NO_REDIS });
    const restaurants = before.base.mongo.db.collection<{ _id: string }>("restaurants");
    const old = await before.join({ name: "McDonald’s", cuisines: ["Spaß"] });
    const fresh = await before.join({ name: "McDonald's" });
    await restaurants.updateOne(
      { _id: old.restaurantId },
      { $set: { searchTerms: ["mcdonald", "s", "spaß"], cuisineKeys: ["spaß"], sortName: "mcdonald’s" } },
    );
    const found = async ({ url }: RestaurantService, query: string) =>
      (await call<Page>(url, `GET /v1/restaurants?${query}`)).body.items.map((item) => item.restaurantId);
    expect(await found(before, "query=mcdonalds")).toEqual([fresh.restaurantId]);
    const after = await startRestaurantService({ mongoUrl, redisUrl: NO_REDIS });
    expect((await found(after, "query=mcdonalds")).sort()).toEqual(
      [old.restaurantId, fresh.restaurantId].sort(),
    );
    expect(await found(after, "query=spass")).toEqual([old.restaurantId]);
    expect(await found(after, "cuisine=SPASS")).toEqual([old.restaurantId]);
  });

  test("recomputes all stored terms at a start", async () => {
    const mongoUrl = freshMongoUrl();
    const { base } = await startRestaurantService({ mongoUrl, redisUrl: NO_REDIS });
    const { name, cuisines, address } = aRestaurant();
    const stored = Array.from({ length: 501 }, () => ({
      ...{ _id: newId("rst"), email: newId("mail"), name, cuisines, address },
      searchTerms: ["old"],
    }));
    const restaurants = base.mongo.db.collection<{ _id: string }>("restaurants");
    await restaurants.insertMany(stored);
    await startRestaurantService({ mongoUrl, redisUrl: NO_REDIS });
    expect(await restaurants.countDocuments({ searchTerms: "enzo", sortName: "da enzo" })).toBe(501);
    expect(await restaurants.countDocuments({ searchTerms: "old" })).toBe(0);
  });

  test("with a cuisine, finds exact matches in any case and with or without accents", async () => {
    const word = ownWord();
    await service.join({ name: `${word} A`, cuisines: ["Thai", `Früh${word}`] });
    await service.join({ name: `${word} B`, cuisines: [`Früh${word} Plus`] });
    expect(await names({ cuisine: `FRUH${word}` })).toEqual(["A"]);
    expect(await names({ cuisine: `frü` })).toEqual([]);
  });
});
