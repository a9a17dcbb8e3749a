import { beforeAll, describe, expect, test } from "bun:test";
import { describeWithDatabases } from "@food/shared/testing/service";
import { type RestaurantService, startRestaurantService } from "../restaurant-service.builder.ts";
import { ownWord, searching } from "./search.builder.ts";

let service: RestaurantService;
const { search, names } = searching(() => service);

describeWithDatabases("GET /v1/restaurants", () => {
  beforeAll(async () => {
    service = await startRestaurantService();
  });

  describe("with a query", () => {
    test("finds words of the name and of the cuisine by their beginnings, all of them, in any order", async () => {
      const word = ownWord();
      await service.join({ name: `${word} Trattoria Roma`, cuisines: ["Italian"] });
      await service.join({ name: `${word} Taverna Athena`, cuisines: ["Greek"] });
      expect(await names({ query: `tratt ${word}` })).toEqual(["Trattoria Roma"]);
      expect(await names({ query: `${word} ITAL rom` })).toEqual(["Trattoria Roma"]);
      expect(await names({ query: `${word} t` })).toEqual(["Taverna Athena", "Trattoria Roma"]);
      expect(await names({ query: `${word} toria` })).toEqual([]);
      expect(await names({ query: `${word} roma greek` })).toEqual([]);
    });

    test("finds words with accents with or without them", async () => {
      const word = ownWord();
      await service.join({ name: `${word} Crêperie Élan`, cuisines: ["Français"] });
      for (const query of ["creperie", "CRÊPERIE", "crêp elan", "francais", "Cre\u0302perie"])
        expect(await names({ query: `${word} ${query}` })).toEqual(["Crêperie Élan"]);
    });

    test.each([".*", "(", "[a-", "^a+$", "\\", "{$ne: 1}", "a|b", "(a+)+$".repeat(8)])(
      "takes %p for text, never for a pattern",
      async (pattern) => {
        const word = ownWord();
        await service.join({ name: `${word} Plain` });
        const { status, body } = await search({ query: `nothing${word}${pattern}` });
        expect([status, body.items]).toEqual([200, []]);
      },
    );

    test("is not narrowed by a query without a word", async () => {
      const word = ownWord();
      await service.join({ name: word, cuisines: [`c${word}`] });
      expect((await search({ query: "?!", cuisine: `c${word}` })).body.items).toHaveLength(1);
    });

    test.each(["", "x".repeat(101)])("answers 422 for %p", async (query) => {
      expect((await search({ query })).status).toBe(422);
    });
  });

  test("with a cuisine finds those that have it, whatever case and accents, and no part of it", async () => {
    const word = ownWord();
    await service.join({ name: `${word} A`, cuisines: ["Thai", `Früh${word}`] });
    await service.join({ name: `${word} B`, cuisines: [`Früh${word} Plus`] });
    expect(await names({ cuisine: `FRUH${word}` })).toEqual(["A"]);
    expect(await names({ cuisine: `frü` })).toEqual([]);
  });
});
