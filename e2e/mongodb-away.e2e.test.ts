// MongoDB is the source of truth. Without it no write is acknowledged, and acknowledged writes are there
// when it is back.
import { afterEach, beforeAll, describe, expect, test } from "bun:test";
import type { Order } from "@food/shared/contracts/order";
import { type Answer, call, describeWithDatabases, eventually } from "@food/shared/testing/service";
import {
  courierOnDuty,
  type Eater,
  expectStatus,
  type Kitchen,
  newCustomer,
  openRestaurant,
  retryOn503,
} from "./actors.ts";
import { type Platform, startPlatform } from "./platform.ts";
import type { Fault } from "./proxy.ts";
import { repeatedLinesOf } from "./repeated-lines.ts";

const TEST_MS = 180_000;
/** The default deadline of a request. */
const DEADLINE_MS = 10_000;
const STALL_MS = 5_000;

interface Attempt {
  key: string;
  /** Absent when the connection broke: the outcome is unknown. */
  answer?: Answer<Order>;
  tookMs: number;
}

describeWithDatabases("MongoDB", () => {
  let platform: Platform;
  let restaurant: Kitchen;
  let customers: Eater[];
  beforeAll(async () => {
    platform = await startPlatform({ proxied: true, replicas: { order: 2 } });
    restaurant = await openRestaurant(platform);
    customers = await Promise.all(Array.from({ length: 4 }, () => newCustomer(platform)));
  }, TEST_MS);

  const allSuffer = (fault: Fault | undefined) => {
    for (const { proxies } of platform.all)
      if (fault) proxies.mongo?.suffer(fault);
      else proxies.mongo?.heal();
  };
  afterEach(() => allSuffer(undefined));
  const reset = () => {
    for (const { proxies } of platform.all) proxies.mongo?.reset();
  };
  const health = async (probe: "live" | "ready") =>
    Promise.all(platform.all.map(async ({ url }) => (await call(url, `GET /health/${probe}`)).status));
  const everywhere = (status: number) => platform.all.map(() => status);

  async function attempt(customer: Eater, key: string): Promise<Attempt> {
    const startedAt = performance.now();
    const answer = await customer.order(restaurant, key).catch(() => undefined);
    return { key, tookMs: performance.now() - startedAt, ...(answer && { answer }) };
  }

  /** Each customer places orders until `run` ends. */
  async function orderDuring(
    run: (attempts: Map<Eater, Attempt[]>) => Promise<unknown>,
  ): Promise<Map<Eater, Attempt[]>> {
    let over = false;
    const attempts = new Map<Eater, Attempt[]>(customers.map((customer) => [customer, []]));
    const ordering = customers.map(async (customer) => {
      while (!over) {
        attempts.get(customer)?.push(await attempt(customer, crypto.randomUUID()));
        await Bun.sleep(50);
      }
    });
    await run(attempts);
    over = true;
    await Promise.all(ordering);
    return attempts;
  }

  /** Each acknowledged order is stored once. Each other order is stored at most once, and can be placed
   * now. */
  async function checkPromises(attempts: Map<Eater, Attempt[]>) {
    const all = [...attempts.values()].flat();
    expect(all.filter(({ answer }) => answer?.status === 201).length).toBeGreaterThan(0);
    await Promise.all(
      [...attempts].map(async ([customer, tries]) => {
        for (const { key, answer, tookMs } of tries) {
          expect(tookMs).toBeLessThan(2 * DEADLINE_MS);
          if (answer && answer.status !== 201)
            expect([answer.status, Number(answer.headers.get("retry-after")) > 0]).toEqual([503, true]);
          const again = expectStatus(await retryOn503(() => customer.order(restaurant, key)), 201);
          if (answer?.status !== 201) continue;
          const { items, totalCents, placedAt, orderId } = answer.body;
          expect(again).toMatchObject({ orderId, items, totalCents, placedAt });
        }
      }),
    );
  }

  describe.each([
    ["gone", { kind: "down" }],
    ["there and silent", { kind: "stalled" }],
  ] as const)("%s", (_, fault) => {
    test(
      "writes answer 503 in time, readiness fails, liveness passes, each failure is logged once, and no acknowledged write is lost",
      async () => {
        const courier = await courierOnDuty(platform);
        const writes = () =>
          Promise.all([
            courier.send("PUT /v1/couriers/me/location", { location: { lat: 52.52, lng: 13.4 } }),
            restaurant.send("PUT /v1/restaurants/me/availability", { acceptingOrders: true }),
            call(platform.urls.customer, "POST /v1/customers", {
              body: { email: "a@example.com", password: "correct horse battery", name: "Ada" },
            }),
          ]);
        const attempts = await orderDuring(async () => {
          await Bun.sleep(200);
          allSuffer(fault);
          const since = Date.now();
          const repeatedLines = repeatedLinesOf(platform.all);
          const [answers] = await Promise.all([
            writes(),
            eventually(async () => Bun.deepEquals(await health("ready"), everywhere(503))),
          ]);
          for (const { status, headers } of answers)
            expect([status, Number(headers.get("retry-after")) > 0]).toEqual([503, true]);
          expect(await health("live")).toEqual(everywhere(200));
          await Bun.sleep(Math.max(0, STALL_MS - (Date.now() - since)));
          expect(repeatedLines()).toEqual([]);
          allSuffer(undefined);
          await eventually(async () => Bun.deepEquals(await health("ready"), everywhere(200)));
          await Bun.sleep(200);
        });
        await checkPromises(attempts);
      },
      TEST_MS,
    );
  });

  test(
    "with repeated connection resets: no acknowledged write is lost",
    async () => {
      const attempts = await orderDuring(async (during) => {
        for (let i = 0; i < 20; i++) {
          reset();
          await Bun.sleep(50);
        }
        await eventually(async () => Bun.deepEquals(await health("ready"), everywhere(200)));
        await eventually(async () =>
          [...during.values()].flat().some(({ answer }) => answer?.status === 201),
        );
      });
      await checkPromises(attempts);
    },
    TEST_MS,
  );
});
