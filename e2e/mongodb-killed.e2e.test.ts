// An acknowledged write survives a MongoDB that is killed right after it. On one server a write that is
// only in memory would be lost; the emulator loses it, too.
import { beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Order } from "@food/shared/contracts/order";
import { testDatabases } from "@food/shared/testing/databases";
import { primaryOf } from "@food/shared/testing/mongo-url";
import { call, cleanUp, describeWithDatabases, eventually } from "@food/shared/testing/service";
import type { Child } from "../tools/child.ts";
import { givenToTests, startDatabases } from "../tools/databases/databases.ts";
import { type Eater, newCustomer, openRestaurant } from "./actors.ts";
import { type Platform, startPlatform } from "./platform.ts";

const TEST_MS = 180_000;
const KILLS = 3;
const ORDERS_EACH = 8;

/** A MongoDB that the test may kill: `mongod` from the PATH, else the emulator. */
function ownMongo() {
  const dataDir = mkdtempSync(join(tmpdir(), "mongodb-"));
  const { TEST_REDIS_URL: redisUrl, TEST_MONGODB_KIND } = testDatabases();
  let child: Child | undefined;
  cleanUp(async () => {
    await child?.stop(10_000);
    rmSync(dataDir, { recursive: true, force: true });
  });
  return {
    async start(): Promise<string> {
      const { mongo } = await startDatabases({
        ...givenToTests(),
        ...{ mongoUrl: undefined, redisUrl, dataDir },
        prefer: TEST_MONGODB_KIND === "emulator" ? "emulator" : undefined,
        onStart: (started) => {
          child = started;
        },
      });
      return mongo.url;
    },
    async kill() {
      if (child) process.kill(child.pid, "SIGKILL");
      await child?.exited;
    },
  };
}

describeWithDatabases("a MongoDB that is killed right after its acknowledgement", () => {
  const mongo = ownMongo();
  let platform: Platform;
  let customers: Eater[];
  beforeAll(async () => {
    platform = await startPlatform({ proxied: true, mongoUrl: await mongo.start() });
    customers = await Promise.all(Array.from({ length: KILLS * 4 }, () => newCustomer(platform)));
  }, TEST_MS);

  async function restart() {
    const target = await primaryOf(await mongo.start());
    for (const { proxies } of platform.all) if (proxies.mongo) proxies.mongo.targets = [target];
    const isReady = async ({ url }: { url: string }) => (await call(url, "GET /health/ready")).status === 200;
    await eventually(async () => (await Promise.all(platform.all.map(isReady))).every(Boolean));
  }

  test(
    "has every placed order after the restart",
    async () => {
      const restaurant = await openRestaurant(platform);
      for (let kill = 0; kill < KILLS; kill++) {
        const placed: { order: Order; customer: Eater }[] = [];
        const isEnough = Promise.withResolvers<void>();
        let isKilled = false;
        const ordering = customers.splice(0, 4).map(async (customer) => {
          for (;;) {
            const answer = await customer.order(restaurant).catch(() => undefined);
            if (answer?.status === 201) placed.push({ order: answer.body, customer });
            // Before the kill a circuit breaker may still be open from the kill before.
            else if (isKilled) return;
            if (placed.length === ORDERS_EACH) isEnough.resolve();
          }
        });
        await isEnough.promise;
        isKilled = true;
        await mongo.kill();
        await Promise.all(ordering);
        await restart();
        for (const { order, customer } of placed)
          expect(await customer.send(`GET /v1/orders/${order.orderId}`)).toMatchObject({
            status: 200,
            body: { orderId: order.orderId, items: order.items, totalCents: order.totalCents },
          });
      }
    },
    TEST_MS,
  );
});
