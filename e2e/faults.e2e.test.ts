// The binaries when a process dies, and on bad requests.
import { beforeAll, expect, test } from "bun:test";
import type { Order } from "@food/shared/contracts/order";
import { call, describeWithDatabases, eventually } from "@food/shared/testing/service";
import { courierOnDuty, expectStatus, newCustomer, openRestaurant, retryOn503 } from "./actors.ts";
import { type Platform, SERVICES, startPlatform } from "./platform.ts";

describeWithDatabases("a process that dies", () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform();
  });

  test("does not stop a waiting order from getting a courier", async () => {
    const restaurant = await openRestaurant(platform);
    const customer = await newCustomer(platform);
    const order = expectStatus(await customer.order(restaurant), 201);
    await platform.first.order.kill();
    await courierOnDuty(platform);
    await platform.first.order.start();
    await eventually(async () => {
      const { body } = await customer.send<Order>(`GET /v1/orders/${order.orderId}`);
      return body.courier;
    });
  });

  test("makes its callers answer 503 with Retry-After, and leaves no partial write", async () => {
    const restaurant = await openRestaurant(platform);
    const customer = await newCustomer(platform);
    await platform.first.restaurant.kill();
    const refused = await customer.order(restaurant);
    expect([refused.status, Number(refused.headers.get("retry-after")) > 0]).toEqual([503, true]);
    const { items } = expectStatus(await customer.send<{ items: Order[] }>("GET /v1/orders"), 200);
    expect(items).toEqual([]);
    await platform.first.restaurant.start();
    // The order service may still wait to try one call.
    expectStatus(await retryOn503(() => customer.order(restaurant)), 201);
  });

  test("on SIGTERM, shuts down gracefully", async () => {
    for (const replica of platform.all) {
      expect([replica.name, await replica.kill("SIGTERM")]).toEqual([replica.name, 0]);
      expect(replica.log()).toContain('"msg":"Stopped"');
    }
  });
});

describeWithDatabases("bad requests", () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await startPlatform();
  });

  test("get their status and code on every service", async () => {
    for (const service of SERVICES) {
      const url = platform.urls[service];
      const route =
        service === "order"
          ? "GET /internal/orders"
          : `GET /v1/${service === "delivery" ? "couriers" : `${service}s`}/me`;
      const unauthenticated = await call(url, route as "GET /x");
      expect([service, unauthenticated.status, unauthenticated.body.code]).toEqual([
        service,
        401,
        "INVALID_TOKEN",
      ]);
      const unknown = await call(url, "GET /v1/nowhere");
      expect([unknown.status, unknown.body.code]).toEqual([404, "ROUTE_NOT_FOUND"]);
      const wrongMethod = await call(url, "DELETE /health/live");
      expect([wrongMethod.status, wrongMethod.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
    }
  });

  test("change nothing when a customer tampers with an order", async () => {
    const restaurant = await openRestaurant(platform);
    const customer = await newCustomer(platform);
    const line = { dishId: restaurant.dishIds[0], quantity: 1 };
    const good = { restaurantId: restaurant.id, addressId: customer.addressId, items: [line] };
    const place = (
      change: object,
      headers: Record<string, string> = { "idempotency-key": crypto.randomUUID() },
    ) =>
      // Sent directly to the process: a balancer that still sends an unread body loses the answer.
      call(platform.first.customer.url, "POST /v1/orders", {
        token: customer.token,
        body: { ...good, ...change },
        headers,
      });

    const attempts: [string, Awaited<ReturnType<typeof place>>, number, string][] = [
      [
        "a price from the client",
        await place({ items: [{ ...line, unitPriceCents: 1 }] }),
        422,
        "VALIDATION_FAILED",
      ],
      ["no items", await place({ items: [] }), 422, "VALIDATION_FAILED"],
      ["a million items", await place({ items: Array(1_000_000).fill(line) }), 413, "BODY_TOO_LARGE"],
      ["no key", await place({}, {}), 400, "IDEMPOTENCY_KEY_REQUIRED"],
      [
        "another customer's address",
        await place({ addressId: (await newCustomer(platform)).addressId }),
        422,
        "ADDRESS_NOT_FOUND",
      ],
      ["an operator", await place({ restaurantId: { $gt: "" } }), 422, "VALIDATION_FAILED"],
    ];
    for (const [name, answer, status, code] of attempts)
      expect([name, answer.status, answer.body.code]).toEqual([name, status, code]);

    expectStatus(
      await restaurant.send(`PATCH /v1/restaurants/me/dishes/${line.dishId}`, { available: false }),
      200,
    );
    const soldOut = await place({});
    expect([soldOut.status, soldOut.body.code]).toEqual([422, "DISH_UNAVAILABLE"]);
    expectStatus(
      await restaurant.send("PUT /v1/restaurants/me/availability", { acceptingOrders: false }),
      200,
    );
    const closed = await place({});
    expect([closed.status, closed.body.code]).toEqual([422, "RESTAURANT_CLOSED"]);
    const far = await newCustomer(platform, { lat: 53.5, lng: 10 });
    expectStatus(
      await restaurant.send("PUT /v1/restaurants/me/availability", { acceptingOrders: true }),
      200,
    );
    expectStatus(
      await restaurant.send(`PATCH /v1/restaurants/me/dishes/${line.dishId}`, { available: true }),
      200,
    );
    const outOfRange = await far.order(restaurant);
    expect([outOfRange.status, (outOfRange.body as unknown as { code: string }).code]).toEqual([
      422,
      "OUT_OF_RANGE",
    ]);

    for (const actor of [customer, far]) {
      const { items } = expectStatus(await actor.send<{ items: Order[] }>("GET /v1/orders"), 200);
      expect(items).toEqual([]);
    }
  });
});
