import { beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { Dish, OpeningHours, Quote } from "@food/shared/contracts/restaurant";
import type { Problem } from "@food/shared/http/problem";
import { call, describeWithDatabases, identityOf, NO_REDIS } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  BERLIN,
  located,
  type Member,
  type RestaurantService,
  startRestaurantService,
} from "../restaurant-service.builder.ts";

const NEVER: OpeningHours = { timeZone: "UTC", intervals: [] };
const ALWAYS: OpeningHours = {
  timeZone: "Europe/Berlin",
  intervals: (["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] as const).map(
    (day) => ({ day, opens: "00:00", closes: "00:00" }),
  ),
};
/** Closed for the next two days. */
const inTwoDays = (): OpeningHours => {
  const days = ["sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday"] as const;
  const day = days[new Date(Date.now() + 2 * 86_400_000).getUTCDay()] ?? "monday";
  return { timeZone: "UTC", intervals: [{ day, opens: "12:00", closes: "13:00" }] };
};
const north = (meters: number) => ({ lat: BERLIN.lat + meters / 111_319, lng: BERLIN.lng });

let service: RestaurantService;
let member: Member;
let dish: Dish;
let token: string;
beforeEach(async () => {
  if (!service) return;
  member = await service.join();
  dish = await service.addDish(member);
});

const line = (dishId: string, quantity = 1) => ({ dishId, quantity });
const ask = (change: Record<string, unknown> = {}, as = token) =>
  service.call<Quote & Problem>("POST /internal/quotes", {
    ...(as && { token: as }),
    body: { restaurantId: member.restaurantId, items: [line(dish.dishId, 2)], dropoff: BERLIN, ...change },
  });
const refusal = async (change: Record<string, unknown>) => {
  const { status, body } = await ask(change);
  return [status, body.code, body.details?.map(({ pointer }) => pointer)];
};
const changeDish = (body: object) =>
  service.call(`PATCH /v1/restaurants/me/dishes/${dish.dishId}`, { ...member, body });

describeWithDatabases("POST /internal/quotes", () => {
  beforeAll(async () => {
    service = await startRestaurantService();
    token = await service.order.serviceToken("restaurant");
  });

  test("answers 200 with the quote, each dish once", async () => {
    const second = await service.addDish(member, { name: "Diavola", priceCents: 1100 });
    const { status, body } = await ask({
      items: [line(dish.dishId), line(second.dishId, 3), line(dish.dishId, 2)],
    });
    expect(status).toBe(200);
    const { items, cart: _, ...rest } = body;
    expect(rest as object).toEqual({
      restaurantId: member.restaurantId,
      restaurantName: "Da Enzo",
      address: { ...located(BERLIN).address },
      currency: "EUR",
      deliveryFeeCents: 250,
      prepMinutes: 20,
    });
    expect(items.toSorted((a, b) => a.unitPriceCents - b.unitPriceCents)).toEqual([
      { dishId: dish.dishId, name: "Margherita", unitPriceCents: 950 },
      { dishId: second.dishId, name: "Diavola", unitPriceCents: 1100 },
    ]);
  });

  test("after a price change, returns the new price, also when the old one is cached", async () => {
    await service.call(`GET /v1/restaurants/${member.restaurantId}/menu`);
    await service.base.mongo.db
      .collection<{ _id: string }>("dishes")
      .updateOne({ _id: dish.dishId }, { $set: { priceCents: 1 } });
    expect((await ask()).body.items[0]?.unitPriceCents).toBe(1);
  });

  test("answers 401 without a token, to another issuer's and to another audience's", async () => {
    const stranger = await identityOf("customer");
    for (const bad of [
      "",
      await stranger.serviceToken("restaurant"),
      await service.order.serviceToken("order"),
    ]) {
      const { status, body } = await ask({ surprise: true }, bad);
      expect([status, body.code]).toEqual([401, "INVALID_TOKEN"]);
    }
  });

  test("answers 403 to a restaurant's own token", async () => {
    const { status, body } = await ask({ surprise: true }, member.token);
    expect([status, body.code]).toEqual([403, "WRONG_ROLE"]);
  });

  test("answers 404 for a restaurant that does not exist", async () => {
    expect(await refusal({ restaurantId: newId("rst") })).toEqual([404, "RESTAURANT_NOT_FOUND", undefined]);
  });

  describe("answers 422", () => {
    test("with RESTAURANT_CLOSED while it accepts no orders during its hours", async () => {
      member = await service.join({ openingHours: ALWAYS });
      const body = { acceptingOrders: false };
      dish = await service.addDish(member);
      expect((await ask()).status).toBe(200);
      await service.call("PUT /v1/restaurants/me/availability", { ...member, body });
      expect(await refusal({})).toEqual([422, "RESTAURANT_CLOSED", undefined]);
    });

    test("with RESTAURANT_CLOSED outside its hours, with the next opening", async () => {
      await service.call("PATCH /v1/restaurants/me", { ...member, body: { openingHours: inTwoDays() } });
      const { status, body } = await ask();
      const opensAt = Date.parse(/opens at (\S+)\.$/.exec(body.detail)?.[1] ?? "");
      expect([status, body.code]).toEqual([422, "RESTAURANT_CLOSED"]);
      expect(opensAt - Date.now()).toBeWithin(86_400_000, 3 * 86_400_000);
    });

    test("with RESTAURANT_CLOSED and no opening when it never opens", async () => {
      await service.call("PATCH /v1/restaurants/me", { ...member, body: { openingHours: NEVER } });
      const { body } = await ask();
      expect([body.code, body.detail]).toEqual(["RESTAURANT_CLOSED", "The restaurant is closed now."]);
    });

    test("with DISH_NOT_FOUND and a pointer to each dish that is on no menu or on another's", async () => {
      const foreign = await service.addDish(await service.join());
      const items = [line(foreign.dishId), line(dish.dishId), line(newId("dsh"))];
      expect(await refusal({ items })).toEqual([
        422,
        "DISH_NOT_FOUND",
        ["/items/0/dishId", "/items/2/dishId"],
      ]);
    });

    test("with DISH_NOT_FOUND after the dish is deleted", async () => {
      await service.call(`DELETE /v1/restaurants/me/dishes/${dish.dishId}`, member);
      expect(await refusal({})).toEqual([422, "DISH_NOT_FOUND", ["/items/0/dishId"]]);
    });

    test("with DISH_UNAVAILABLE and a pointer to each line with a sold-out dish", async () => {
      const other = await service.addDish(member);
      await changeDish({ available: false });
      const items = [line(dish.dishId), line(other.dishId), line(dish.dishId)];
      expect(await refusal({ items })).toEqual([
        422,
        "DISH_UNAVAILABLE",
        ["/items/0/dishId", "/items/2/dishId"],
      ]);
    });

    test("with OUT_OF_RANGE outside the radius, and 200 just inside it", async () => {
      expect((await ask({ dropoff: north(4_990) })).status).toBe(200);
      expect(await refusal({ dropoff: north(5_010) })).toEqual([422, "OUT_OF_RANGE", undefined]);
      expect((await ask({ dropoff: north(5_010) })).body.detail).toMatch(/50\d\d m away.* 5000 m/);
    });

    test.each([
      ["no items", { items: [] }, "/items"],
      ["a quantity of zero", { items: [line(newId("dsh"), 0)] }, "/items/0/quantity"],
      ["a quantity in words", { items: [{ dishId: newId("dsh"), quantity: "1" }] }, "/items/0/quantity"],
      ["fifty-one lines", { items: Array(51).fill(line(newId("dsh"))) }, "/items"],
      ["an operator for an id", { restaurantId: { $ne: "" } }, "/restaurantId"],
      ["an unknown field", { totalCents: 1 }, "/totalCents"],
      ["a position out of range", { dropoff: { lat: 0, lng: 181 } }, "/dropoff/lng"],
    ])("with VALIDATION_FAILED for %s", async (_, change, pointer) => {
      const [status, code, pointers] = await refusal(change);
      expect([status, code]).toEqual([422, "VALIDATION_FAILED"]);
      expect(pointers).toContain(pointer);
    });
  });

  test("answers without Redis", async () => {
    const alone = await startRestaurantService({ redisUrl: NO_REDIS });
    const { restaurantId, ...rest } = await alone.join();
    const { dishId } = await alone.addDish({ restaurantId, ...rest });
    const answer = await call(alone.url, "POST /internal/quotes", {
      token: await alone.order.serviceToken("restaurant"),
      body: { restaurantId, items: [line(dishId)], dropoff: BERLIN },
    });
    expect(answer.status).toBe(200);
  });
});
