import { beforeAll, describe, expect, test } from "bun:test";
import { call, describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  anAddress,
  type CustomerService,
  OPERATORS,
  type SignedUp,
  startCustomerService,
} from "../customer-service.builder.ts";

const problem = (status: number, code: string, extras = {}) =>
  Response.json(
    { type: "about:blank", title: "T", status, code, detail: "Their words.", requestId: "r", ...extras },
    { status, headers: { "content-type": "application/problem+json" } },
  );
const BYTES = '{ "orderId":"as it came" }';

describeWithDatabases("orders", () => {
  let service: CustomerService;
  let ada: SignedUp;
  let addressId: string;
  beforeAll(async () => {
    service = await startCustomerService();
    ada = await service.signUp();
    const added = await call(service.url, "POST /v1/customers/me/addresses", {
      token: ada.token,
      body: anAddress(),
    });
    addressId = String(added.body.addressId);
  });
  const anOrder = (change: object = {}) => ({
    restaurantId: newId("rst"),
    items: [{ dishId: newId("dsh"), quantity: 2, note: "no onions" }],
    addressId,
    note: "Ring twice",
    ...change,
  });
  const place = (body: object, headers: Record<string, string> = { "idempotency-key": "key-1" }) =>
    call(service.url, "POST /v1/orders", { token: ada.token, body, headers });
  const sent = () => {
    const { order } = service.received;
    if (!order) throw new Error("The order service received no request");
    return order;
  };

  describe("POST /v1/orders", () => {
    test("passes on the order with customer and address, and returns the response unchanged", async () => {
      service.answers.order = () =>
        new Response(BYTES, {
          status: 201,
          headers: { "content-type": "application/json", "idempotent-replayed": "true" },
        });
      const body = anOrder();
      const answer = await place(body);
      expect(answer.status).toBe(201);
      expect(answer.body).toEqual(JSON.parse(BYTES));
      expect(answer.headers.get("idempotent-replayed")).toBe("true");
      expect([sent().method, sent().path]).toEqual(["POST", "/internal/orders"]);
      expect(sent().body).toEqual({
        ...body,
        customerId: ada.customerId,
        idempotencyKey: "key-1",
        deliveryAddress: anAddress(),
        contact: { name: "Ada" },
      });
    });

    test("passes on the customer's current contact", async () => {
      const ben = await service.signUp();
      const change = { name: "Ben", phone: "+49 30 7654321" };
      await call(service.url, "PATCH /v1/customers/me", { token: ben.token, body: change });
      await call(service.url, "POST /v1/orders", {
        token: ben.token,
        body: anOrder(),
        headers: { "idempotency-key": "key-3" },
      });
      expect(sent().body.contact).toEqual(change);
    });

    test("when the customer has no such address, leaves it out, so that a replay still works", async () => {
      const ben = await service.signUp();
      await call(service.url, "POST /v1/orders", {
        token: ben.token,
        body: anOrder(),
        headers: { "idempotency-key": "key-2" },
      });
      expect(sent().body).not.toHaveProperty("deliveryAddress");
      expect(sent().body.customerId).toBe(ben.customerId);
    });

    test.each([
      ["no key", {}],
      ["an empty key", { "idempotency-key": "" }],
      ["a key with a blank in it", { "idempotency-key": "a b" }],
      ["an endless key", { "idempotency-key": "k".repeat(256) }],
      ["a key that is not ASCII", { "idempotency-key": "kéy" }],
    ])("answers 400 to %s, without a call", async (_, headers) => {
      const before = service.order.seen.length;
      const answer = await place(anOrder(), headers as Record<string, string>);
      expect([answer.status, answer.body.code]).toEqual([400, "IDEMPOTENCY_KEY_REQUIRED"]);
      expect(service.order.seen.length).toBe(before);
    });

    test.each([
      [404, "RESTAURANT_NOT_FOUND", {}],
      [409, "TOO_MANY_OPEN_ORDERS", {}],
      [409, "QUOTE_CHANGED", { current: { quoteId: "new", totalCents: 1 } }],
      [409, "ORDER_ENDED", { currentStatus: "pending", allowedActions: ["cancel"] }],
      [422, "DISH_UNAVAILABLE", { details: [{ pointer: "/items/0", detail: "Sold out" }] }],
    ])("passes on the order service's %d problem", async (status, code, extras) => {
      service.answers.order = () => problem(status, code, extras);
      const answer = await place(anOrder());
      expect([answer.status, answer.body]).toMatchObject([
        status,
        { code, detail: "Their words.", ...extras },
      ]);
      expect(answer.headers.get("content-type")).toBe("application/problem+json");
    });

    test.each([
      ["is down", () => new Response("down", { status: 500 })],
      ["is overloaded", () => problem(503, "OVERLOADED")],
      ["refuses our token", () => problem(401, "INVALID_TOKEN")],
      ["refuses our role", () => problem(403, "WRONG_SERVICE")],
    ])("answers 503 with Retry-After while the order service %s", async (_, answer) => {
      service.answers.order = answer;
      const refused = await place(anOrder());
      expect([refused.status, refused.body.code]).toEqual([503, "DEPENDENCY_UNAVAILABLE"]);
      expect(refused.headers.get("retry-after")).toBe("1");
    });

    const dish = { dishId: newId("dsh"), quantity: 1 };
    test.each([
      ["a price", { totalCents: 1 }],
      ["a price for a dish", { items: [{ ...dish, unitPriceCents: 1 }] }],
      ["another customer", { customerId: newId("cus") }],
      ["a status", { status: "delivered" }],
      ["a tip that overflows", { tipCents: 1e9 }],
      ["another kind of quote", { quoteId: "1" }],
      ["an address of its own", { deliveryAddress: anAddress() }],
      ["no items", { items: [] }],
      ["too many items", { items: Array(51).fill(dish) }],
      ["a quantity of zero", { items: [{ ...dish, quantity: 0 }] }],
      ["half a dish", { items: [{ ...dish, quantity: 0.5 }] }],
      ["a quantity in words", { items: [{ ...dish, quantity: "1" }] }],
      ["a hundred of a dish", { items: [{ ...dish, quantity: 100 }] }],
      ["another kind of id", { restaurantId: newId("dsh") }],
      ["an endless note", { note: "x".repeat(501) }],
      ...OPERATORS.flatMap((operator): [string, object][] => [
        [`${JSON.stringify(operator)} for a restaurant`, { restaurantId: operator }],
        [`${JSON.stringify(operator)} for an address`, { addressId: operator }],
        [`${JSON.stringify(operator)} for a note`, { note: operator }],
        [`${JSON.stringify(operator)} for a dish`, { items: [{ dishId: operator, quantity: 1 }] }],
      ]),
    ])("answers 422 for %s, without a call", async (_, change) => {
      const before = service.order.seen.length;
      const answer = await place(anOrder(change));
      expect([answer.status, answer.body.code]).toEqual([422, "VALIDATION_FAILED"]);
      expect(service.order.seen.length).toBe(before);
    });
  });

  describe("reading and cancelling", () => {
    const orderId = newId("ord");
    const passing = () => {
      service.answers.order = () => new Response(BYTES, { headers: { "content-type": "application/json" } });
    };

    test.each([
      [
        "GET /v1/orders?status=pending&limit=5",
        () => `/internal/orders?status=pending&limit=5&actorId=${ada.customerId}`,
      ],
      ["GET /v1/orders", () => `/internal/orders?limit=20&actorId=${ada.customerId}`],
      [`GET /v1/orders/${orderId}`, () => `/internal/orders/${orderId}?actorId=${ada.customerId}`],
    ] as const)("%s reads as the customer and answers 200", async (route, path) => {
      passing();
      const answer = await call(service.url, route, { token: ada.token });
      expect([answer.status, answer.body, sent().path]).toEqual([200, JSON.parse(BYTES), path()]);
    });

    test("POST /v1/orders/:orderId/cancel needs no body and answers 200", async () => {
      passing();
      const answer = await call(service.url, `POST /v1/orders/${orderId}/cancel`, { token: ada.token });
      expect(answer.status).toBe(200);
      expect([sent().path, sent().body]).toEqual([
        `/internal/orders/${orderId}/cancel`,
        { actorId: ada.customerId },
      ]);
    });

    test("PUT /v1/orders/:orderId/tip sets the tip as the customer and answers 200", async () => {
      passing();
      const body = { tipCents: 200 };
      const answer = await call(service.url, `PUT /v1/orders/${orderId}/tip`, { token: ada.token, body });
      expect([answer.status, answer.body]).toEqual([200, JSON.parse(BYTES)]);
      expect([sent().method, sent().path, sent().body]).toEqual([
        "PUT",
        `/internal/orders/${orderId}/tip`,
        { actorId: ada.customerId, ...body },
      ]);
    });

    test.each([
      [409, "TIP_CLOSED", { currentStatus: "cancelled", allowedActions: [] }],
      [422, "TIP_TOO_LARGE", { details: [{ pointer: "/tipCents", detail: "At most 5000 for this order" }] }],
    ])("passes on the order service's %d problem for a tip", async (status, code, extras) => {
      service.answers.order = () => problem(status, code, extras);
      const body = { tipCents: 200 };
      const answer = await call(service.url, `PUT /v1/orders/${orderId}/tip`, { token: ada.token, body });
      expect([answer.status, answer.body]).toMatchObject([status, { code, ...extras }]);
    });

    test.each([
      {},
      { tipCents: -1 },
      { tipCents: 1e9 },
      { tipCents: "2" },
      { tipCents: 1, actorId: "cus_1" },
    ])("PUT /v1/orders/:orderId/tip answers 422 for %j, without a call", async (body) => {
      const before = service.order.seen.length;
      const answer = await call(service.url, `PUT /v1/orders/${orderId}/tip`, { token: ada.token, body });
      expect([answer.status, answer.body.code]).toEqual([422, "VALIDATION_FAILED"]);
      expect(service.order.seen.length).toBe(before);
    });

    test("a late cancel answers 409 with the allowed actions", async () => {
      const extras = { currentStatus: "preparing", allowedActions: [] };
      service.answers.order = () => problem(409, "ILLEGAL_MOVE", extras);
      const answer = await call(service.url, `POST /v1/orders/${orderId}/cancel`, { token: ada.token });
      expect([answer.status, answer.body]).toMatchObject([409, extras]);
    });

    const routes = [
      "GET /v1/orders",
      `GET /v1/orders/${orderId}`,
      `POST /v1/orders/${orderId}/cancel`,
      `PUT /v1/orders/${orderId}/tip`,
    ] as const;
    test.each(routes)("%s answers 401, 503 and, where an order is named, 404", async (route) => {
      const asked = { token: ada.token, ...(route.startsWith("PUT") && { body: { tipCents: 1 } }) };
      expect((await call(service.url, route)).status).toBe(401);
      if (route !== "GET /v1/orders") {
        service.answers.order = () => problem(404, "ORDER_NOT_FOUND");
        expect((await call(service.url, route, asked)).body.code).toBe("ORDER_NOT_FOUND");
      }
      service.answers.order = () => new Response(null, { status: 502 });
      expect((await call(service.url, route, asked)).status).toBe(503);
    });

    test.each(["status=unknown", "limit=0", "limit=101", "actorId=cus_1", "status[$ne]=pending"])(
      "GET /v1/orders?%s answers 422",
      async (query) => {
        const answer = await call(service.url, `GET /v1/orders?${query}`, { token: ada.token });
        expect(answer.status).toBe(422);
      },
    );

    test("passes on the order service's 400 for an invalid cursor", async () => {
      service.answers.order = () => problem(400, "MALFORMED_CURSOR");
      const answer = await call(service.url, "GET /v1/orders?cursor=abc", { token: ada.token });
      expect([answer.status, answer.body.code]).toEqual([400, "MALFORMED_CURSOR"]);
    });

    test.each(["nonsense", "ord_1", "%2e%2e%2finternal", newId("rst")])(
      "an order named %s answers 404",
      async (id) => {
        expect((await call(service.url, `GET /v1/orders/${id}`, { token: ada.token })).status).toBe(404);
        expect((await call(service.url, `POST /v1/orders/${id}/cancel`, { token: ada.token })).status).toBe(
          404,
        );
      },
    );
  });
});
