// Limited portions over the compiled binaries: many orders at once, and a placement that is killed after it has taken.
import { beforeAll, expect, test } from "bun:test";
import type { Order } from "@food/shared/contracts/order";
import { cleanUp, describeWithDatabases, eventually } from "@food/shared/testing/service";
import { MongoClient } from "mongodb";
import { type Eater, expectStatus, type Kitchen, newCustomer, openRestaurant, retryOn503 } from "./actors.ts";
import { type Platform, startPlatform } from "./platform.ts";

const MINUTE_MS = 60_000;

/** A restaurant's stock as it is stored. */
interface Stored {
  _id: string;
  stockTaken?: Record<string, { at: Date }>;
}

describeWithDatabases("limited portions", () => {
  let platform: Platform;
  let customer: Eater;
  let kitchens: MongoClient;
  beforeAll(async () => {
    platform = await startPlatform({ proxied: true, replicas: { restaurant: 2, order: 2 } });
    customer = await newCustomer(platform);
    kitchens = new MongoClient(platform.mongoUrls.restaurant);
    cleanUp(() => kitchens.close());
  });

  async function withPortions(remaining: number): Promise<Kitchen> {
    const kitchen = await openRestaurant(platform);
    const route = `PUT /v1/restaurants/me/dishes/${kitchen.dishIds[0]}/stock` as const;
    expectStatus(await kitchen.send(route, { remaining }), 200);
    return kitchen;
  }
  const place = (kitchen: Kitchen, key: string = crypto.randomUUID()) =>
    customer.send<Order & { code?: string }>(
      "POST /v1/orders",
      {
        ...{ restaurantId: kitchen.id, addressId: customer.addressId },
        items: [{ dishId: kitchen.dishIds[0], quantity: 1 }],
      },
      { "idempotency-key": key },
    );
  const order = (kitchen: Kitchen) => {
    const key = crypto.randomUUID();
    return retryOn503(() => place(kitchen, key));
  };
  const left = async (kitchen: Kitchen) => {
    const answer = await kitchen.send<{ items: { remaining: number }[] }>("GET /v1/restaurants/me/stock");
    return expectStatus(answer, 200).items[0]?.remaining;
  };

  test("200 orders at once for the last five place five, and each that ends lets one more be placed", async () => {
    const kitchen = await withPortions(5);
    const answers = await Promise.all(Array.from({ length: 200 }, () => order(kitchen)));
    const isPlaced = ({ status }: { status: number }) => status === 201;
    expect(answers.filter(({ body }) => body.code === "DISH_UNAVAILABLE")).toHaveLength(
      200 - answers.filter(isPlaced).length,
    );
    // A placement that timed out under the load gives back its portion, and somebody else gets it.
    await eventually(async () => {
      if (answers.filter(isPlaced).length < 5) answers.push(await order(kitchen));
      return answers.filter(isPlaced).length === 5;
    });
    expect((await order(kitchen)).status).toBe(422);
    expect(await left(kitchen)).toBe(0);
    const placed = answers.filter(isPlaced).map(({ body }) => body.orderId);

    const [rejected, cancelled] = placed;
    expectStatus(await kitchen.send(`POST /v1/orders/${rejected}/reject`, { reason: "too_busy" }), 200);
    expectStatus(await customer.send(`POST /v1/orders/${cancelled}/cancel`), 200);
    await eventually(async () => (await left(kitchen)) === 2);
    const later = await Promise.all(Array.from({ length: 6 }, () => order(kitchen)));
    expect(later.filter(({ status }) => status === 201)).toHaveLength(2);
    expect(await left(kitchen)).toBe(0);
  });

  test("a placement that is killed between the take and its order gives back, and its retry is placed once", async () => {
    const kitchen = await withPortions(1);
    const key = crypto.randomUUID();
    const killed: Promise<unknown>[] = [];
    for (const replica of platform.replicas.order) {
      const { mongo } = replica.proxies;
      if (!mongo) throw new Error("No proxy");
      mongo.tap = {
        toServer(_, chunk) {
          if (!chunk.includes("requestHash")) return true;
          killed.push(replica.kill("SIGKILL"));
          return false;
        },
        toClient: () => true,
      };
    }
    // The customer service asks the other replica, which finds no portion or is killed, too.
    const lost = await place(kitchen, key);
    expect([422, 503]).toContain(lost.status);
    await Promise.all(killed);
    expect(killed.length).toBeGreaterThan(0);
    for (const { proxies } of platform.replicas.order) if (proxies.mongo) proxies.mongo.tap = undefined;
    for (const replica of platform.replicas.order) if (!replica.isRunning()) await replica.start();
    expect(await left(kitchen)).toBe(0);

    // As if the two minutes had passed.
    const restaurants = kitchens.db().collection<Stored>("restaurants");
    const stored = await restaurants.findOne({ _id: kitchen.id });
    const past = new Date(Date.now() - 3 * MINUTE_MS);
    const taken = Object.keys(stored?.stockTaken ?? {}).map((orderId) => [`stockTaken.${orderId}.at`, past]);
    expect(taken.length).toBeGreaterThan(0);
    await restaurants.updateOne(
      { _id: kitchen.id },
      { $set: { stockCheckAt: past, ...Object.fromEntries(taken) } },
    );
    await eventually(async () => (await left(kitchen)) === 1);
    expectStatus(await retryOn503(() => place(kitchen, key)), 201);
    expect(await left(kitchen)).toBe(0);
  });
});
