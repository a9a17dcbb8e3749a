import { beforeAll, describe, expect, test } from "bun:test";
import type { SearchHit } from "@food/shared/contracts/browse";
import type { Problem } from "@food/shared/http/problem";
import { describeWithDatabases, freshMongoUrl } from "@food/shared/testing/service";
import { encodeCursor } from "@food/shared/values/page";
import { north } from "../browse/search.builder.ts";
import type { NewDish } from "../dishes/schema.ts";
import { dishStore } from "../dishes/store.ts";
import {
  aDish,
  BERLIN,
  located,
  type Member,
  type RestaurantService,
  startRestaurantService,
} from "../restaurant-service.builder.ts";

interface Page {
  items: SearchHit[];
  nextCursor: string | null;
}
const NEAR = `${BERLIN.lat},${BERLIN.lng}`;
const CLOSED = { openingHours: { timeZone: "UTC", intervals: [] } };

describeWithDatabases("GET /v1/search", () => {
  let service: RestaurantService;
  let kitchens: Record<"enzo" | "thai" | "cafe" | "far", Member>;
  const search = (query: Record<string, string>) =>
    service.call<Page & Problem>(`GET /v1/search?${new URLSearchParams(query)}`);
  /** The name of each restaurant, with those of its dishes. */
  const found = async (query: string | Record<string, string>) => {
    const { status, body } = await search(typeof query === "string" ? { query } : query);
    expect(status).toBe(200);
    return body.items.map(({ restaurant, dishes }) =>
      [restaurant.name, ...dishes.map(({ name }) => name)].join(": ").replace(/: (?=.*: )/g, ", "),
    );
  };

  beforeAll(async () => {
    service = await startRestaurantService();
    kitchens = {
      enzo: await service.join({ name: "Da Enzo", ...located(north(3_000)) }),
      thai: await service.join({ name: "Thai Orchid", cuisines: ["Thai"], ...located(north(1_000)) }),
      cafe: await service.join({
        name: "Café Zoë",
        cuisines: ["Bakery"],
        ...located(north(2_000)),
        ...CLOSED,
      }),
      far: await service.join({ name: "Napoli Express", ...located({ lat: 40.85, lng: 14.27 }) }),
    };
    const menus: [keyof typeof kitchens, Partial<NewDish>][] = [
      [
        "enzo",
        { name: "Margherita", category: "Pizza", diets: ["vegetarian"], allergens: ["gluten", "milk"] },
      ],
      ["enzo", { name: "Marinara", category: "Pizza", diets: ["vegan"], allergens: ["gluten"] }],
      ["enzo", { name: "Tiramisù", category: "Dessert" }],
      ["thai", { name: "Green Curry", category: "Curries", diets: ["vegan"], allergens: [] }],
      ["thai", { name: "Pad Krapow", category: "Wok", available: false }],
      ["cafe", { name: "Crème brûlée", category: "Dessert", allergens: ["eggs", "milk"] }],
      ["cafe", { name: "Pizza bianca", category: "Snacks" }],
      ["far", { name: "Pizza fritta", category: "Pizza" }],
    ];
    for (const [kitchen, dish] of menus) await service.addDish(kitchens[kitchen], { ...aDish(), ...dish });
  });

  describe("answers 200 with", () => {
    test("dishes by their name and category, and restaurants by name and cuisine", async () => {
      expect(await found("margherita")).toEqual(["Da Enzo: Margherita"]);
      expect(await found("enzo")).toEqual(["Da Enzo"]);
      expect(await found("thai")).toEqual(["Thai Orchid"]);
      expect(await found({ query: "pizza", near: NEAR })).toEqual([
        "Da Enzo, Margherita: Marinara",
        "Café Zoë: Pizza bianca",
      ]);
      expect(await found("pizza marg")).toEqual(["Da Enzo: Margherita"]);
      expect(await found("pizza curry")).toEqual([]);
    });

    test("what begins with the typed letters, without accents, in any case", async () => {
      expect(await found("cur")).toEqual(["Thai Orchid: Green Curry"]);
      expect(await found("CREME BRUL")).toEqual(["Café Zoë: Crème brûlée"]);
      expect(await found("Crème")).toEqual(["Café Zoë: Crème brûlée"]);
      expect(await found("tiramisu")).toEqual(["Da Enzo: Tiramisù"]);
      expect(await found("zoe")).toEqual(["Café Zoë"]);
    });

    test("one wrong letter in words of five and more letters, in no shorter ones", async () => {
      for (const typed of ["margerita", "margheritta", "margherito", "magrherita"])
        expect(await found(typed)).toEqual(["Da Enzo: Margherita"]);
      expect(await found("orchyd")).toEqual(["Thai Orchid"]);
      expect(await found("margerito")).toEqual([]);
      expect(await found("thay")).toEqual([]);
      expect(await found("wak")).toEqual([]);
    });

    test("only dishes that suit all diets; a vegan dish is vegetarian", async () => {
      expect(await found({ query: "pizza", diet: "vegetarian", near: NEAR })).toEqual([
        "Da Enzo, Margherita: Marinara",
      ]);
      expect(await found({ diet: "vegan", near: NEAR })).toEqual([
        "Thai Orchid: Green Curry",
        "Da Enzo: Marinara",
      ]);
      expect(await found({ query: "enzo", diet: "vegan" })).toEqual(["Da Enzo: Marinara"]);
      expect(await found({ query: "curry", diet: "vegan,halal" })).toEqual([]);
    });

    test("only dishes that state their allergens and have none of these: unknown is not free of", async () => {
      expect(await found({ query: "dessert" })).toEqual(["Da Enzo: Tiramisù", "Café Zoë: Crème brûlée"]);
      expect(await found({ query: "dessert", freeOf: "nuts" })).toEqual(["Café Zoë: Crème brûlée"]);
      expect(await found({ query: "pizza", freeOf: "milk", near: NEAR })).toEqual(["Da Enzo: Marinara"]);
      expect(await found({ query: "curry", freeOf: "gluten,milk,nuts" })).toEqual([
        "Thai Orchid: Green Curry",
      ]);
    });

    test("open before closed, then as typed before one wrong letter, then the nearest", async () => {
      const word = "zanzibar";
      for (const [name, meters, more] of [
        ["Zanzibar closed", 100, CLOSED],
        ["Zanzibor", 200, {}],
        ["Zanzibar far", 900, {}],
        ["Zanzibar near", 300, {}],
      ] as const)
        await service.join({ name, ...located(north(meters)), ...more });
      const order = ["Zanzibar near", "Zanzibar far", "Zanzibor", "Zanzibar closed"];
      expect(await found({ query: word, near: NEAR })).toEqual(order);
      expect(await found({ query: word, near: NEAR, open: "true" })).toEqual(order.slice(0, 3));
    });

    test("only restaurants that deliver to the position", async () => {
      expect(await found({ query: "pizza", near: NEAR, delivers: "true" })).toHaveLength(2);
      const away = `${north(7_500).lat},${BERLIN.lng}`;
      expect(await found({ query: "pizza", near: away, delivers: "true" })).toEqual([
        "Da Enzo, Margherita: Marinara",
      ]);
    });

    test("dishes as the menu shows them, sold-out ones last", async () => {
      const { body } = await search({ query: "thai wok" });
      expect(body.items).toEqual([]);
      const wok = (await search({ query: "wok" })).body.items[0];
      expect(wok?.dishes[0]).toMatchObject({ available: false, unavailableBecause: "sold_out" });
      expect(wok?.dishes[0]).not.toContainAnyKeys(["searchTerms", "version", "restaurantId", "_id"]);
      expect(wok?.restaurant).not.toContainAnyKeys(["searchTerms", "stock", "email"]);
    });

    test("nothing for a query without a letter or digit", async () => {
      expect(await found("!?")).toEqual([]);
    });

    test("what has changed, for the next reader", async () => {
      const member = await service.join({ name: "Quicksilver" });
      const { dishId } = await service.addDish(member, { name: "Bouillabaisse", category: "Soups" });
      const route = `/v1/restaurants/me/dishes/${dishId}` as const;
      const rename = (body: Partial<NewDish>) => service.call(`PATCH ${route}`, { ...member, body });
      expect(await found("bouillabaisse soups")).toHaveLength(1);
      await rename({ name: "Minestrone" });
      expect(
        [await found("bouillabaisse"), await found("minestrone soups")].map(({ length }) => length),
      ).toEqual([0, 1]);
      await rename({ category: "Zuppe" });
      expect([await found("soups"), await found("minestrone zuppe")].map(({ length }) => length)).toEqual([
        0, 1,
      ]);
      await Promise.all([rename({ name: "Ribollita" }), rename({ category: "Primi" })]);
      expect(await found("ribollita primi")).toHaveLength(1);
      await service.call("PATCH /v1/restaurants/me", { ...member, body: { name: "Mercury" } });
      expect([await found("quicksilver"), await found("mercury")].map(({ length }) => length)).toEqual([
        0, 1,
      ]);
      await service.call(`DELETE ${route}`, member);
      expect(await found("ribollita")).toEqual([]);
    });
  });

  test("pages are stable: each restaurant once and in order, while others come and go", async () => {
    for (let i = 0; i < 12; i++)
      await service.join({ name: `Paginator ${i}`, ...located(north(100 * i)), ...(i % 3 === 0 && CLOSED) });
    for (const near of [{}, { near: NEAR }]) {
      const query = { query: "paginator", ...near };
      const all = (await search({ ...query, limit: "100" })).body.items.map(
        ({ restaurant }) => restaurant.name,
      );
      const read: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const { body }: { body: Page } = await search({ ...query, limit: "5", ...(cursor && { cursor }) });
        read.push(...body.items.map(({ restaurant }) => restaurant.name));
        cursor = body.nextCursor;
        if (cursor) await service.join({ name: "Paginator 0 new", ...located(north(1)) });
      }
      const known = read.filter((name) => !name.endsWith("new"));
      expect(known).toEqual(all.filter((name) => !name.endsWith("new")));
      expect(new Set(known).size).toBe(12);
    }
  });

  test("finds dishes of an older release after the next start", async () => {
    const mongoUrl = freshMongoUrl();
    const old = await startRestaurantService({ mongoUrl });
    const member = await old.join();
    await old.addDish(member, { name: "Saltimbocca" });
    const { db } = old.base.mongo;
    await db.collection("dishes").updateMany({}, { $unset: { searchTerms: "" } });
    await db.collection("words").deleteMany({});
    const lost = await old.call<Page>("GET /v1/search?query=saltimbocca");
    expect(lost.body.items).toEqual([]);
    await dishStore(db).refreshTerms();
    const again = await old.call<Page>("GET /v1/search?query=saltimboca");
    expect(again.body.items.map(({ dishes }) => dishes[0]?.name)).toEqual(["Saltimbocca"]);
  });

  test.each([
    ["without words and diet", { near: NEAR }, "/query/query"],
    ["for `delivers` without a position", { query: "pizza", delivers: "true" }, "/query/near"],
    ["for a position out of range", { query: "pizza", near: "91,0" }, "/query/near"],
    ["for an unknown diet", { diet: "air" }, "/query/diet"],
    ["for an unknown allergen", { query: "pizza", freeOf: "milk,pollen" }, "/query/freeOf"],
    ["for an empty query", { query: "" }, "/query/query"],
    ["for a query that is too long", { query: "a".repeat(101) }, "/query/query"],
    ["for an unknown parameter", { query: "pizza", surprise: "1" }, "/query/surprise"],
  ])("answers 422 %s", async (_, query, pointer) => {
    const { status, body } = await search(query as Record<string, string>);
    expect([status, body.code]).toEqual([422, "VALIDATION_FAILED"]);
    expect(body.details?.map((fault) => fault.pointer)).toContain(pointer);
  });

  test.each(["garbage", encodeCursor({ restaurantId: "x" }), encodeCursor({ atMs: { $gt: 0 } })])(
    "answers 400 for the cursor %s",
    async (cursor) => {
      const { status, body } = await search({ query: "pizza", cursor });
      expect([status, body.code]).toEqual([400, "MALFORMED_CURSOR"]);
    },
  );
});
