import { beforeAll, beforeEach, expect, test } from "bun:test";
import type { PlaceOrderRequest } from "@food/shared/contracts/order";
import type { CartQuote } from "@food/shared/contracts/price";
import type { QuoteRequest } from "@food/shared/contracts/restaurant";
import { describeWithDatabases } from "@food/shared/testing/service";
import { type OrderService, startOrderService } from "../order-service.builder.ts";
import { aCart, aQuote, aRequest } from "../orders/order.builder.ts";

const [{ dishId = "" } = {}] = aRequest().items;
const ITEM = { dishId, name: "Margherita", quantity: 2, unitPriceCents: 950 };
const quoteId = `kx3f9.${"a".repeat(43)}`;

describeWithDatabases("POST /internal/orders with a quote", () => {
  let service: OrderService;
  let asked: QuoteRequest[];
  let cart: CartQuote;
  beforeAll(async () => {
    service = await startOrderService();
  });
  beforeEach(() => {
    asked = [];
    cart = aCart([ITEM], { quoteId });
    service.answers.quote = (request) => {
      asked.push(request);
      return Response.json(aQuote({ cart }));
    };
  });
  const place = async (change: Partial<PlaceOrderRequest>) => {
    const { status, body } = await service.place(change);
    return { status, order: body, problem: body as unknown as { code: string; current?: object } };
  };
  const refuse = (code: string) => {
    service.answers.quote = () =>
      Response.json(
        { code, detail: "No longer.", current: cart },
        { status: 409, headers: { "content-type": "application/problem+json" } },
      );
  };
  const stored = ({ customerId }: { customerId: string }) =>
    service.base.mongo.db.collection("orders").countDocuments({ customerId });

  test("has the restaurant service check the quote, and answers 201 with its components", async () => {
    const { status, order } = await place({ quoteId });
    expect([status, order.totalCents, order.components]).toEqual([201, cart.totalCents, cart.components]);
    expect(asked[0]?.quoteId).toBe(quoteId);
  });

  test.each(["QUOTE_CHANGED", "QUOTE_EXPIRED"])(
    "answers 409 %s with the new quote, stores nothing, and 201 with the new one under the same key",
    async (code) => {
      const request = aRequest({ quoteId: `x.${"b".repeat(43)}` });
      const { quote } = service.answers;
      refuse(code);
      const { status, problem } = await place(request);
      expect([status, problem.code, problem.current]).toEqual([409, code, cart]);
      expect(await stored(request)).toBe(0);
      service.answers.quote = quote;
      expect((await place({ ...request, quoteId })).status).toBe(201);
    },
  );

  test("answers a retry of a placed order also when the quote has expired or changed meanwhile", async () => {
    const request = aRequest({ quoteId });
    const { order } = await place(request);
    refuse("QUOTE_EXPIRED");
    for (const other of [quoteId, `x.${"b".repeat(43)}`]) {
      const again = await place({ ...request, quoteId: other });
      expect([again.status, again.order.orderId]).toEqual([201, order.orderId]);
    }
  });

  test("asks the restaurant service for the price with the tip, and keeps the tip", async () => {
    const components = [...cart.components, { kind: "tip" as const, amountCents: 200 }];
    cart = { ...cart, components, totalCents: cart.totalCents + 200 };
    const { order } = await place({ tipCents: 200 });
    expect(asked[0]?.tipCents).toBe(200);
    expect([order.tipCents, order.totalCents, order.components]).toEqual([200, cart.totalCents, components]);
  });

  test("asks an older restaurant service nothing that it does not know", async () => {
    await place({});
    expect(Object.keys(asked[0] ?? {}).sort()).toEqual(["dropoff", "items", "orderId", "restaurantId"]);
  });

  test("answers 422 for the same key with another tip", async () => {
    const request = aRequest();
    await place(request);
    const other = await place({ ...request, tipCents: 100 });
    expect([other.status, other.problem.code]).toEqual([422, "IDEMPOTENCY_KEY_REUSED"]);
  });

  test("has the components of lines and fee when an older restaurant service gives no cart", async () => {
    service.answers.quote = () => Response.json(aQuote());
    const { order } = await place({});
    expect(order.components).toEqual([
      { kind: "dish", line: 0, quantity: 2, unitCents: 950, amountCents: 1900 },
      { kind: "delivery_fee", amountCents: 250 },
    ]);
    expect([order.totalCents, order.currencyExponent]).toEqual([2150, 2]);
  });

  test.each(["", "x", quoteId.replace(".", "!"), "zz.short", { $ne: "" }])(
    "answers 422 for the quote %p",
    async (wrong) => {
      const { status, problem } = await place({ quoteId: wrong as string });
      expect([status, problem.code]).toEqual([422, "VALIDATION_FAILED"]);
    },
  );
});
