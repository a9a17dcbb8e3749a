import { beforeAll, expect, test } from "bun:test";
import { describeWithDatabases, eventually, keysOf, testBase, testRedisUrl } from "../../testing/service.ts";
import { newId } from "../values/id.ts";
import { type Cache, redisCache } from "./cache.ts";
import type { Redis } from "./redis.ts";

const MINUTE_MS = 60_000;

describeWithDatabases("the cache of several processes", () => {
  let redis: Redis;
  let cache: Cache;
  let other: Cache;
  beforeAll(async () => {
    redis = (await testBase("cache", { redisUrl: testRedisUrl() })).redis;
    redis.setMaxListeners(50);
    cache = redisCache(redis);
    other = redisCache(redis);
  });
  const fleet = () => [redisCache(redis), redisCache(redis), redisCache(redis)];
  const loads = (caches: Cache[]) => caches.map(({ stats }) => stats.loads);
  const sum = (counts: number[]) => counts.reduce((all, one) => all + one, 0);

  test("is filled by one process for all concurrent readers", async () => {
    const group = newId("key");
    const caches = fleet();
    const load = async () => {
      await Bun.sleep(100);
      return "bytes";
    };
    const all = await Promise.all(
      Array.from({ length: 60 }, (_, i) => caches[i % 3]?.read({ group }, { ttlMs: MINUTE_MS }, load)),
    );
    expect(new Set(all.map((read) => read?.bytes))).toEqual(new Set(["bytes"]));
    expect(sum(loads(caches))).toBe(1);
  });

  test("when the loading process fails or finds nothing, is filled by another", async () => {
    const begun = Promise.withResolvers<void>();
    const end = Promise.withResolvers<undefined>();
    const group = newId("key");
    const first = cache.read({ group }, { ttlMs: MINUTE_MS }, () => {
      begun.resolve();
      return end.promise;
    });
    await begun.promise;
    const second = other.read({ group }, { ttlMs: MINUTE_MS }, async () => "bytes");
    end.reject(new Error("down"));
    await expect(first).rejects.toThrow("down");
    expect((await second)?.bytes).toBe("bytes");
  });

  test("when the loading process has died, waits for a bounded time", async () => {
    const group = newId("key");
    const never = cache.read({ group }, { ttlMs: MINUTE_MS }, () => new Promise(() => {}));
    await eventually(() => redis.exists(`cache:{${group}}:generation`));
    const startedAt = performance.now();
    const read = await other.read({ group }, { ttlMs: MINUTE_MS }, async () => "bytes");
    expect(read?.bytes).toBe("bytes");
    expect(performance.now() - startedAt).toBeGreaterThan(500);
    void never;
  });

  test("is refreshed by one process, and no reader waits", async () => {
    const group = newId("key");
    const caches = fleet();
    const lifetime = { ttlMs: MINUTE_MS, refreshAfterMs: 0 };
    await cache.read({ group }, lifetime, async () => "old");
    const gate = Promise.withResolvers<string>();
    const read = () => Promise.all(caches.map((each) => each.read({ group }, lifetime, () => gate.promise)));
    for (let i = 0; i < 20; i++) for (const each of await read()) expect(each?.bytes).toBe("old");
    await eventually(async () => sum(loads(caches)) > 0);
    expect(sum(loads(caches))).toBe(1);
    gate.resolve("new");
    await eventually(async () => (await read()).every((each) => each?.bytes === "new"));
  });

  test("is never stale after a drop, also when refreshed during it", async () => {
    const group = newId("key");
    let version = 0;
    let dropped = 0;
    let stopped = false;
    const read = (from: Cache) =>
      from.read({ group }, { ttlMs: MINUTE_MS, refreshAfterMs: 0 }, async () => {
        const bytes = String(version);
        await Bun.sleep(Math.random() * 3);
        return bytes;
      });
    const readers = [cache, other, cache, other].map(async (from) => {
      while (!stopped) {
        const atLeast = dropped;
        expect(Number((await read(from))?.bytes)).toBeGreaterThanOrEqual(atLeast);
      }
    });
    for (let i = 1; i <= 100; i++) {
      version = i;
      await (i % 2 ? cache : other).drop(group);
      dropped = i;
      await Bun.sleep(Math.random() * 5);
    }
    stopped = true;
    await Promise.all(readers);
  });

  test("when Redis lost its data during a load, does not store its result", async () => {
    const group = newId("key");
    const gate = Promise.withResolvers<string>();
    const begun = Promise.withResolvers<void>();
    const slow = cache.read({ group }, { ttlMs: MINUTE_MS }, () => {
      begun.resolve();
      return gate.promise;
    });
    await begun.promise;
    await other.drop(group);
    for (const key of await keysOf(redis, `cache:{${group}}*`)) await redis.del(key);
    gate.resolve("old");
    await slow;
    const read = await other.read({ group }, { ttlMs: MINUTE_MS }, async () => "new");
    expect(read?.bytes).toBe("new");
  });
});
