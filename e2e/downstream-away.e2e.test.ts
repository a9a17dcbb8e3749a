// A downstream service that answers only 503, and one that never answers. Its callers neither overload it
// nor fail with it.
import { afterEach, beforeAll, expect, test } from "bun:test";
import type { Order } from "@food/shared/contracts/order";
import { call, describeWithDatabases, eventually, metricIn } from "@food/shared/testing/service";
import { type Eater, expectStatus, type Kitchen, newCustomer, openRestaurant } from "./actors.ts";
import { type GoBetween, type Passed, startGoBetween } from "./go-between.ts";
import { type Platform, startPlatform } from "./platform.ts";
import { repeatedLinesOf } from "./repeated-lines.ts";

const TEST_MS = 180_000;
/** Maximum concurrent calls of one service to another. */
const BULKHEAD = 64;
const PATIENCE_MS = 2_000;
/** Patience for an answer that comes, even on a busy machine. */
const LONG_MS = 30_000;
/** When a service gives up a call on its own. */
const CALL_TIMEOUT_MS = 3_000;
/** The retries that a service may make at once, besides one for ten calls. */
const RETRIES_SAVED = 10;
/** Placed after a recovery, all at once. */
const AFTERWARDS = 10;

describeWithDatabases("a downstream service", () => {
  let platform: Platform;
  let restaurant: Kitchen;
  let customer: Eater;
  let orders: GoBetween;
  let restaurants: GoBetween;
  beforeAll(async () => {
    [orders, restaurants] = [startGoBetween(), startGoBetween()];
    platform = await startPlatform({
      environment: { ORDER_URL: orders.url, RESTAURANT_URL: restaurants.url },
    });
    orders.target = platform.urls.order;
    restaurants.target = platform.urls.restaurant;
    restaurant = await openRestaurant(platform);
    customer = await newCustomer(platform);
    expectStatus(await customer.order(restaurant), 201);
  }, TEST_MS);
  afterEach(() => {
    for (const between of [orders, restaurants]) between.instead = undefined;
  });

  const quotes = () => restaurants.passed.filter(({ path }) => path === "/internal/quotes");
  const unavailable = () =>
    Response.json({ code: "OVERLOADED", detail: "Later." }, { status: 503, headers: { "retry-after": "1" } });
  const place = (timeoutMs: number) =>
    customer.send<Order>(
      "POST /v1/orders",
      {
        restaurantId: restaurant.id,
        addressId: customer.addressId,
        items: [{ dishId: restaurant.dishIds[0], quantity: 1 }],
      },
      { "idempotency-key": crypto.randomUUID(), "x-request-timeout-ms": String(timeoutMs) },
    );

  const placeSeveral = async () => {
    const answers = await Promise.all(Array.from({ length: AFTERWARDS }, () => place(LONG_MS)));
    return answers.every(({ status }) => status === 201);
  };
  const isCircuitOpen = async () => {
    const { body } = await call<string>(platform.urls.order, "GET /metrics");
    return metricIn(body, "downstream_circuit_open", 'target="restaurant"') === 1;
  };

  test(
    "that answers only 503: gets each request at most once, then single probes, and all requests again after recovery; one line says so",
    async () => {
      const before = quotes().length;
      restaurants.instead = async () => {
        await Bun.sleep(50);
        return unavailable();
      };
      let isOver = false;
      let asked = 0;
      let refused = 0;
      const ask = async () => {
        while (!isOver) {
          asked += 1;
          const { status, headers } = await place(LONG_MS);
          if (status === 503 && Number(headers.get("retry-after")) > 0) refused += 1;
        }
      };
      const repeatedLines = repeatedLinesOf(platform.all);
      const asking = Array.from({ length: 8 }, ask);
      await eventually(isCircuitOpen);
      // Requests in flight when the breaker opened still arrive.
      await eventually(async () => restaurants.atOnce.now === 0);
      restaurants.atOnce.most = 0;
      const opened = { quotes: quotes().length, at: Date.now() };
      await eventually(async () => quotes().length - opened.quotes >= 3);
      isOver = true;
      await Promise.all(asking);

      expect(refused).toBe(asked);
      expect(repeatedLines()).toEqual([]);
      expect(quotes().length - before).toBeLessThanOrEqual(1.1 * asked + RETRIES_SAVED);
      const seconds = (Date.now() - opened.at) / 1_000;
      expect(quotes().length - opened.quotes).toBeLessThan(seconds + 2);
      expect(restaurants.atOnce.most).toBe(1);

      restaurants.instead = undefined;
      await eventually(placeSeveral);
    },
    TEST_MS,
  );

  test(
    "that never answers: callers wait at most the client's deadline at each hop, and at most the bulkhead's number wait",
    async () => {
      restaurants.instead = () => new Promise<Response>(() => undefined);
      const [passedOn, asked] = [orders.passed.length, restaurants.passed.length];
      restaurants.atOnce.most = 0;
      const answers = await Promise.all(
        Array.from({ length: 3 * BULKHEAD }, async () => {
          const { status, headers } = await place(PATIENCE_MS);
          return `${status} ${headers.get("retry-after")}`;
        }),
      );
      expect(new Set(answers)).toEqual(new Set(["503 1"]));
      // Requests that do not need that downstream service are served.
      expectStatus(await call(platform.urls.order, "GET /health/ready"), 200);
      // Abandoned requests may still count here when the next ones start. Without a bulkhead all would
      // count.
      expect(restaurants.atOnce.most).toBeWithin(1, 2 * BULKHEAD);

      const given = ({ headers }: Passed) => Number(headers.get("x-request-timeout-ms"));
      const idOf = ({ headers }: Passed) => headers.get("x-request-id");
      const firstHop = orders.passed.slice(passedOn);
      // An abandoned placement also gives back its stock, outside the request.
      const secondHop = restaurants.passed.slice(asked).filter(({ path }) => path === "/internal/quotes");
      expect(secondHop.length).toBeGreaterThan(0);
      for (const one of secondHop) {
        const from = Math.max(...firstHop.filter((hop) => idOf(hop) === idOf(one)).map(given));
        expect(from).toBeLessThanOrEqual(PATIENCE_MS);
        expect(given(one)).toBeWithin(1, from + 1);
      }
      // One is enough: on a busy machine all take longer.
      await eventually(async () => {
        const startedAt = performance.now();
        expect((await place(PATIENCE_MS / 4)).status).toBe(503);
        return performance.now() - startedAt < CALL_TIMEOUT_MS;
      });

      restaurants.instead = undefined;
      await eventually(placeSeveral);
      await eventually(async () => restaurants.atOnce.now === 0);
    },
    TEST_MS,
  );
});
