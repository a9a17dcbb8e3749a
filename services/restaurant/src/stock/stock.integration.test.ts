import { beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  type Member,
  type RestaurantService,
  startRestaurantService,
} from "../restaurant-service.builder.ts";
import { type Limited, limited } from "./stock.builder.ts";

const DISHES = "/v1/restaurants/me/dishes";

describeWithDatabases("limited portions", () => {
  let service: RestaurantService;
  let five: Limited;
  let member: Member;
  beforeAll(async () => {
    service = await startRestaurantService();
  });
  beforeEach(async () => {
    five = await limited(service, { remaining: 5 });
    ({ member } = five);
  });
  const put = (body: unknown, dishId = five.dish.dishId) =>
    service.call<object>(`PUT ${DISHES}/${dishId}/stock`, { ...member, body });
  const list = async () => (await service.call<object>("GET /v1/restaurants/me/stock", member)).body;
  const quantity = (units: number, orderId?: string) => five.take(units, orderId);

  describe("PUT and DELETE /v1/restaurants/me/dishes/:dishId/stock, GET /v1/restaurants/me/stock", () => {
    test("answer 200 and 204, and the list has the limited dishes", async () => {
      const { dishId } = five.dish;
      expect(await list()).toEqual({ items: [{ dishId, remaining: 5 }] });
      const daily = await put({ remaining: 3, perDay: 8 });
      expect([daily.status, daily.body]).toEqual([200, { dishId, remaining: 3, perDay: 8 }]);
      expect(await list()).toEqual({ items: [{ dishId, remaining: 3, perDay: 8 }] });
      expect((await service.call(`DELETE ${DISHES}/${dishId}/stock`, member)).status).toBe(204);
      expect((await service.call(`DELETE ${DISHES}/${dishId}/stock`, member)).status).toBe(204);
      expect(await list()).toEqual({ items: [] });
    });

    test("no longer list a dish that is deleted", async () => {
      await service.call(`DELETE ${DISHES}/${five.dish.dishId}`, member);
      expect(await list()).toEqual({ items: [] });
    });

    test("answer 401 without a token, 403 to another role, and 404 for another restaurant's dish", async () => {
      const { dishId } = await service.addDish(await service.join());
      const aService = await service.order.serviceToken("restaurant");
      for (const [route, body] of [
        ["GET /v1/restaurants/me/stock", undefined],
        [`PUT ${DISHES}/${dishId}/stock`, { remaining: 1 }],
        [`DELETE ${DISHES}/${dishId}/stock`, undefined],
      ] as const) {
        expect((await service.call(route, { body })).status).toBe(401);
        expect((await service.call(route, { body, token: aService })).status).toBe(403);
        if (route.startsWith("GET")) continue;
        const foreign = await service.call(route, { ...member, body });
        expect([foreign.status, foreign.body.code]).toEqual([404, "DISH_NOT_FOUND"]);
      }
    });

    test.each([
      ["fewer than none", { remaining: -1 }, "/remaining"],
      ["half a portion", { remaining: 0.5 }, "/remaining"],
      ["too many", { remaining: 10_001 }, "/remaining"],
      ["fewer than none a day", { remaining: 1, perDay: -1 }, "/perDay"],
      ["no number", {}, "/remaining"],
      ["a day of the client's own", { remaining: 1, day: "2026-01-01" }, "/day"],
    ])("answer 422 for %s, and change nothing", async (_, body, pointer) => {
      const answer = await service.call(`PUT ${DISHES}/${five.dish.dishId}/stock`, { ...member, body });
      expect([answer.status, answer.body.code]).toEqual([422, "VALIDATION_FAILED"]);
      expect(answer.body.details?.map((fault) => fault.pointer)).toContain(pointer);
      expect(await five.remaining()).toBe(5);
    });
  });

  describe("taken by an order", () => {
    test("are fewer afterwards; too many are refused with how many are left", async () => {
      const first = await quantity(3);
      expect([first.status, first.body.stockTaken]).toEqual([200, true]);
      expect(await five.remaining()).toBe(2);
      const refused = await quantity(3);
      expect([refused.status, refused.body.code, refused.body.details]).toEqual([
        422,
        "DISH_UNAVAILABLE",
        [{ pointer: "/items/0/dishId", detail: "Only 2 left" }],
      ]);
      expect(await five.remaining()).toBe(2);
    });

    test("are taken once by a repeated request, also for the last one", async () => {
      const orderId = newId("ord");
      for (let i = 0; i < 3; i++) expect((await quantity(5, orderId)).status).toBe(200);
      const together = await Promise.all(Array.from({ length: 20 }, () => quantity(5, orderId)));
      expect(new Set(together.map(({ status }) => status))).toEqual(new Set([200]));
      expect(await five.remaining()).toBe(0);
    });

    test("make the dish sold out on the menu with the last one, for the next reader", async () => {
      expect(await five.isOnMenu()).toBe(true);
      const orderId = newId("ord");
      await quantity(5, orderId);
      expect(await five.isOnMenu()).toBe(false);
      expect((await five.release(orderId)).status).toBe(204);
      expect(await five.isOnMenu()).toBe(true);
    });

    test("are not taken by a quote without an order, nor from a dish without a limit", async () => {
      const { body } = await service.call<{ stockTaken?: boolean }>("POST /internal/quotes", {
        token: await service.order.serviceToken("restaurant"),
        body: {
          restaurantId: member.restaurantId,
          items: [{ dishId: five.dish.dishId, quantity: 5 }],
          dropoff: { lat: 52.52, lng: 13.405 },
        },
      });
      expect(body.stockTaken).toBeUndefined();
      expect(await five.remaining()).toBe(5);
      await service.call(`DELETE ${DISHES}/${five.dish.dishId}/stock`, member);
      expect((await quantity(99)).body.stockTaken).toBeUndefined();
      expect((await five.stored()).stockTaken).toBeUndefined();
    });

    test("begin again on each business day, once", async () => {
      const day = "2020-01-01";
      const stock = { [five.dish.dishId]: { remaining: 0, perDay: 4, day } };
      const restaurants = service.base.mongo.db.collection<{ _id: string }>("restaurants");
      await restaurants.updateOne({ _id: member.restaurantId }, { $set: { stock } });
      expect(await list()).toEqual({ items: [{ dishId: five.dish.dishId, remaining: 4, perDay: 4 }] });
      const answers = await Promise.all(Array.from({ length: 12 }, () => quantity(1)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(4);
      expect(await five.remaining()).toBe(0);
    });
  });

  describe("PUT /internal/stock/:orderId/release", () => {
    test("answers 204 and gives back what the order has taken, once", async () => {
      const orderId = newId("ord");
      await quantity(2, orderId);
      const answers = await Promise.all(Array.from({ length: 20 }, () => five.release(orderId)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]));
      expect(await five.remaining()).toBe(5);
    });

    test("answers 204 for an order that has taken nothing, which can take nothing afterwards", async () => {
      const orderId = newId("ord");
      for (let i = 0; i < 2; i++) expect((await five.release(orderId)).status).toBe(204);
      const late = await quantity(2, orderId);
      expect([late.status, late.body.code]).toEqual([409, "ORDER_ENDED"]);
      expect(await five.remaining()).toBe(5);
    });

    test("stores nothing where no dish has a limit", async () => {
      await service.call(`DELETE ${DISHES}/${five.dish.dishId}/stock`, member);
      expect((await five.release(newId("ord"))).status).toBe(204);
      expect(await five.stored()).not.toContainAnyKeys(["stockTaken", "stockCheckAt"]);
    });

    test("makes a late request of that order answer 409 and take nothing", async () => {
      const orderId = newId("ord");
      await quantity(2, orderId);
      await five.release(orderId);
      const late = await quantity(2, orderId);
      expect([late.status, late.body.code]).toEqual([409, "ORDER_ENDED"]);
      expect(await five.remaining()).toBe(5);
    });

    test("gives nothing to a dish that has no limit any more, nor to a later day", async () => {
      const [one, two] = [newId("ord"), newId("ord")];
      await quantity(2, one);
      await quantity(2, two);
      await put({ remaining: 1, perDay: 9 });
      await five.release(one);
      expect(await five.remaining()).toBe(1);
      await service.call(`DELETE ${DISHES}/${five.dish.dishId}/stock`, member);
      await five.release(two);
      expect((await five.stored()).stock).toEqual({});
    });

    test("answers 401 without a token, 403 to a restaurant, 404 for an unknown one, and 422 for another shape", async () => {
      const route = `PUT /internal/stock/${newId("ord")}/release` as const;
      const token = await service.order.serviceToken("restaurant");
      const body = { restaurantId: member.restaurantId };
      expect((await service.call(route, { body })).status).toBe(401);
      expect((await service.call(route, { body, token: member.token })).status).toBe(403);
      const other = await service.customer.serviceToken("restaurant");
      expect((await service.call(route, { body, token: other })).body.code).toBe("WRONG_SERVICE");
      expect((await service.call(route, { body: {}, token })).status).toBe(422);
      const unknown = await service.call(route, { body: { restaurantId: newId("rst") }, token });
      expect([unknown.status, unknown.body.code]).toEqual([404, "RESTAURANT_NOT_FOUND"]);
    });
  });
});
