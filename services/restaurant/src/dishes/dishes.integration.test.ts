import { beforeAll, beforeEach, expect, test } from "bun:test";
import type { Dish } from "@food/shared/contracts/restaurant";
import { describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { encodeCursor } from "@food/shared/values/page";
import {
  aDish,
  type Member,
  type RestaurantService,
  startRestaurantService,
  withoutRequestId,
} from "../restaurant-service.builder.ts";
import { DISHES_MAX, type DishDocument, newDish } from "./store.ts";

interface Page {
  items: Dish[];
  nextCursor: string | null;
}

let service: RestaurantService;
let member: Member;
const start = async () => {
  service ??= await startRestaurantService();
};
const join = async () => {
  member = await service.join();
};

const DISHES = "/v1/restaurants/me/dishes";
const read = (dishId: string, { token } = member) => service.call(`GET ${DISHES}/${dishId}`, { token });
const ifMatch = (etag: string | undefined) => (etag === undefined ? {} : { headers: { "if-match": etag } });
const patch = (dishId: string, body: unknown, etag?: string, { token } = member) =>
  service.call<Dish & { code: string }>(`PATCH ${DISHES}/${dishId}`, { token, body, ...ifMatch(etag) });
const remove = (dishId: string, etag?: string, { token } = member) =>
  service.call(`DELETE ${DISHES}/${dishId}`, { token, ...ifMatch(etag) });

describeWithDatabases("/v1/restaurants/me/dishes", () => {
  beforeAll(start);
  beforeAll(join);

  const dishId = newId("dsh");
  test.each([
    [`GET ${DISHES}`, undefined],
    [`POST ${DISHES}`, { surprise: true }],
    [`GET ${DISHES}/${dishId}`, undefined],
    [`PATCH ${DISHES}/${dishId}`, { surprise: true }],
    [`DELETE ${DISHES}/${dishId}`, undefined],
  ] as const)("%s answers 401 without a token and 403 to another role", async (route, body) => {
    const aService = await service.order.serviceToken("restaurant");
    expect((await service.call(route, { body })).status).toBe(401);
    expect((await service.call(route, { body, token: aService })).status).toBe(403);
  });

  test("POST answers 201 with the dish and its ETag", async () => {
    const { status, body, headers } = await service.call(`POST ${DISHES}`, { ...member, body: aDish() });
    expect(status).toBe(201);
    expect(body as unknown).toEqual({ dishId: expect.stringMatching(/^dsh_[0-9a-z]{26}$/), ...aDish() });
    expect(headers.get("etag")).toBe('"1"');
  });

  const { category: _, ...unsorted } = aDish();
  test.each([
    ["without a category", unsorted, ""],
    ["with a price below zero", aDish({ priceCents: -1 }), "/priceCents"],
    ["with a fractional price", aDish({ priceCents: 9.5 }), "/priceCents"],
    ["with a price in words", { ...aDish(), priceCents: "950" }, "/priceCents"],
    ["with a position below zero", aDish({ sortOrder: -1 }), "/sortOrder"],
    ["with a position that is too large", aDish({ sortOrder: 10_000 }), "/sortOrder"],
    ["with a fractional position", aDish({ sortOrder: 1.5 }), "/sortOrder"],
    ["with null as position", { ...aDish(), sortOrder: null }, "/sortOrder"],
    ["with a blank name", aDish({ name: " " }), "/name"],
    ["with a name of two lines", aDish({ name: "Pizza\nMargherita" }), "/name"],
    ["with an id of its own", { ...aDish(), dishId }, "/dishId"],
    ["with another restaurant", { ...aDish(), restaurantId: newId("rst") }, "/restaurantId"],
  ])("POST answers 422 %s, with a pointer to it", async (_, body, pointer) => {
    const answer = await service.call(`POST ${DISHES}`, { ...member, body });
    expect([answer.status, answer.body.code]).toEqual([422, "VALIDATION_FAILED"]);
    expect(answer.body.details?.some((fault) => fault.pointer.startsWith(pointer))).toBe(true);
  });

  const dishesOf = () => service.base.mongo.db.collection<DishDocument>("dishes");
  const fill = ({ restaurantId }: Member, count: number) =>
    dishesOf().insertMany(Array.from({ length: count }, () => newDish(newId("dsh"), restaurantId, aDish())));

  test("POST answers 409 when the menu is full", async () => {
    const full = await service.join();
    await fill(full, DISHES_MAX);
    const { status, body } = await service.call(`POST ${DISHES}`, { ...full, body: aDish() });
    expect([status, body.code]).toEqual([409, "TOO_MANY_DISHES"]);
  });

  test("POST never exceeds the maximum of dishes, also when concurrent", async () => {
    const nearlyFull = await service.join();
    await fill(nearlyFull, DISHES_MAX - 5);
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => service.call(`POST ${DISHES}`, { ...nearlyFull, body: aDish() })),
    );
    const added = answers.filter(({ status }) => status === 201).length;
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(40 - added);
    expect(await dishesOf().countDocuments({ restaurantId: nearlyFull.restaurantId })).toBe(
      DISHES_MAX - 5 + added,
    );
    expect(added).toBeLessThanOrEqual(5);
  });
});

describeWithDatabases("GET /v1/restaurants/me/dishes", () => {
  beforeAll(start);
  beforeEach(join);
  const list = async (query = "") => service.call<Page & { code: string }>(`GET ${DISHES}${query}`, member);

  test("answers 200 with an empty page when there are no dishes", async () => {
    const { status, body } = await list();
    expect([status, body.items, body.nextCursor]).toEqual([200, [], null]);
  });

  test("returns each dish once, oldest first, across pages, also when dishes are added or deleted in between", async () => {
    const dishes: Dish[] = [];
    for (let i = 0; i < 5; i++) dishes.push(await service.addDish(member, { name: `Dish ${i}` }));
    await service.addDish(await service.join());
    const first = await list("?limit=2");
    expect(first.body.items).toEqual(dishes.slice(0, 2));
    await remove(dishes[1]?.dishId ?? "");
    const second = await list(`?limit=2&cursor=${first.body.nextCursor}`);
    expect(second.body.items).toEqual(dishes.slice(2, 4));
    const added = await service.addDish(member, { name: "Dish 5" });
    const third = await list(`?limit=2&cursor=${second.body.nextCursor}`);
    expect([third.body.items, third.body.nextCursor]).toEqual([[...dishes.slice(4), added], null]);
  });

  test("returns twenty by default", async () => {
    const rows = Array.from({ length: 21 }, () => newDish(newId("dsh"), member.restaurantId, aDish()));
    await service.base.mongo.db.collection<DishDocument>("dishes").insertMany(rows);
    const { body } = await list();
    expect(body.items).toHaveLength(20);
    expect(body.nextCursor).toBeString();
  });

  test.each([
    "garbage",
    encodeCursor({ after: "x" }),
    encodeCursor({ after: { $gt: "" } }),
    encodeCursor({}),
  ])("answers 400 for the cursor %s", async (cursor) => {
    const { status, body } = await list(`?cursor=${cursor}`);
    expect([status, body.code]).toEqual([400, "MALFORMED_CURSOR"]);
  });

  test.each(["0", "101", "2.5", "many", "-1"])("answers 422 for a limit of %s", async (limit) => {
    const { status, body } = await list(`?limit=${limit}`);
    expect([status, body.code]).toEqual([422, "VALIDATION_FAILED"]);
  });
});

describeWithDatabases("/v1/restaurants/me/dishes/:dishId", () => {
  let dish: Dish;
  beforeAll(start);
  beforeEach(async () => {
    await join();
    dish = await service.addDish(member);
  });

  test("GET answers 200 with the dish and its ETag", async () => {
    const { status, body, headers } = await read(dish.dishId);
    expect([status, body as unknown, headers.get("etag")]).toEqual([200, dish, '"1"']);
  });

  test("PATCH answers 200, changes the given fields and returns the new ETag", async () => {
    const { status, body, headers } = await patch(dish.dishId, { priceCents: 1050 });
    expect([status, body as Dish, headers.get("etag")]).toEqual([200, { ...dish, priceCents: 1050 }, '"2"']);
    expect((await read(dish.dishId)).body as unknown).toEqual({ ...dish, priceCents: 1050 });
  });

  test("PATCH sets, changes and removes the position on the menu", async () => {
    for (const sortOrder of [0, 9_999]) {
      const { status, body } = await patch(dish.dishId, { sortOrder });
      expect([status, body as Dish]).toEqual([200, { ...dish, sortOrder }]);
    }
    expect((await patch(dish.dishId, { name: "Other" })).body.sortOrder).toBe(9_999);
    const { status, body } = await patch(dish.dishId, { sortOrder: null, name: dish.name });
    expect([status, body as Dish]).toEqual([200, dish]);
    expect((await patch(dish.dishId, { sortOrder: null })).status).toBe(200);
  });

  test("PATCH with an ETag changes only that version", async () => {
    const etag = (await read(dish.dishId)).headers.get("etag") ?? "";
    expect((await patch(dish.dishId, { priceCents: 1 }, etag)).status).toBe(200);
    const stale = await patch(dish.dishId, { priceCents: 2 }, etag);
    expect([stale.status, stale.body.code]).toEqual([412, "DISH_CHANGED"]);
    expect((await read(dish.dishId)).body as unknown).toMatchObject({ priceCents: 1 });
  });

  test("when many PATCH with the same ETag, one wins", async () => {
    const prices = Array.from({ length: 10 }, (_, i) => i);
    const answers = await Promise.all(prices.map((priceCents) => patch(dish.dishId, { priceCents }, '"1"')));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array(9).fill(412)]);
  });

  test("PATCH accepts any version for *", async () => {
    expect((await patch(dish.dishId, { available: false }, "*")).status).toBe(200);
  });

  test.each(['"0"', '"01x"', "1", 'W/"1"', '"99999999999"', '"1" or', "garbage"])(
    "PATCH and DELETE answer 412 for If-Match %p, and change nothing",
    async (etag) => {
      expect((await patch(dish.dishId, { priceCents: 1 }, etag)).status).toBe(412);
      const removed = await remove(dish.dishId, etag);
      expect([removed.status, removed.body.code]).toEqual([412, "DISH_CHANGED"]);
      expect((await read(dish.dishId)).body as unknown).toEqual(dish);
    },
  );

  test("accepts one of several versions in If-Match, also of many", async () => {
    expect((await patch(dish.dishId, { priceCents: 1 }, '"7", "1"')).status).toBe(200);
    const many = Array.from({ length: 100 }, (_, i) => `"${i + 3}"`).join(", ");
    expect((await patch(dish.dishId, { priceCents: 1 }, many)).status).toBe(412);
    expect((await patch(dish.dishId, { priceCents: 1 }, `${many}, "2"`)).status).toBe(200);
    expect((await remove(dish.dishId, `"${"1".repeat(500)}"`)).status).toBe(412);
  });

  test.each([
    [{}],
    [{ priceCents: null }],
    [{ priceCents: { $inc: 1 } }],
    [{ version: 7 }],
    [{ sortOrder: 10_000 }],
    [{ dishId: "dsh_other" }],
    [[]],
  ])("PATCH answers 422 for %j", async (body) => {
    const answer = await patch(dish.dishId, body);
    expect([answer.status, answer.body.code]).toEqual([422, "VALIDATION_FAILED"]);
    expect((await read(dish.dishId)).body as unknown).toEqual(dish);
  });

  test("DELETE answers 204, and 404 from then on", async () => {
    expect((await remove(dish.dishId, '"1"')).status).toBe(204);
    for (const answer of [await remove(dish.dishId), await read(dish.dishId)])
      expect([answer.status, answer.body.code]).toEqual([404, "DISH_NOT_FOUND"]);
  });

  test("answers 404 alike for another restaurant's dish and for one that does not exist", async () => {
    const stranger = await service.join();
    const missing = newId("dsh");
    for (const attempt of [
      (dishId: string) => read(dishId, stranger),
      (dishId: string) => patch(dishId, { priceCents: 1 }, undefined, stranger),
      (dishId: string) => patch(dishId, { priceCents: 1 }, '"1"', stranger),
      (dishId: string) => patch(dishId, { priceCents: 1 }, '"9"', stranger),
      (dishId: string) => remove(dishId, undefined, stranger),
      (dishId: string) => remove(dishId, '"1"', stranger),
    ]) {
      const theirs = withoutRequestId((await attempt(dish.dishId)) as never);
      expect(theirs).toEqual(withoutRequestId((await attempt(missing)) as never));
      expect(theirs.status).toBe(404);
    }
    expect((await read(dish.dishId)).body as unknown).toEqual(dish);
  });

  test.each(["dsh_1", "rst_01k9v3e6m2x8r4t7w0z5b1c3d6", "%24ne"])("answers 404 for the id %s", async (id) => {
    for (const answer of [await read(id), await patch(id, { priceCents: 1 }), await remove(id)])
      expect(answer.status).toBe(404);
  });
});
