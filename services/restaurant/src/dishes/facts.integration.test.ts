// What a menu says besides names and prices: pictures, allergens, diets, sold-out times and categories' times.
import { beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { Dish, Menu, Quote } from "@food/shared/contracts/restaurant";
import { describeWithDatabases } from "@food/shared/testing/service";
import {
  aDish,
  aRestaurant,
  BERLIN,
  type Member,
  type RestaurantService,
  startRestaurantService,
} from "../restaurant-service.builder.ts";

const DISHES = "/v1/restaurants/me/dishes";
const DAY_MS = 86_400_000;
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

const facts = () => ({
  imageUrl: "https://images.example.com/margherita.jpg",
  allergens: ["gluten" as const, "milk" as const],
  diets: ["vegetarian" as const],
});

/** Open in UTC from two to three days after today, so never now. */
const LATER = {
  category: "Lunch",
  intervals: [
    {
      day: (["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const)[
        (new Date().getUTCDay() + 2) % 7
      ] as "sunday",
      opens: "00:00",
      closes: "00:00",
    },
  ],
};
const ALWAYS = {
  timeZone: "UTC",
  intervals: (["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const).map(
    (day) => ({ day, opens: "00:00", closes: "00:00" }),
  ),
};

describeWithDatabases("what a menu says", () => {
  let service: RestaurantService;
  let member: Member;
  beforeAll(async () => {
    service = await startRestaurantService();
  });
  beforeEach(async () => {
    member = await service.join({ openingHours: ALWAYS });
  });
  const patch = (dishId: string, body: unknown) =>
    service.call<Dish>(`PATCH ${DISHES}/${dishId}`, { ...member, body });
  const change = (body: unknown) => service.call("PATCH /v1/restaurants/me", { ...member, body });
  const categories = async () =>
    (await service.call<Menu>(`GET /v1/restaurants/${member.restaurantId}/menu`)).body.categories;
  const firstDish = async () => (await categories())[0]?.dishes[0];
  const order = async (dishId: string) =>
    service.call<Quote & { code: string; details?: { detail: string }[] }>("POST /internal/quotes", {
      token: await service.order.serviceToken("restaurant"),
      body: {
        restaurantId: member.restaurantId,
        items: [{ dishId, quantity: 1 }],
        dropoff: BERLIN,
      },
    });

  describe("of a dish", () => {
    test("is on the menu as its restaurant states it", async () => {
      const dish = await service.addDish(member, facts());
      expect(dish).toMatchObject(facts());
      expect(await firstDish()).toEqual({ ...aDish(), ...facts(), dishId: dish.dishId });
    });

    test("is unknown when it is not stated, and none of the allergens when the list is empty", async () => {
      const { dishId } = await service.addDish(member);
      expect(await firstDish()).not.toContainAnyKeys(["allergens", "diets", "imageUrl"]);
      expect((await patch(dishId, { allergens: [] })).body.allergens).toEqual([]);
      expect((await firstDish())?.allergens).toEqual([]);
    });

    test("is removed by null", async () => {
      const { dishId } = await service.addDish(member, { ...facts(), soldOutUntil: inMs(DAY_MS) });
      const cleared = { imageUrl: null, allergens: null, diets: null, soldOutUntil: null };
      const { status, body } = await patch(dishId, cleared);
      expect([status, body]).toEqual([200, { ...aDish(), dishId }]);
      expect(await firstDish()).toEqual({ ...aDish(), dishId });
    });

    test.each([
      ["a script as picture", { imageUrl: "javascript:alert(1)" }, "/imageUrl"],
      ["a picture without encryption", { imageUrl: "http://example.com/a.png" }, "/imageUrl"],
      ["a picture at a private address", { imageUrl: "https://192.168.0.1/a.png" }, "/imageUrl"],
      ["a picture at a private name", { imageUrl: "https://db.internal/a.png" }, "/imageUrl"],
      ["a URL that is too long", { imageUrl: `https://example.com/${"a".repeat(2_000)}` }, "/imageUrl"],
      ["an unknown allergen", { allergens: ["pollen"] }, "/allergens"],
      ["an allergen twice", { allergens: ["milk", "milk"] }, "/allergens"],
      ["an unknown diet", { diets: ["air"] }, "/diets"],
      ["a time in words", { soldOutUntil: "tomorrow" }, "/soldOutUntil"],
      ["a time that is not on the calendar", { soldOutUntil: "2026-13-01T00:00:00Z" }, "/soldOutUntil"],
    ])("with %s answers 422 and changes nothing", async (_, body, pointer) => {
      const { dishId } = await service.addDish(member);
      for (const answer of [
        await service.call(`POST ${DISHES}`, { ...member, body: { ...aDish(), ...body } }),
        await service.call(`PATCH ${DISHES}/${dishId}`, { ...member, body }),
      ]) {
        expect([answer.status, answer.body.code]).toEqual([422, "VALIDATION_FAILED"]);
        expect(answer.body.details?.some((fault) => fault.pointer.startsWith(pointer))).toBe(true);
      }
      expect((await categories()).flatMap(({ dishes }) => dishes)).toEqual([{ ...aDish(), dishId }]);
    });

    test.each([
      ["in the past", inMs(-1_000)],
      ["more than a year away", inMs(367 * DAY_MS)],
    ])("that is sold out until a time %s answers 422", async (_, soldOutUntil) => {
      const { dishId } = await service.addDish(member);
      for (const answer of [
        await service.call(`POST ${DISHES}`, { ...member, body: { ...aDish(), soldOutUntil } }),
        await service.call(`PATCH ${DISHES}/${dishId}`, { ...member, body: { soldOutUntil } }),
      ])
        expect([answer.status, answer.body.code, answer.body.details?.[0]?.pointer]).toEqual([
          422,
          "SOLD_OUT_UNTIL_INVALID",
          "/soldOutUntil",
        ]);
    });
  });

  describe("sold out until a time", () => {
    test("cannot be ordered before that, and says from when", async () => {
      const soldOutUntil = inMs(DAY_MS);
      const { dishId } = await service.addDish(member, { soldOutUntil });
      expect(await firstDish()).toMatchObject({
        ...{ available: false, unavailableBecause: "sold_out", availableFrom: soldOutUntil },
      });
      const refused = await order(dishId);
      expect([refused.status, refused.body.code]).toEqual([422, "DISH_UNAVAILABLE"]);
      expect(refused.body.details?.[0]?.detail).toBe(`Sold out, available from ${soldOutUntil}`);
      await patch(dishId, { soldOutUntil: null });
      expect((await firstDish())?.available).toBe(true);
      expect((await order(dishId)).status).toBe(200);
    });

    test("can be ordered at that time, also from a cached menu", async () => {
      const soldOutUntil = inMs(700);
      const { dishId } = await service.addDish(member, { soldOutUntil });
      expect((await firstDish())?.available).toBe(false);
      while (new Date().toISOString() < soldOutUntil) await Bun.sleep(20);
      expect(await firstDish()).toEqual({ ...aDish(), dishId });
      expect((await order(dishId)).status).toBe(200);
      const mine = await service.call<Dish>(`GET ${DISHES}/${dishId}`, member);
      expect(mine.body.soldOutUntil).toBeUndefined();
    });

    test("by hand stays so until it is reopened", async () => {
      const { dishId } = await service.addDish(member, { available: false });
      expect(await firstDish()).toMatchObject({ available: false, unavailableBecause: "sold_out" });
      expect(await firstDish()).not.toContainKey("availableFrom");
      await patch(dishId, { available: true });
      expect(await firstDish()).toEqual({ ...aDish(), dishId });
    });
  });

  describe("of a category with times of its own", () => {
    test("is listed outside them as not orderable now, with from when", async () => {
      const { dishId } = await service.addDish(member, { category: "Lunch" });
      expect((await order(dishId)).status).toBe(200);
      expect((await change({ categoryHours: [LATER] })).status).toBe(200);
      const [lunch] = await categories();
      expect(lunch).toMatchObject({ name: "Lunch", intervals: LATER.intervals });
      expect(lunch?.dishes[0]).toMatchObject({ available: false, unavailableBecause: "outside_hours" });
      const from = lunch?.dishes[0]?.availableFrom ?? "";
      expect(Date.parse(from) - Date.now()).toBeWithin(DAY_MS, 2 * DAY_MS + 1);
      const refused = await order(dishId);
      expect([refused.status, refused.body.code]).toEqual([422, "DISH_UNAVAILABLE"]);
      expect(refused.body.details?.[0]?.detail).toBe(`Not served at this time, available from ${from}`);
    });

    test("can be ordered again when the times are removed", async () => {
      const { dishId } = await service.addDish(member, { category: "Lunch" });
      await change({ categoryHours: [LATER] });
      await change({ categoryHours: [] });
      expect(await categories()).toEqual([
        { name: "Lunch", dishes: [{ ...aDish({ category: "Lunch" }), dishId }] },
      ]);
      expect((await order(dishId)).status).toBe(200);
    });

    test("answers 422 without a time zone, at sign-up and later", async () => {
      const { openingHours: _, ...profile } = aRestaurant();
      const signUp = { ...profile, categoryHours: [LATER] };
      const without = await service.join();
      for (const answer of [
        await service.call("POST /v1/restaurants", { body: signUp }),
        await service.call("PATCH /v1/restaurants/me", { ...without, body: { categoryHours: [LATER] } }),
      ])
        expect([answer.status, answer.body.code]).toEqual([422, "TIME_ZONE_REQUIRED"]);
      await change({ categoryHours: [LATER] });
      const answer = await change({ openingHours: null });
      expect([answer.status, answer.body.code]).toEqual([422, "TIME_ZONE_REQUIRED"]);
      expect((await change({ openingHours: null, categoryHours: [] })).status).toBe(200);
    });

    test("answers 422 for a category with two lists", async () => {
      const body = { categoryHours: [LATER, LATER] };
      for (const answer of [
        await service.call("POST /v1/restaurants", {
          body: { ...aRestaurant({ openingHours: ALWAYS }), ...body },
        }),
        await change(body),
      ])
        expect([answer.status, answer.body.code, answer.body.details?.[0]?.pointer]).toEqual([
          422,
          "CATEGORY_HOURS_INVALID",
          "/categoryHours/1/category",
        ]);
    });
  });
});
