// Processes whose clocks differ by ten minutes and jump while leases run. Versions order the events of an
// order, and unique indexes enforce the assignments. Needs libfaketime.
import { beforeAll, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Order } from "@food/shared/contracts/order";
import { cleanUp, describeWithDatabases, eventually } from "@food/shared/testing/service";
import { MongoClient } from "mongodb";
import {
  type Actor,
  courierOnDuty,
  type Eater,
  expectStatus,
  type Kitchen,
  newCustomer,
  openRestaurant,
} from "./actors.ts";
import { courierOf } from "./dinner.ts";
import { type Platform, startPlatform } from "./platform.ts";

const TEST_MS = 180_000;
const LIBRARY = ["x86_64", "aarch64"]
  .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketime.so.1`)
  .find((path) => existsSync(path));
const COURIERS = 6;
const ORDERS = 12;
const JUMPS = 20;

describeWithDatabases("clocks ten minutes apart", () => {
  const folder = mkdtempSync(join(tmpdir(), "clocks-"));
  let platform: Platform;
  let restaurant: Kitchen;
  let customer: Eater;
  let couriers: Actor[];

  const clockOf = (name: string) => join(folder, name);
  /** From now on. */
  const setClock = (name: string, minutes: number) =>
    writeFileSync(clockOf(name), `${minutes < 0 ? "" : "+"}${minutes}m`);
  /** Every second process is early, the others are late. */
  const setClocks = (early: number) => {
    for (const replicas of [platform.replicas.order, platform.replicas.delivery])
      for (const [i, { name }] of replicas.entries()) setClock(name, i % 2 === early ? -5 : 5);
  };

  beforeAll(async () => {
    cleanUp(() => rmSync(folder, { recursive: true, force: true }));
    if (!LIBRARY) return;
    platform = await startPlatform({
      replicas: { order: 2, delivery: 2 },
      // Each process checks deadlines and the age of positions by its own clock. With the default minutes
      // all would expire at once.
      environment: { ACCEPT_WITHIN_SECONDS: "3600", POSITION_MAX_AGE_SECONDS: "3600", COURIERS_PLENTY: "0" },
    });
    setClocks(0);
    await Promise.all(
      [...platform.replicas.order, ...platform.replicas.delivery].map(async (replica) => {
        await replica.kill();
        await replica.start({
          LD_PRELOAD: LIBRARY,
          FAKETIME_TIMESTAMP_FILE: clockOf(replica.name),
          FAKETIME_NO_CACHE: "1",
          FAKETIME_DONT_FAKE_MONOTONIC: "1",
        });
      }),
    );
    restaurant = await openRestaurant(platform);
    customer = await newCustomer(platform);
    couriers = await Promise.all(Array.from({ length: COURIERS }, () => courierOnDuty(platform)));
  }, TEST_MS);

  interface Event {
    sequence: number;
    from: string | null;
    to: string;
  }
  const order = (id: string) => customer.send<Order>(`GET /v1/orders/${id}`).then(({ body }) => body);

  test.skipIf(!LIBRARY)(
    "that jump during assignments: no order is assigned twice, and each order's versions are in order",
    async () => {
      const mongo = new MongoClient(platform.mongoUrls.delivery);
      cleanUp(() => mongo.close());
      const live = () => mongo.db().collection("trips").find({ live: true }).toArray();
      const dates = await Promise.all(
        platform.replicas.order.map(async ({ url }) =>
          Date.parse((await fetch(`${url}/health/live`)).headers.get("date") ?? ""),
        ),
      );
      expect(Math.abs(Number(dates[0]) - Number(dates[1]))).toBeGreaterThan(9 * 60_000);

      const placed = Array.from({ length: ORDERS }, () => customer.order(restaurant));
      const ids = (await Promise.all(placed)).map((answer) => expectStatus(answer, 201).orderId);
      const jumps = (async () => {
        for (let n = 1; n <= JUMPS; n++) {
          setClocks(n % 2);
          await Bun.sleep(100);
        }
      })();
      const served = new Set<string>();
      while (served.size < ORDERS) {
        const next = await eventually(async () => {
          const orders = await Promise.all(ids.filter((id) => !served.has(id)).map(order));
          return orders.find(({ courier }) => courier)?.orderId;
        });
        const held = await live();
        expect(new Set(held.map(({ courierId }) => courierId)).size).toBe(held.length);
        const onTrips = held.flatMap(({ liveOrderIds }) => liveOrderIds);
        expect(new Set(onTrips).size).toBe(onTrips.length);
        const { courier, deliveryId } = await courierOf({ restaurant, customer, couriers }, next);
        expectStatus(await restaurant.send(`POST /v1/orders/${next}/prepare`), 200);
        expectStatus(await restaurant.send(`POST /v1/orders/${next}/ready`), 200);
        expectStatus(await courier.send(`POST /v1/deliveries/${deliveryId}/pickup`), 200);
        const { handoverPin: pin } = await order(next);
        expectStatus(await courier.send(`POST /v1/deliveries/${deliveryId}/deliver`, { pin }), 200);
        served.add(next);
      }
      await jumps;

      for (const id of ids) {
        const { items } = await fetch(`${platform.urls.order}/v1/orders/${id}/timeline`, {
          headers: { authorization: `Bearer ${customer.token}` },
        }).then((response) => response.json() as Promise<{ items: Event[] }>);
        expect(items.map(({ sequence }) => sequence)).toEqual(items.map((_, i) => i + 1));
        expect(items.slice(1).map(({ from }) => from)).toEqual(items.slice(0, -1).map(({ to }) => to));
        expect(items.at(-1)?.to).toBe("delivered");
      }
      const made = (await mongo.db().collection("trips").find().toArray()).flatMap(
        ({ deliveries }) => deliveries,
      );
      const delivered = made.filter(({ status }) => status === "delivered");
      expect(delivered.map(({ orderId }) => orderId).sort()).toEqual(ids.sort());
    },
    TEST_MS,
  );
});
