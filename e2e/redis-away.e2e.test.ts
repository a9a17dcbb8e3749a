// The platform keeps working without Redis. Nothing is assigned twice when Redis comes back empty.
import { beforeAll, describe, expect, test } from "bun:test";
import { testDatabases } from "@food/shared/testing/databases";
import { type EventReader, openEventStream } from "@food/shared/testing/event-stream";
import { call, cleanUp, describeWithDatabases, eventually } from "@food/shared/testing/service";
import { Redis } from "ioredis";
import {
  type Actor,
  courierOnDuty,
  type Eater,
  type Kitchen,
  newCustomer,
  openRestaurant,
} from "./actors.ts";
import { courierOf, type OrderActors, playOrder } from "./dinner.ts";
import { restartRedisEmpty, startOwnRedis } from "./own-redis.ts";
import { openPausedHolders, openPlaces } from "./paused-holder.ts";
import { type Platform, startPlatform } from "./platform.ts";
import type { Fault } from "./proxy.ts";
import { repeatedLinesOf } from "./repeated-lines.ts";

const TEST_MS = 180_000;
const COURIERS = 4;
/** Placed, accepted, assigned, preparing, ready, picked up, delivered. */
const STATES = 7;

describeWithDatabases("Redis", () => {
  let platform: Platform;
  let restaurant: Kitchen;
  let customer: Eater;
  let couriers: Actor[];
  let redis: Redis;
  beforeAll(async () => {
    const { url: redisUrl } = await startOwnRedis();
    redis = new Redis(redisUrl);
    cleanUp(() => redis.disconnect());
    platform = await startPlatform({ redisUrl, proxied: true, replicas: { order: 2, delivery: 2 } });
    restaurant = await openRestaurant(platform);
    [customer, ...couriers] = await Promise.all([
      newCustomer(platform),
      ...Array.from({ length: COURIERS }, () => courierOnDuty(platform)),
    ]);
  }, TEST_MS);

  const follow = (orderId: string): Promise<EventReader> =>
    openEventStream(`${platform.urls.order}/v1/orders/${orderId}/events`, {
      authorization: `Bearer ${customer.token}`,
    });
  const followAll = () =>
    Promise.all([
      openEventStream(`${platform.urls.restaurant}/v1/orders/events`, {
        authorization: `Bearer ${restaurant.token}`,
      }),
      ...couriers.map(({ token }) =>
        openEventStream(`${platform.urls.delivery}/v1/deliveries/events`, {
          authorization: `Bearer ${token}`,
        }),
      ),
    ]);
  /** The received versions and the last status of each item. */
  const receivedBy = ({ events }: EventReader) => {
    const told = new Map<string, { versions: number[]; status: unknown }>();
    for (const { id = "", data } of events.filter(({ event }) => event === "order" || event === "delivery")) {
      const [name = "", version] = id.split(":");
      const { versions } = told.get(name) ?? { versions: [] };
      told.set(name, { versions: [...versions, Number(version)], status: data.status });
    }
    return [...told.values()];
  };
  const allSuffer = (fault: Fault | undefined) => {
    for (const { proxies } of platform.all)
      if (fault) proxies.redis?.suffer(fault);
      else proxies.redis?.heal();
  };
  const beFull = async () => {
    await redis.config("SET", "maxmemory", 1);
    await expect(redis.set("key", "value")).rejects.toThrow("OOM");
  };
  const haveAllReady = (word: string) =>
    eventually(async () => {
      const states = platform.all.map(async ({ url }) => (await call(url, "GET /health/ready")).body.status);
      return (await Promise.all(states)).every((state) => state === word);
    });

  /** Plays several orders at once, repeatedly for this time. A stream follows each order. */
  async function playOrdersFor(ms: number, statuses: number[]): Promise<EventReader[]> {
    const until = Date.now() + ms;
    const streams: EventReader[] = [];
    const table = async () => {
      do {
        const actors: OrderActors = {
          ...{ restaurant, customer, couriers },
          onAnswer: ({ status }) => statuses.push(status),
        };
        const answer = await customer.order(restaurant);
        statuses.push(answer.status);
        streams.push(await follow(answer.body.orderId));
        await playOrder(actors, answer.body);
      } while (Date.now() < until);
    };
    await Promise.all(Array.from({ length: COURIERS - 1 }, table));
    return streams;
  }

  /** Every state of the order from the snapshot on, none missing and none twice. */
  const sequenceIn = ({ events }: EventReader) => events.flatMap(({ id }) => (id ? [Number(id)] : []));

  const heal = () => allSuffer(undefined);
  describe.each([
    ["gone", "degraded", () => allSuffer({ kind: "down" }), heal],
    ["there and silent", "degraded", () => allSuffer({ kind: "stalled" }), heal],
    ["full", "ready", beFull, () => redis.config("SET", "maxmemory", 0)],
  ] as const)("%s", (name, word, begin, end) => {
    // The emulator has no memory limit.
    test.skipIf(name === "full" && testDatabases().TEST_REDIS_KIND === "emulator")(
      "menus, orders, couriers and streams keep working, and all is live again soon after",
      async () => {
        const before = await customer.order(restaurant);
        const opened = await follow(before.body.orderId);
        const screens = await followAll();
        const statuses = [before.status];
        const repeatedLines = repeatedLinesOf(platform.all);
        await begin();
        await haveAllReady(word);
        const [streams] = await Promise.all([
          playOrdersFor(1_000, statuses),
          playOrder({ restaurant, customer, couriers }, before.body),
        ]);
        expect(statuses.filter((status) => status >= 500)).toEqual([]);

        expect(repeatedLines()).toEqual([]);
        await end();
        await haveAllReady("ready");
        await Promise.all([opened, ...streams].map(({ closed }) => closed));
        for (const stream of [opened, ...streams]) {
          expect(stream.events.at(-1)).toMatchObject({ event: "end", data: { status: "delivered" } });
          const [snapshot = 0, ...later] = sequenceIn(stream);
          expect(later).toEqual(Array.from({ length: STATES - snapshot }, (_, i) => snapshot + 1 + i));
        }
        // The kitchen and the couriers may get several changes at once, but get every final status.
        for (const screen of screens) {
          const said = (name: string) => screen.events.filter(({ event }) => event === name).length;
          await eventually(async () => said("live") === said("degraded"));
          const isOver = async () => receivedBy(screen).every(({ status }) => status === "delivered");
          // The periodic poll finds messages lost in a short outage.
          await eventually(isOver);
          for (const { versions } of receivedBy(screen))
            expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
          screen.close();
        }
        expect(screens.flatMap(receivedBy).length).toBeGreaterThan(1);
      },
      TEST_MS,
    );
  });

  test(
    "that comes back empty while locks are held and orders wait: nothing is assigned twice, and the orders get couriers",
    async () => {
      const holders = await openPausedHolders(platform);
      cleanUp(holders.close);
      const [holder, other] = platform.replicas.delivery;
      if (!holder || !other) throw new Error("The platform has fewer than two delivery processes");
      const far = { lat: 60, lng: 20 };
      const [kitchen, eater, places] = await Promise.all([
        openRestaurant(platform, far),
        newCustomer(platform, far),
        openPlaces(platform, 10),
      ]);
      const waiting = await Promise.all(Array.from({ length: 3 }, () => eater.order(kitchen)));

      const untilLocksEnd = () => restartRedisEmpty(platform);
      const findings = await holders.pauseHolder({ holder, other, places, step: "claim", untilLocksEnd });
      expect(findings).toEqual({ tries: 10, lateWritesTaken: 0, doubles: [], broken: [] });

      const late = await Promise.all(waiting.map(() => courierOnDuty(platform, far)));
      const found = waiting.map(({ body }) =>
        courierOf({ restaurant: kitchen, customer: eater, couriers: late }, body.orderId),
      );
      const ids = (await Promise.all(found)).map(({ courier }) => courier.id);
      // At most two of them may be on one trip.
      expect(new Set(ids).size).toBeGreaterThanOrEqual(waiting.length / 2);
      await haveAllReady("ready");
    },
    TEST_MS,
  );
});
