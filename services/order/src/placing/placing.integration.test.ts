import { beforeAll, beforeEach, expect, test } from "bun:test";
import type { Order } from "@food/shared/contracts/order";
import type { ChosenOption } from "@food/shared/contracts/order-lines";
import { call, describeWithDatabases, NO_REDIS } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { type OrderService, startOrderService } from "../order-service.builder.ts";
import { aCart, aQuote, aRequest } from "../orders/order.builder.ts";

for (const [name, redisUrl] of [
  ["with Redis", undefined],
  ["without Redis", NO_REDIS],
] as const)
  describeWithDatabases(`POST /internal/orders ${name}`, () => {
    let service: OrderService;
    beforeAll(async () => {
      service = await startOrderService(redisUrl ? { redisUrl } : {});
    });
    beforeEach(() => {
      service.answers.quote = () => Response.json(aQuote());
    });
    const stored = (request: { customerId: string }) =>
      service.base.mongo.db.collection("orders").countDocuments({ customerId: request.customerId });

    test("answers 201 with the order at the menu's price and the customer's PIN", async () => {
      const { status, body } = await service.place();
      expect(status).toBe(201);
      expect(body).toMatchObject({
        status: "pending",
        version: 1,
        totalCents: 2 * 950 + 250,
        currency: "EUR",
      });
      expect(body.handoverPin).toMatch(/^\d{4}$/);
    });

    test("answers a retry with the same order, marked as replayed", async () => {
      const request = aRequest();
      const first = await service.place(request);
      const again = await service.place(request);
      expect(again.status).toBe(201);
      expect(again.body.orderId).toBe(first.body.orderId);
      expect(first.headers.get("idempotent-replayed")).toBeNull();
      expect(again.headers.get("idempotent-replayed")).toBe("true");
    });

    test("answers a retry after the address was deleted", async () => {
      const request = aRequest();
      const first = await service.place(request);
      const { deliveryAddress: _, ...without } = request;
      const again = await call<Order>(service.url, "POST /internal/orders", {
        token: await service.customer.serviceToken("order"),
        body: without,
      });
      expect(again.body.orderId).toBe(first.body.orderId);
    });

    test("with fifty requests at once with one key, places one order", async () => {
      const request = aRequest();
      const answers = await Promise.all(Array.from({ length: 50 }, () => service.place(request)));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([201]));
      expect(new Set(answers.map(({ body }) => body.orderId)).size).toBe(1);
      expect(answers.filter(({ headers }) => !headers.has("idempotent-replayed"))).toHaveLength(1);
      expect(await stored(request)).toBe(1);
    });

    test("answers 422 for the same key with another body, and keeps the first order unchanged", async () => {
      const request = aRequest();
      await service.place(request);
      const other = await service.place({ ...request, note: "no onions" });
      expect([other.status, (other.body as unknown as { code: string }).code]).toEqual([
        422,
        "IDEMPOTENCY_KEY_REUSED",
      ]);
      expect(await stored(request)).toBe(1);
    });

    test("answers a retry with the options in another order with the same order, and other options with 422", async () => {
      const [{ dishId = "" } = {}] = aRequest().items;
      const [a, b] = [{ optionId: newId("opt") }, { optionId: newId("opt"), quantity: 2 }];
      const request = aRequest({ items: [{ dishId, quantity: 2, options: [a, b] }] });
      const place = (options: ChosenOption[]) =>
        service.place({ ...request, items: [{ dishId, quantity: 2, options }] });
      const first = await place([a, b]);
      const again = await place([b, { ...a, quantity: 1 }]);
      expect([again.status, again.body.orderId]).toEqual([201, first.body.orderId]);
      for (const other of [[a], [a, { ...b, quantity: 1 }], [a, b, a]])
        expect((await place(other)).status).toBe(422);
      expect(await stored(request)).toBe(1);
    });

    test("asks for the price with the options, and keeps them with names and prices", async () => {
      const [{ dishId = "" } = {}] = aRequest().items;
      const option = {
        ...{ optionId: newId("opt"), optionGroupId: newId("ogp"), groupName: "Size", name: "Large" },
        ...{ quantity: 1, priceCents: 300 },
      };
      const line = { dishId, name: "Margherita", quantity: 2, unitPriceCents: 1250, options: [option] };
      service.answers.quote = () => Response.json(aQuote({ cart: aCart([line]) }));
      const items = [{ dishId, quantity: 2, options: [{ optionId: option.optionId }] }];
      const { status, body } = await service.place({ items });
      expect([status, body.items, body.totalCents]).toEqual([201, [line], 2 * 1250 + 250]);
    });

    test("lets two customers use the same key", async () => {
      const request = aRequest();
      const mine = await service.place(request);
      const theirs = await service.place({ ...request, customerId: newId("cus") });
      expect(theirs.body.orderId).not.toBe(mine.body.orderId);
    });

    test("passes on the restaurant's refusal and stores nothing", async () => {
      const request = aRequest();
      const problem = { code: "RESTAURANT_CLOSED", detail: "Closed until 11:30.", details: [] };
      const headers = { "content-type": "application/problem+json" };
      service.answers.quote = () => Response.json(problem, { status: 422, headers });
      const refused = await service.place(request);
      expect(refused.status).toBe(422);
      expect(refused.body as unknown).toMatchObject({
        code: "RESTAURANT_CLOSED",
        detail: "Closed until 11:30.",
      });
      expect(await stored(request)).toBe(0);
    });

    test("while the restaurant service is down, answers 503 with Retry-After and stores nothing", async () => {
      const request = aRequest();
      service.answers.quote = () => new Response("down", { status: 500 });
      const refused = await service.place(request);
      expect(refused.status).toBe(503);
      expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(0);
      expect(await stored(request)).toBe(0);
    });

    test("answers 422 for an address that the customer does not have", async () => {
      const { deliveryAddress: _, ...without } = aRequest();
      const refused = await call(service.url, "POST /internal/orders", {
        token: await service.customer.serviceToken("order"),
        body: without,
      });
      expect([refused.status, refused.body.code]).toEqual([422, "ADDRESS_NOT_FOUND"]);
    });

    test.each([
      ["a price of the client's own", { totalCents: 1 }],
      ["no items", { items: [] }],
      ["a quantity of zero", { items: [{ dishId: newId("dsh"), quantity: 0 }] }],
      ["a quantity in words", { items: [{ dishId: newId("dsh"), quantity: "2" }] }],
      ["an operator for an id", { restaurantId: { $ne: null } }],
    ])("answers 422 for %s", async (_, change) => {
      const refused = await call(service.url, "POST /internal/orders", {
        token: await service.customer.serviceToken("order"),
        body: { ...aRequest(), ...change },
      });
      expect([refused.status, refused.body.code]).toEqual([422, "VALIDATION_FAILED"]);
    });
  });
