import { beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { Menu, Restaurant } from "@food/shared/contracts/restaurant";
import { call, describeWithDatabases, freshMongoUrl, NO_REDIS } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  type Member,
  type RestaurantService,
  startRestaurantService,
} from "../restaurant-service.builder.ts";

const dishesOf = (menu: Menu) =>
  menu.categories.map(({ name, dishes }) => [name, ...dishes.map((dish) => dish.name)]);

for (const [name, redisUrl] of [
  ["with Redis", undefined],
  ["without Redis", NO_REDIS],
] as const)
  describeWithDatabases(`public reads ${name}`, () => {
    let service: RestaurantService;
    let member: Member;
    beforeAll(async () => {
      service = await startRestaurantService(redisUrl ? { redisUrl } : {});
    });
    beforeEach(async () => {
      member = await service.join();
    });
    const read = <T = Menu>(path = "/menu", headers: Record<string, string> = {}) =>
      service.call<T>(`GET /v1/restaurants/${member.restaurantId}${path}`, { headers });

    describe("GET /v1/restaurants/:restaurantId", () => {
      test("answers 200 with the restaurant, with the same bytes each time", async () => {
        const first = await read<Restaurant>("");
        expect(first.status).toBe(200);
        expect(first.body).toMatchObject({
          restaurantId: member.restaurantId,
          name: "Da Enzo",
          openNow: true,
        });
        expect(first.body).not.toContainAnyKeys([
          "email",
          "createdAt",
          "position",
          "searchTerms",
          "sortName",
        ]);
        const again = await read<Restaurant>("");
        expect([again.body, again.headers.get("etag")]).toEqual([first.body, first.headers.get("etag")]);
      });

      test("answers 304 until the restaurant changes", async () => {
        const { headers } = await read("");
        const known = { "if-none-match": headers.get("etag") ?? "" };
        const fresh = await read<string>("", known);
        expect([fresh.status, fresh.body, fresh.headers.get("etag")]).toEqual([304, "", headers.get("etag")]);
        await service.call("PATCH /v1/restaurants/me", { ...member, body: { prepMinutes: 7 } });
        const changed = await read<Restaurant>("", known);
        expect([changed.status, changed.body.prepMinutes]).toEqual([200, 7]);
      });
    });

    describe("GET /v1/restaurants/:restaurantId/menu", () => {
      test("answers 200 with the dishes by category and name, sold-out ones as not available", async () => {
        for (const [category, name, available] of [
          ["Pizza", "Margherita", true],
          ["Drinks", "Water", true],
          ["Pizza", "Diavola", false],
          ["Drinks", "Cola", true],
        ] as const)
          await service.addDish(member, { category, name, available });
        const { status, body, headers } = await read();
        expect([status, headers.get("content-type")]).toEqual([200, "application/json"]);
        expect(headers.get("cache-control")).toBe("public, no-cache");
        expect(body).toMatchObject({
          restaurantId: member.restaurantId,
          restaurantName: "Da Enzo",
          currency: "EUR",
        });
        expect(dishesOf(body)).toEqual([
          ["Drinks", "Cola", "Water"],
          ["Pizza", "Diavola", "Margherita"],
        ]);
        expect(body.categories[1]?.dishes.map(({ available }) => available)).toEqual([false, true]);
      });

      test("after a change of category or dish order, is right for the next reader", async () => {
        const dishes = new Map<string, string>();
        for (const [category, name] of [
          ["Apfel", "Water"],
          ["Äpfel", "Cola"],
          ["Zebra", "Äpfel"],
          ["Zebra", "Zebra"],
          ["Zebra", "Apfel"],
        ] as const)
          dishes.set(name, (await service.addDish(member, { category, name })).dishId);
        const order = (categoryOrder: string[]) =>
          service.call("PATCH /v1/restaurants/me", { ...member, body: { categoryOrder } });
        const place = (name: string, sortOrder: number | null) =>
          service.call(`PATCH /v1/restaurants/me/dishes/${dishes.get(name)}`, {
            ...member,
            body: { sortOrder },
          });
        const zebra = ["Zebra", "Apfel", "Äpfel", "Zebra"];
        const [apfel, aepfel] = [
          ["Apfel", "Water"],
          ["Äpfel", "Cola"],
        ];
        expect(dishesOf((await read()).body)).toEqual([apfel, aepfel, zebra]);
        expect((await order(["Zebra", "Äpfel"])).status).toBe(200);
        expect(dishesOf((await read()).body)).toEqual([zebra, aepfel, apfel]);
        expect((await order([])).status).toBe(200);
        expect(dishesOf((await read()).body)).toEqual([apfel, aepfel, zebra]);
        expect((await place("Zebra", 0)).status).toBe(200);
        expect(dishesOf((await read()).body)[2]).toEqual(["Zebra", "Zebra", "Apfel", "Äpfel"]);
        expect((await place("Zebra", null)).status).toBe(200);
        expect(dishesOf((await read()).body)[2]).toEqual(zebra);
      });

      test("answers 200 without dishes", async () => {
        expect((await read()).body.categories).toEqual([]);
      });

      test("answers 304 when the client has it, and 200 with another ETag after each kind of change", async () => {
        const dish = await service.addDish(member);
        const route = `/v1/restaurants/me/dishes/${dish.dishId}` as const;
        const changes = [
          () => service.call(`PATCH ${route}`, { ...member, body: { priceCents: 1 } }),
          () => service.call(`PATCH ${route}`, { ...member, body: { available: false } }),
          () => service.addDish(member, { name: "Another" }),
          () => service.call(`DELETE ${route}`, member),
          () => service.call("PATCH /v1/restaurants/me", { ...member, body: { name: "Da Enza" } }),
        ];
        for (const change of changes) {
          const etag = (await read()).headers.get("etag") ?? "";
          for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"])
            expect((await read<string>("/menu", { "if-none-match": known })).status).toBe(304);
          await change();
          const next = await read("/menu", { "if-none-match": etag });
          expect(next.status).toBe(200);
          expect(next.headers.get("etag")).not.toBe(etag);
        }
      });

      test("after each of many price changes, is right for the next reader", async () => {
        const { dishId } = await service.addDish(member);
        for (let priceCents = 1; priceCents <= 30; priceCents++) {
          await service.call(`PATCH /v1/restaurants/me/dishes/${dishId}`, {
            ...member,
            body: { priceCents },
          });
          expect((await read()).body.categories[0]?.dishes[0]?.priceCents).toBe(priceCents);
        }
      });
    });

    test.each(["", "/menu"])("answers 404 at …%s for an unknown or impossible id", async (path) => {
      for (const id of [newId("rst"), "rst_1", newId("dsh"), "me%00"]) {
        if (id.startsWith("me") && path === "") continue;
        expect((await service.call(`GET /v1/restaurants/${id}${path}`)).status).toBe(404);
      }
      const missing = await service.call(`GET /v1/restaurants/${newId("rst")}${path}`);
      expect(missing.body.code).toBe("RESTAURANT_NOT_FOUND");
    });

    test.each(["", "/menu"])("accepts an If-None-Match of many validators at …%s", async (path) => {
      const many = Array.from({ length: 400 }, (_, i) => `W/"${i}"`).join(", ");
      const { status, headers } = await read(path, { "if-none-match": many });
      expect(status).toBe(200);
      const known = `${many}, ${headers.get("etag")}`;
      expect((await read(path, { "if-none-match": known })).status).toBe(304);
    });

    test("after a change by one replica, is right for the next reader of another", async () => {
      const mongoUrl = freshMongoUrl();
      const one = await startRestaurantService({ mongoUrl, ...(redisUrl && { redisUrl }) });
      const two = await startRestaurantService({ mongoUrl, peer: one, ...(redisUrl && { redisUrl }) });
      const shared = await one.join();
      const menuOn = (url: string) => call<Menu>(url, `GET /v1/restaurants/${shared.restaurantId}/menu`);
      for (let i = 0; i < 10; i++) {
        await one.addDish(shared, { name: `Dish ${i}` });
        expect((await menuOn(two.url)).body.categories[0]?.dishes).toHaveLength(2 * i + 1);
        await two.addDish(shared, { name: `Other ${i}` });
        expect((await menuOn(one.url)).body.categories[0]?.dishes).toHaveLength(2 * i + 2);
      }
    });
  });
