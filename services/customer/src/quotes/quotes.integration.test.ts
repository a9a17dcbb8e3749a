import { beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { call, describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  anAddress,
  type CustomerService,
  OPERATORS,
  type SignedUp,
  startCustomerService,
} from "../customer-service.builder.ts";

const CART = {
  ...{ quoteId: `kx3f9.${"h".repeat(43)}`, expiresAt: "2026-11-23T12:05:00.000Z" },
  ...{ restaurantId: newId("rst"), restaurantName: "Da Enzo", items: [], subtotalCents: 0 },
  components: [{ kind: "delivery_fee", amountCents: 250 }],
  ...{ deliveryFeeCents: 250, totalCents: 250, currency: "EUR", currencyExponent: 2 },
};
const problem = (status: number, code: string, extras = {}) =>
  Response.json(
    { type: "about:blank", title: "T", status, code, detail: "Their words.", requestId: "r", ...extras },
    { status, headers: { "content-type": "application/problem+json" } },
  );

describeWithDatabases("POST /v1/quotes", () => {
  let service: CustomerService;
  let ada: SignedUp;
  let addressId: string;
  beforeAll(async () => {
    service = await startCustomerService();
    ada = await service.signUp();
    const body = anAddress();
    const added = await call(service.url, "POST /v1/customers/me/addresses", { token: ada.token, body });
    addressId = String(added.body.addressId);
  });
  beforeEach(() => {
    // A newer restaurant service may answer more, which no customer gets.
    service.answers.restaurant = () => Response.json({ address: anAddress(), cart: { ...CART, secret: 1 } });
  });
  const aCart = (change: object = {}) => ({
    restaurantId: newId("rst"),
    items: [{ dishId: newId("dsh"), quantity: 2, options: [{ optionId: newId("opt") }], note: "no onions" }],
    ...{ addressId, tipCents: 100, ...change },
  });
  const ask = (body: object, { token } = ada) => call(service.url, "POST /v1/quotes", { token, body });

  test("answers 200 with the quote, in one call to the restaurant service and none to the order service", async () => {
    const before = [service.restaurant.seen.length, service.order.seen.length];
    const { addressId: _, ...cart } = aCart();
    const { status, body } = await ask({ ...cart, addressId });
    expect([status, body]).toEqual([200, CART]);
    expect([service.restaurant.seen.length, service.order.seen.length]).toEqual([
      (before[0] ?? 0) + 1,
      before[1] ?? 0,
    ]);
    const { received } = service;
    expect([received.restaurant?.method, received.restaurant?.path]).toEqual(["POST", "/internal/quotes"]);
    expect(received.restaurant?.body).toEqual({ ...cart, dropoff: anAddress().location });
  });

  test("answers 401 without a token", async () => {
    expect((await call(service.url, "POST /v1/quotes", { body: aCart() })).status).toBe(401);
  });

  test("answers 422 for an address that is not the customer's, without a call", async () => {
    const ben = await service.signUp();
    const before = service.restaurant.seen.length;
    for (const attempt of [await ask(aCart(), ben), await ask(aCart({ addressId: newId("adr") }))]) {
      expect([attempt.status, attempt.body.code]).toEqual([422, "ADDRESS_NOT_FOUND"]);
      expect(attempt.body.details).toEqual([{ pointer: "/addressId", detail: "Not one of your addresses" }]);
    }
    expect(service.restaurant.seen.length).toBe(before);
  });

  test.each([
    [404, "RESTAURANT_NOT_FOUND", {}],
    [
      422,
      "OPTIONS_INVALID",
      { details: [{ pointer: "/items/0/options", detail: "Choose 1", about: newId("ogp") }] },
    ],
  ])("passes on the restaurant service's %d problem", async (status, code, extras) => {
    service.answers.restaurant = () => problem(status, code, extras);
    const answer = await ask(aCart());
    expect([answer.status, answer.body]).toMatchObject([status, { code, detail: "Their words.", ...extras }]);
  });

  test.each([
    ["is down", () => new Response("down", { status: 500 })],
    ["refuses our token", () => problem(401, "INVALID_TOKEN")],
    ["is too old to know carts", () => Response.json({ items: [] })],
  ])("answers 503 with Retry-After while the restaurant service %s", async (_, answer) => {
    service.answers.restaurant = answer;
    const refused = await ask(aCart());
    expect([refused.status, refused.body.code]).toEqual([503, "DEPENDENCY_UNAVAILABLE"]);
    expect(refused.headers.get("retry-after")).toBe("1");
  });

  describe("answers 422 with VALIDATION_FAILED, without a call,", () => {
    test.each([
      ["a price", { totalCents: 1 }],
      ["no items", { items: [] }],
      ["a negative tip", { tipCents: -1 }],
      ["a tip that overflows", { tipCents: 1e9 }],
      ["a quote", { quoteId: CART.quoteId }],
      ["a note for the order", { note: "Ring twice" }],
      ...OPERATORS.map((operator): [string, object] => [
        `${JSON.stringify(operator)} for an address`,
        { addressId: operator },
      ]),
    ])("for %s", async (_, change) => {
      const before = service.restaurant.seen.length;
      const answer = await ask(aCart(change));
      expect([answer.status, answer.body.code]).toEqual([422, "VALIDATION_FAILED"]);
      expect(service.restaurant.seen.length).toBe(before);
    });
  });
});
