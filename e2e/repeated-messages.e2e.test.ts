// Every message between two services may be repeated, late and in any order. A repeated message changes
// nothing.
import { beforeAll, expect, test } from "bun:test";
import type { Order } from "@food/shared/contracts/order";
import { cleanUp, describeWithDatabases, eventually } from "@food/shared/testing/service";
import { type Document, MongoClient } from "mongodb";
import {
  type Actor,
  courierOnDuty,
  type Eater,
  expectStatus,
  type Kitchen,
  newCustomer,
  openRestaurant,
  retryOn503,
} from "./actors.ts";
import { courierOf, playOrder } from "./dinner.ts";
import { type GoBetween, type Passed, repeat, startGoBetween } from "./go-between.ts";
import { type Platform, startPlatform } from "./platform.ts";

const TEST_MS = 180_000;
const ROUNDS = 10;

/** Shuffles the messages for each pass; deterministic for a seed (mulberry32, Tommy Ettinger). */
function shuffled<T>(values: T[], seed: number): T[] {
  let state = seed;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const result = [...values];
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}

describeWithDatabases("messages between services", () => {
  let platform: Platform;
  let orders: GoBetween;
  let deliveries: GoBetween;
  let restaurant: Kitchen;
  let customer: Eater;
  let couriers: Actor[];
  let databases: { [collection: string]: MongoClient };
  beforeAll(async () => {
    [orders, deliveries] = [startGoBetween(), startGoBetween()];
    platform = await startPlatform({
      replicas: { order: 2, delivery: 2 },
      environment: { ORDER_URL: orders.url, DELIVERY_URL: deliveries.url },
    });
    [orders.target, deliveries.target] = [platform.urls.order, platform.urls.delivery];
    restaurant = await openRestaurant(platform);
    customer = await newCustomer(platform);
    couriers = await Promise.all(Array.from({ length: 6 }, () => courierOnDuty(platform)));
    const [order, delivery] = [platform.mongoUrls.order, platform.mongoUrls.delivery].map(
      (url) => new MongoClient(url),
    );
    databases = { orders: order, trips: delivery, couriers: delivery } as typeof databases;
    cleanUp(() => Promise.all([order?.close(), delivery?.close()]));
  }, TEST_MS);

  /** All stored documents, complete. */
  async function stored(): Promise<Document[][]> {
    await eventually(
      async () =>
        (await databases.orders
          ?.db()
          .collection("orders")
          .countDocuments({ outboxDueAt: { $exists: true } })) === 0,
    );
    return Promise.all(
      Object.entries(databases).map(([name, client]) =>
        client.db().collection(name).find().sort({ _id: 1 }).toArray(),
      ),
    );
  }

  /** One order for each final status, so none still waits for a courier. */
  async function live() {
    const actors = { restaurant, customer, couriers };
    const placed = async () => expectStatus(await customer.order(restaurant), 201);
    const kitchen = async (order: Order, ...actions: [string, object?][]) => {
      for (const [action, body] of actions)
        expectStatus(await restaurant.send(`POST /v1/orders/${order.orderId}/${action}`, body), 200);
    };
    const [ready, picked, declined, rejected, cancelled] = await Promise.all([1, 2, 3, 4, 5].map(placed));
    if (!ready || !picked || !declined || !rejected || !cancelled) throw new Error("unreachable");
    await playOrder(actors);
    await kitchen(ready, ["accept", { prepMinutes: 10 }], ["prepare"], ["ready"]);
    await kitchen(picked, ["prepare"], ["ready"]);
    const { courier, deliveryId } = await courierOf(actors, picked.orderId);
    expectStatus(await courier.send(`POST /v1/deliveries/${deliveryId}/pickup`), 200);
    const first = await courierOf(actors, declined.orderId);
    expectStatus(await first.courier.send(`POST /v1/deliveries/${first.deliveryId}/decline`), 200);
    await courierOf(actors, declined.orderId);
    await kitchen(rejected, ["reject", { reason: "too_busy" }]);
    await courierOf(actors, cancelled.orderId);
    expectStatus(await customer.send(`POST /v1/orders/${cancelled.orderId}/cancel`), 200);
    await courierOf(actors, ready.orderId);
  }

  test(
    "repeated many times in any order: change nothing",
    async () => {
      await live();
      await stored();
      const asked = (between: GoBetween) =>
        between.passed
          .filter(({ method }) => method !== "GET")
          .map((one): [GoBetween, Passed] => [between, one]);
      const messages = [...asked(orders), ...asked(deliveries)];
      const kinds = new Set(
        messages.map(([, { method, path }]) => `${method} ${path.replace(/\w+_\w+/g, "…")}`),
      );
      expect([...kinds].sort()).toEqual([
        "POST /internal/couriers/search",
        "POST /internal/orders",
        "POST /internal/orders/…/accept",
        "POST /internal/orders/…/cancel",
        "POST /internal/orders/…/decline",
        "POST /internal/orders/…/deliver?followsUp=true",
        "POST /internal/orders/…/pickup?followsUp=true",
        "POST /internal/orders/…/prepare",
        "POST /internal/orders/…/ready",
        "POST /internal/orders/…/reject",
        "POST /internal/trips",
        "PUT /internal/deliveries/…/order",
      ]);

      const before = await stored();
      const statuses = new Set<number>();
      for (let seed = 1; seed <= ROUNDS; seed++)
        await Promise.all(
          shuffled([...messages, ...messages], seed).map(async ([{ target }, message]) => {
            // So many at once may have to wait too long for a connection to MongoDB.
            const { status } = await retryOn503(async () => {
              const answer = await repeat(message, target);
              await answer.body?.cancel();
              return { status: answer.status, headers: answer.headers, body: undefined };
            });
            statuses.add(status);
          }),
        );
      expect(await stored()).toEqual(before);
      expect([...statuses].filter((status) => status >= 500)).toEqual([]);
    },
    TEST_MS,
  );
});
