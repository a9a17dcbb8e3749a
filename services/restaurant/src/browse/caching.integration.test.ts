import { beforeAll, beforeEach, expect, test } from "bun:test";
import type { Menu } from "@food/shared/contracts/restaurant";
import { redisCache } from "@food/shared/storage/cache";
import { cleanUp, describeWithDatabases, eventually, freshMongoUrl } from "@food/shared/testing/service";
import { MongoClient } from "mongodb";
import { dishStore } from "../dishes/store.ts";
import {
  aDish,
  type Member,
  type RestaurantService,
  startRestaurantService,
} from "../restaurant-service.builder.ts";
import { restaurantStore } from "../restaurants/store.ts";
import { type Popularity, startPopularity } from "./popularity.ts";
import { storefront } from "./storefront.ts";

describeWithDatabases("the cache of menus", () => {
  const mongoUrl = freshMongoUrl();
  let service: RestaurantService;
  let member: Member;
  beforeAll(async () => {
    service = await startRestaurantService({ mongoUrl });
  });
  beforeEach(async () => {
    member = await service.join();
    await service.addDish(member);
  });
  const menu = () => service.call<Menu>(`GET /v1/restaurants/${member.restaurantId}/menu`);
  const cached = (kind = "menu") => service.base.redis.get(`cache:{${kind}:${member.restaurantId}}`);

  /** A separate storefront on the same database and Redis, whose MongoDB commands are counted and can be delayed. */
  async function watchedFront() {
    const client = new MongoClient(mongoUrl, { monitorCommands: true });
    await client.connect();
    cleanUp(() => client.close());
    const commands: string[] = [];
    client.on("commandStarted", ({ commandName }) => commands.push(commandName));
    const dishes = dishStore(client.db());
    const hold = { until: Promise.resolve(), reached: () => {} };
    const held = {
      ...dishes,
      async menuOf(restaurantId: string) {
        const rows = await dishes.menuOf(restaurantId);
        hold.reached();
        await hold.until;
        return rows;
      },
    };
    const cache = redisCache(service.base.redis);
    return {
      front: storefront({ cache, restaurants: restaurantStore(client.db()), dishes: held }),
      commands,
      hold,
    };
  }

  test("answers a hit without a MongoDB command", async () => {
    const { front, commands } = await watchedFront();
    const loaded = await front.menu(member.restaurantId);
    expect(commands.sort()).toEqual(["find", "find"]);
    for (let i = 0; i < 5; i++) expect(await front.menu(member.restaurantId)).toMatchObject({ ...loaded });
    expect(commands).toHaveLength(2);
  });

  test("loads once for concurrent readers", async () => {
    const { front, commands } = await watchedFront();
    await Promise.all(Array.from({ length: 50 }, () => front.menu(member.restaurantId)));
    expect(commands).toHaveLength(2);
  });

  test("does not cache a missing restaurant", async () => {
    const { front } = await watchedFront();
    expect(await front.menu("rst_nobody")).toBeUndefined();
    expect(await service.base.redis.get("cache:{menu:rst_nobody}")).toBeNull();
  });

  test("does not store the old menu when a slow load ends after a write", async () => {
    const { front, hold } = await watchedFront();
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    Object.assign(hold, { until: gate.promise, reached: reached.resolve });
    const slow = front.menu(member.restaurantId);
    await reached.promise;
    await service.call("POST /v1/restaurants/me/dishes", { ...member, body: aDish({ name: "Nuova" }) });
    gate.resolve();
    expect((await slow)?.bytes).not.toContain("Nuova");
    expect((await menu()).body.categories[0]?.dishes).toHaveLength(2);
    expect((await front.menu(member.restaurantId))?.bytes).toContain("Nuova");
  });

  test("does not make a reader after a write wait for a load that began before it", async () => {
    const { front, hold } = await watchedFront();
    const gate = Promise.withResolvers<void>();
    const reached = Promise.withResolvers<void>();
    Object.assign(hold, { until: gate.promise, reached: reached.resolve });
    const slow = front.menu(member.restaurantId);
    await reached.promise;
    hold.until = Promise.resolve();
    await service.call("POST /v1/restaurants/me/dishes", { ...member, body: aDish({ name: "Nuova" }) });
    expect((await front.menu(member.restaurantId))?.bytes).toContain("Nuova");
    gate.resolve();
    await slow;
  });

  test("keeps a menu for at most five minutes, and a restaurant until the next full minute", async () => {
    await menu();
    await service.call(`GET /v1/restaurants/${member.restaurantId}`);
    const ttlMs = (kind: string) => service.base.redis.pttl(`cache:{${kind}:${member.restaurantId}}`);
    expect(await ttlMs("menu")).toBeWithin(200_000, 300_001);
    expect(await ttlMs("restaurant")).toBeLessThanOrEqual(60_000);
  });

  test("reports its counts in the metrics", async () => {
    await menu();
    await menu();
    const { body } = await service.call<string>("GET /metrics");
    const figure = (name: string) =>
      Number(new RegExp(`^cache_${name}\\{.*\\} (\\S+)$`, "m").exec(body)?.[1]);
    expect(figure("hits_total")).toBeGreaterThan(0);
    expect(figure("misses_total")).toBeGreaterThan(0);
    expect(figure("loads_total")).toBeGreaterThan(0);
    expect(figure("evictions_total")).toBe(0);
    expect(figure("served_age_seconds_total")).toBeGreaterThan(0);
    expect(figure("hit_ratio")).toBeCloseTo(
      figure("hits_total") / (figure("hits_total") + figure("misses_total")),
    );
  });

  test("when Redis lost its data, loads popular menus without a reader", async () => {
    await service.base.redis.del("popular:{menus}");
    for (let i = 0; i < 3; i++) await menu();
    await eventually(
      async () => Number(await service.base.redis.zscore("popular:{menus}", member.restaurantId)) > 0,
    );
    await service.addDish(member, { name: "Nuova" });
    const { redis, log } = service.base;
    await redis.del("popular:{menus}:warming");
    const { front } = await watchedFront();
    const warming: Popularity = startPopularity({ redis, storefront: front, log });
    cleanUp(() => warming.stop());
    await eventually(async () => (await cached())?.includes("Nuova"));
    await eventually(async () => (await cached("restaurant"))?.includes("openNow"));
  });
});
