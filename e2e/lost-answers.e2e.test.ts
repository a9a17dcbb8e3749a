// When an answer is lost after the work is done, a retry must not do the work twice.
import { afterEach, beforeAll, expect, test } from "bun:test";
import type { Order } from "@food/shared/contracts/order";
import { type Answer, cleanUp, describeWithDatabases, eventually } from "@food/shared/testing/service";
import { MongoClient } from "mongodb";
import {
  courierOnDuty,
  type Eater,
  expectStatus,
  type Kitchen,
  newCustomer,
  openRestaurant,
} from "./actors.ts";
import { tapMongo } from "./mongo-tap.ts";
import { type Platform, startPlatform } from "./platform.ts";
import type { TcpProxy } from "./proxy.ts";

const AT_ONCE = 10;

describeWithDatabases("an answer that is lost", () => {
  let platform: Platform;
  let restaurant: Kitchen;
  let customers: Eater[];
  let orders: MongoClient;
  let deliveries: MongoClient;
  beforeAll(async () => {
    const two = { customer: 2, restaurant: 2, order: 2, delivery: 2 };
    // As many orders wait as there are couriers: none may be held back for the kitchen.
    const environment = { COURIERS_PLENTY: "0" };
    platform = await startPlatform({ proxied: true, replicas: two, environment });
    restaurant = await openRestaurant(platform);
    customers = await Promise.all(Array.from({ length: AT_ONCE }, () => newCustomer(platform)));
    orders = new MongoClient(platform.mongoUrls.order);
    deliveries = new MongoClient(platform.mongoUrls.delivery);
    cleanUp(() => Promise.all([orders.close(), deliveries.close()]));
  });

  afterEach(() => {
    for (const proxy of [
      ...Object.values(platform.balancers),
      ...platform.all.map(({ proxies }) => proxies.mongo),
    ])
      if (proxy) proxy.tap = undefined;
  });

  const storedUnder = (idempotencyKey: string) =>
    orders.db().collection("orders").find({ idempotencyKey }).toArray();

  /** Drops `count` answers that contain `answerPart` to requests that contain `requestPart`, and closes their connections. */
  function loseAnswers(proxy: TcpProxy, requestPart: string, count: number, answerPart = ""): () => number {
    const asked = new Set<number>();
    let lost = 0;
    proxy.tap = {
      toServer(connection, chunk) {
        if (chunk.includes(requestPart)) asked.add(connection);
        return true;
      },
      toClient(connection, chunk) {
        if (!asked.delete(connection) || lost === count || !chunk.includes(answerPart)) return true;
        lost += 1;
        return false;
      },
    };
    return () => lost;
  }

  /** Expects the same order as a replay, and one order in the database. */
  async function expectPlacedOnce(key: string, again: Answer<Order>, first?: Answer<Order>) {
    const order = expectStatus(again, 201);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    if (first?.status === 201) expect(order).toEqual(first.body);
    expect((await storedUnder(key)).map(({ _id }) => String(_id))).toEqual([order.orderId]);
  }

  test("to the customer: a retry with the same key gets it again", async () => {
    const keys = customers.map(() => crypto.randomUUID());
    const lost = loseAnswers(platform.balancers.customer, "POST /v1/orders", AT_ONCE);
    const results = await Promise.allSettled(
      customers.map((customer, i) => customer.order(restaurant, keys[i])),
    );
    expect([results.filter(({ status }) => status === "fulfilled").length, lost()]).toEqual([0, AT_ONCE]);
    for (const [i, customer] of customers.entries()) {
      const key = keys[i] ?? "";
      await eventually(async () => (await storedUnder(key)).length === 1);
      await expectPlacedOnce(key, await customer.order(restaurant, key));
    }
  });

  test("between two services: the caller retries, and the customer gets a normal answer", async () => {
    for (const customer of customers) {
      const key = crypto.randomUUID();
      const lost = loseAnswers(platform.balancers.order, "POST /internal/orders ", 1);
      const first = await customer.order(restaurant, key);
      expect([first.status, lost()]).toEqual([201, 1]);
      await expectPlacedOnce(key, await customer.order(restaurant, key), first);
    }
  });

  test("from the database: a retry finds the stored order", async () => {
    let lost = 0;
    for (const { proxies } of platform.replicas.order)
      tapMongo(proxies.mongo, {
        command: ({ insert }) => (insert === "orders" ? Promise.resolve() : undefined),
        answer: () => {
          lost += 1;
          return lost > AT_ONCE;
        },
      });
    await Promise.all(
      customers.map(async (customer) => {
        const key = crypto.randomUUID();
        const answers: number[] = [];
        // After a 503 the order may or may not be stored.
        const again = await eventually(async () => {
          const answer = await customer.order(restaurant, key);
          answers.push(answer.status);
          return answer.headers.has("idempotent-replayed") && answer;
        });
        expect(answers.filter((status) => status !== 201 && status !== 503)).toEqual([]);
        await expectPlacedOnce(key, again);
      }),
    );
    expect(lost).toBeGreaterThanOrEqual(AT_ONCE);
  });

  test("of an assignment: the order still gets its courier, and no order gets two", async () => {
    const { delivery } = platform.balancers;
    // Drops the call and its retry, so the round fails.
    const lost = loseAnswers(delivery, "POST /internal/trips ", 2, '"outcome":"assigned"');
    const far = { lat: 60, lng: 20 };
    const [kitchen, eater, ...couriers] = await Promise.all([
      openRestaurant(platform, far),
      newCustomer(platform, far),
      ...Array.from({ length: AT_ONCE }, () => courierOnDuty(platform, far)),
    ]);
    const placed = await Promise.all(couriers.map(() => eater.order(kitchen)));
    const ids = placed.map((answer) => expectStatus(answer, 201).orderId);
    const found = await eventually(async () => {
      const seen = await Promise.all(ids.map((id) => eater.send<Order>(`GET /v1/orders/${id}`)));
      const known = seen.flatMap(({ body }) => body.courier?.courierId ?? []);
      return known.length === ids.length && known;
    });
    expect(lost()).toBe(2);
    const live = await deliveries
      .db()
      .collection("trips")
      .find({ live: true, liveOrderIds: { $in: ids } })
      .toArray();
    expect(live.flatMap(({ liveOrderIds }) => liveOrderIds).sort()).toEqual(ids.sort());
    const holders = live.map(({ courierId }) => courierId);
    expect(new Set(holders).size).toBe(holders.length);
    expect(new Set(found)).toEqual(new Set(holders));
  });

  test("to twenty requests at once with one key, on two replicas of each service: they place one order", async () => {
    for (const customer of customers.slice(0, 3)) {
      const key = crypto.randomUUID();
      const answers = await Promise.all(Array.from({ length: 20 }, () => customer.order(restaurant, key)));
      expect(new Set(answers.map((answer) => expectStatus(answer, 201).orderId)).size).toBe(1);
      expect(await storedUnder(key)).toHaveLength(1);
    }
  });

  test("followed by the same key with another body: the request is refused and places nothing", async () => {
    const [customer = await newCustomer(platform)] = customers;
    const other = await openRestaurant(platform);
    const key = crypto.randomUUID();
    expectStatus(await customer.order(restaurant, key), 201);
    const { status, body } = await customer.order(other, key);
    expect([status, (body as unknown as { code: string }).code]).toEqual([422, "IDEMPOTENCY_KEY_REUSED"]);
    expect(await storedUnder(key)).toHaveLength(1);
  });
});
