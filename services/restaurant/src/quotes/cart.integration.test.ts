import { beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { Dish, Quote } from "@food/shared/contracts/restaurant";
import type { Problem } from "@food/shared/http/problem";
import { cleanUp, describeWithDatabases, freshMongoUrl } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { MongoClient } from "mongodb";
import { dishStore } from "../dishes/store.ts";
import {
  BERLIN,
  type Member,
  type RestaurantService,
  startRestaurantService,
} from "../restaurant-service.builder.ts";
import { restaurantStore } from "../restaurants/store.ts";
import { stockStore } from "../stock/store.ts";
import { quote } from "./quote.ts";

const mongoUrl = freshMongoUrl();
let service: RestaurantService;
let member: Member;
let dish: Dish;
let token: string;
const ask = async (change: object = {}) => {
  const items = [{ dishId: dish.dishId, quantity: 2 }];
  const body = { restaurantId: member.restaurantId, items, dropoff: BERLIN, ...change };
  return service.call<Quote & Problem>("POST /internal/quotes", { token, body });
};
const hashNow = async (change: object = {}) => (await ask(change)).body.cart?.quoteId.split(".")[1];
const patch = (path: string, body: object) =>
  service.call(`PATCH /v1/restaurants/me${path}`, { ...member, body });

describeWithDatabases("the cart of a quote", () => {
  beforeAll(async () => {
    service = await startRestaurantService({ mongoUrl });
    token = await service.customer.serviceToken("restaurant");
  });
  beforeEach(async () => {
    member = await service.join({ currency: "KWD" });
    dish = await service.addDish(member);
  });

  test("is answered to the customer service, with all that the customer pays and sees", async () => {
    const before = Date.now();
    const { status, body } = await ask({ tipCents: 300 });
    expect(status).toBe(200);
    const { quoteId, expiresAt = "", ...cart } = body.cart ?? {};
    expect(cart as object).toEqual({
      ...{ restaurantId: member.restaurantId, restaurantName: "Da Enzo" },
      items: [{ dishId: dish.dishId, name: "Margherita", quantity: 2, unitPriceCents: 950 }],
      components: [
        { kind: "dish", line: 0, quantity: 2, unitCents: 950, amountCents: 1900 },
        { kind: "delivery_fee", amountCents: 250 },
        { kind: "tip", amountCents: 300 },
      ],
      ...{
        subtotalCents: 1900,
        deliveryFeeCents: 250,
        totalCents: 2450,
        currency: "KWD",
        currencyExponent: 3,
      },
    });
    expect(Date.parse(expiresAt) - before).toBeWithin(300_000, 360_000);
    expect(Number.parseInt(quoteId?.split(".")[0] ?? "", 36)).toBe(Date.parse(expiresAt));
  });

  test("has the taxes of dishes and fees", async () => {
    await patch(`/dishes/${dish.dishId}`, { taxBasisPoints: 700 });
    await patch("", { tax: { pricesIncludeTax: false, feeBasisPoints: 1_900 } });
    const { components, totalCents } = (await ask()).body.cart ?? {};
    const taxes = components?.filter(({ kind }) => kind === "tax");
    expect(taxes?.map(({ rateBasisPoints, amountCents }) => [rateBasisPoints, amountCents])).toEqual([
      [700, 133],
      [1_900, 48],
    ]);
    expect(totalCents).toBe(1900 + 250 + 133 + 48);
    await patch("", { tax: { pricesIncludeTax: true } });
    expect((await ask()).body.cart?.totalCents).toBe(2150);
    await patch(`/dishes/${dish.dishId}`, { taxBasisPoints: null });
    expect((await ask()).body.cart?.components.some(({ kind }) => kind === "tax")).toBe(false);
  });

  test("has the fee of the zone, and the surcharge of a small order apart from it", async () => {
    const smallOrder = { belowCents: 2_000, surchargeCents: 150 };
    await patch("", { deliveryZones: [{ name: "Near", radiusMeters: 5_000, feeCents: 199, smallOrder }] });
    const { body } = await ask();
    expect(body.cart?.components.slice(1)).toEqual([
      { kind: "delivery_fee", amountCents: 199 },
      { kind: "small_order_surcharge", amountCents: 150 },
    ]);
    expect([body.cart?.deliveryFeeCents, body.cart?.totalCents]).toEqual([199, 1900 + 199 + 150]);
    // What an order service of an older release adds to the lines.
    expect(body.deliveryFeeCents).toBe(199 + 150);
  });

  test("has the same hash until something that the customer sees changes", async () => {
    const hash = await hashNow();
    expect(await hashNow()).toBe(hash as string);
    const changes: (() => unknown)[] = [
      () => patch(`/dishes/${dish.dishId}`, { priceCents: 951 }),
      () => patch(`/dishes/${dish.dishId}`, { priceCents: 950, name: "Other" }),
      () => patch("", { deliveryFeeCents: 1 }),
      () => patch("", { tax: { pricesIncludeTax: true, feeBasisPoints: 700 } }),
    ];
    const hashes = [hash];
    for (const change of changes) {
      await change();
      hashes.push(await hashNow());
    }
    hashes.push(
      await hashNow({ tipCents: 1 }),
      await hashNow({ dropoff: { ...BERLIN, lat: BERLIN.lat + 0.001 } }),
    );
    expect(new Set(hashes).size).toBe(hashes.length);
  });

  test("of 20 lines with options asks MongoDB twice", async () => {
    const { optionGroupId, options } = await service.addGroup(member);
    const dishes = await Promise.all(
      Array.from({ length: 20 }, () => service.addDish(member, { optionGroups: [{ optionGroupId }] })),
    );
    const chosen = options.slice(0, 1).map(({ optionId }) => ({ optionId }));
    const items = dishes.map(({ dishId }) => ({ dishId, quantity: 1, options: chosen }));
    const client = new MongoClient(mongoUrl, { monitorCommands: true });
    await client.connect();
    cleanUp(() => client.close());
    const commands: string[] = [];
    client.on("commandStarted", ({ commandName }) => commands.push(commandName));
    const deps = {
      ...{ restaurants: restaurantStore(client.db()), dishes: dishStore(client.db()) },
      ...{ stock: stockStore(client.db()), changed: async () => undefined },
    };
    const { cart } = await quote(
      deps,
      { restaurantId: member.restaurantId, items, dropoff: BERLIN },
      new Date(),
    );
    expect(cart?.items.map((item) => item.options?.length)).toEqual(Array(20).fill(1));
    expect(commands).toEqual(["find", "find"]);
  });

  test("answers 409 with the new quote when a given one no longer holds, before any portion is taken", async () => {
    const stock = `/v1/restaurants/me/dishes/${dish.dishId}/stock` as const;
    await service.call(`PUT ${stock}`, { ...member, body: { remaining: 5 } });
    const { quoteId } = (await ask()).body.cart ?? {};
    expect((await ask({ quoteId })).status).toBe(200);
    await patch(`/dishes/${dish.dishId}`, { priceCents: 951 });
    const { status, body } = await ask({ quoteId, orderId: newId("ord") });
    expect([status, body.code]).toEqual([409, "QUOTE_CHANGED"]);
    const current = body.current as Quote["cart"];
    expect(current?.totalCents).toBe(2 * 951 + 250);
    const expired = `1.${current?.quoteId.split(".")[1]}`;
    expect((await ask({ quoteId: expired, orderId: newId("ord") })).body.code).toBe("QUOTE_EXPIRED");
    const { body: left } = await service.call<{ items: object[] }>("GET /v1/restaurants/me/stock", member);
    expect(left.items).toEqual([{ dishId: dish.dishId, remaining: 5 }]);
    expect((await ask({ quoteId: current?.quoteId, orderId: newId("ord") })).body.stockTaken).toBe(true);
  });

  test("answers 422 for a tip above the bound, which is half of a large cart", async () => {
    expect((await ask({ tipCents: 5_000 })).status).toBe(200);
    const { status, body } = await ask({ tipCents: 5_001 });
    expect([status, body.code, body.details]).toEqual([
      422,
      "TIP_TOO_LARGE",
      [{ pointer: "/tipCents", detail: "At most 5000 for this cart" }],
    ]);
    const items = [{ dishId: dish.dishId, quantity: 20 }];
    expect((await ask({ items, tipCents: 9_500 })).status).toBe(200);
    expect((await ask({ items, tipCents: 9_501 })).status).toBe(422);
  });

  test("answers 422 for a tip of a million euros and for a negative one", async () => {
    for (const tipCents of [100_000_001, -1, 0.5]) {
      const { status, body } = await ask({ tipCents });
      expect([status, body.code]).toEqual([422, "VALIDATION_FAILED"]);
    }
    expect((await ask({ tipCents: 100_000_000 })).body.code).toBe("TIP_TOO_LARGE");
  });

  describe("tax rates", () => {
    test.each([40_000, 10_001, -1, 7.5, "700"])("of %p are refused with 422", async (rate) => {
      for (const answer of [
        await patch(`/dishes/${dish.dishId}`, { taxBasisPoints: rate }),
        await patch("", { tax: { pricesIncludeTax: true, feeBasisPoints: rate } }),
        await service.call("POST /v1/restaurants/me/dishes", {
          ...member,
          body: { ...dish, taxBasisPoints: rate },
        }),
      ])
        expect([answer.status, answer.body.code]).toEqual([422, "VALIDATION_FAILED"]);
    });

    test("are shown with the dish and the restaurant", async () => {
      const tax = { pricesIncludeTax: false, feeBasisPoints: 1_900 };
      const taxed = await service.addDish(member, { taxBasisPoints: 700 });
      expect(taxed.taxBasisPoints).toBe(700);
      expect((await patch("", { tax })).body as unknown).toMatchObject({ tax });
      const shown = await service.call(`GET /v1/restaurants/${member.restaurantId}`);
      expect(shown.body as unknown).toMatchObject({ tax });
    });
  });
});
