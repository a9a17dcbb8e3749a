import { beforeAll, describe, expect, setSystemTime, test } from "bun:test";
import {
  describeWithDatabases,
  eventually,
  keysOf,
  NO_REDIS,
  testBase,
  testRedisUrl,
} from "../../testing/service.ts";
import { newId } from "../values/id.ts";
import { type Cache, redisCache } from "./cache.ts";
import type { Redis } from "./redis.ts";

const MINUTE_MS = 60_000;

describeWithDatabases("the cache", () => {
  let redis: Redis;
  let cache: Cache;
  let other: Cache;
  beforeAll(async () => {
    redis = (await testBase("cache", { redisUrl: testRedisUrl() })).redis;
    redis.setMaxListeners(50);
    cache = redisCache(redis);
    other = redisCache(redis);
  });
  const bytesOf = async (read: ReturnType<Cache["read"]>) => (await read)?.bytes;

  test("gives a second reader the same bytes and etag without loading", async () => {
    const key = newId("key");
    const bytes = '{"a":"line\\nbreak\nand ü"}\n';
    const first = await cache.read({ group: key }, { ttlMs: MINUTE_MS }, async () => bytes);
    const again = await other.read({ group: key }, { ttlMs: MINUTE_MS }, () =>
      Promise.reject(new Error("must not load")),
    );
    expect(again).toMatchObject({ etag: first?.etag ?? "", bytes });
    expect(other.stats).toMatchObject({ hits: 1, loads: 0 });
  });

  test("retries a drop that failed: the next reader loads, and other processes soon after", async () => {
    const key = newId("key");
    const shaky = (await testBase("cache", { redisUrl: testRedisUrl() })).redis;
    const mine = redisCache(shaky);
    await mine.read({ group: key }, { ttlMs: MINUTE_MS }, async () => "old");
    shaky.disconnect(true);
    await mine.drop(key);
    expect(await bytesOf(mine.read({ group: key }, { ttlMs: MINUTE_MS }, async () => "new"))).toBe("new");
    await eventually(
      async () =>
        (await bytesOf(other.read({ group: key }, { ttlMs: MINUTE_MS }, async () => "new"))) === "new",
    );
  });

  test("repeats its drops on a new connection, as a replica that took over may not know them", async () => {
    const key = newId("key");
    const connection = (await testBase("cache", { redisUrl: testRedisUrl() })).redis;
    const mine = redisCache(connection);
    const read = (bytes: string) =>
      bytesOf(other.read({ group: key }, { ttlMs: 10 * MINUTE_MS }, async () => bytes));
    await read("old");
    const generation = (await redis.get(`cache:{${key}}:generation`)) ?? "";
    await mine.drop(key);
    await redis.set(`cache:{${key}}:generation`, generation);
    expect(await read("new")).toBe("old");
    connection.disconnect(true);
    await eventually(async () => (await read("new")) === "new");
  });

  test("loads once for many concurrent readers", async () => {
    const key = newId("key");
    let loads = 0;
    const load = async () => {
      loads++;
      await Bun.sleep(5);
      return "bytes";
    };
    const all = await Promise.all(
      Array.from({ length: 100 }, () => cache.read({ group: key }, { ttlMs: MINUTE_MS }, load)),
    );
    expect(new Set(all.map((read) => read?.bytes))).toEqual(new Set(["bytes"]));
    expect(loads).toBe(1);
  });

  test("after a drop, the next reader in every process loads", async () => {
    const key = newId("key");
    await cache.read({ group: key }, { ttlMs: MINUTE_MS }, async () => "old");
    await other.drop(key);
    expect(await bytesOf(cache.read({ group: key }, { ttlMs: MINUTE_MS }, async () => "new"))).toBe("new");
    expect(await bytesOf(other.read({ group: key }, { ttlMs: MINUTE_MS }, async () => "newer"))).toBe("new");
  });

  test("drops many keys at once", async () => {
    const keys = [newId("key"), newId("key")];
    for (const key of keys) await cache.read({ group: key }, { ttlMs: MINUTE_MS }, async () => "old");
    await cache.drop(...keys);
    for (const key of keys)
      expect(await bytesOf(cache.read({ group: key }, { ttlMs: MINUTE_MS }, async () => "new"))).toBe("new");
  });

  for (const [where, dropper] of [
    ["the same process", () => cache],
    ["another process", () => other],
  ] as const)
    describe(`a slow load that began before a write in ${where}`, () => {
      async function overtaken() {
        const key = newId("key");
        const gate = Promise.withResolvers<void>();
        const begun = Promise.withResolvers<void>();
        const slow = cache.read({ group: key }, { ttlMs: MINUTE_MS }, async () => {
          begun.resolve();
          await gate.promise;
          return "old";
        });
        await begun.promise;
        await dropper().drop(key);
        return { key, slow, finish: () => gate.resolve() };
      }

      test("stores nothing", async () => {
        const { key, slow, finish } = await overtaken();
        finish();
        await slow;
        expect(await bytesOf(cache.read({ group: key }, { ttlMs: MINUTE_MS }, async () => "new"))).toBe(
          "new",
        );
      });

      test("does not delay readers after the write", async () => {
        const { key, slow, finish } = await overtaken();
        expect(await bytesOf(cache.read({ group: key }, { ttlMs: MINUTE_MS }, async () => "new"))).toBe(
          "new",
        );
        finish();
        expect(await bytesOf(slow)).toBe("old");
        expect(await bytesOf(cache.read({ group: key }, { ttlMs: MINUTE_MS }, async () => "newer"))).toBe(
          "new",
        );
      });
    });

  test("keeps no entry longer than its TTL, which varies a little", async () => {
    const key = newId("key");
    await cache.read({ group: key }, { ttlMs: 10_000 }, async () => "bytes");
    expect(await redis.pttl(`cache:{${key}}`)).toBeWithin(8_000, 10_001);
  });

  test("counts the TTL from the beginning of the load", async () => {
    const key = newId("key");
    const taking = (ms: number) => async () => {
      setSystemTime(Date.now() + ms);
      return "bytes";
    };
    await cache.read({ group: key }, { ttlMs: MINUTE_MS }, taking(MINUTE_MS / 2));
    expect(await redis.pttl(`cache:{${key}}`)).toBeWithin(1, MINUTE_MS / 2 + 1);
    const tooLate = newId("key");
    const late = cache.read({ group: tooLate }, { ttlMs: MINUTE_MS }, taking(MINUTE_MS));
    expect(await bytesOf(late)).toBe("bytes");
    setSystemTime();
    expect(await redis.exists(`cache:{${tooLate}}`)).toBe(0);
  });

  test("keeps no entry until the time from which its bytes are wrong, or later", async () => {
    const key = newId("key");
    const until = Date.now() + 20_000;
    const load = async () => ({ bytes: "bytes", until });
    expect(await bytesOf(cache.read({ group: key }, { ttlMs: MINUTE_MS }, load))).toBe("bytes");
    expect(await redis.pttl(`cache:{${key}}`)).toBeWithin(10_000, 20_001);
    const past = newId("key");
    const over = async () => ({ bytes: "bytes", until: Date.now() });
    expect(await bytesOf(cache.read({ group: past }, { ttlMs: MINUTE_MS }, over))).toBe("bytes");
    expect(await redis.exists(`cache:{${past}}`)).toBe(0);
  });

  test("gives nobody bytes from the time on from which they are wrong, also while Redis still has them", async () => {
    const key = newId("key");
    let [now, loads] = [Date.now(), 0];
    const load = async () => ({ bytes: `bytes ${++loads}`, until: now + MINUTE_MS });
    const read = (by: Cache) => bytesOf(by.read({ group: key }, { ttlMs: MINUTE_MS }, load));
    expect(await read(cache)).toBe("bytes 1");
    now += MINUTE_MS;
    setSystemTime(now - 1);
    expect(await read(other)).toBe("bytes 1");
    setSystemTime(now);
    const all = await Promise.all([read(cache), read(other), read(other)]);
    expect(new Set(all)).toEqual(new Set(["bytes 2"]));
    expect(await read(cache)).toBe("bytes 2");
    setSystemTime();
  });

  test("serves but does not store a response that is too large", async () => {
    const key = newId("key");
    const large = "x".repeat(1024 * 1024 + 1);
    expect(await bytesOf(cache.read({ group: key }, { ttlMs: MINUTE_MS }, async () => large))).toBe(large);
    expect(await bytesOf(cache.read({ group: key }, { ttlMs: MINUTE_MS }, async () => "again"))).toBe(
      "again",
    );
  });

  test("does not store a missing result", async () => {
    const key = newId("key");
    expect(await cache.read({ group: key }, { ttlMs: MINUTE_MS }, async () => undefined)).toBeUndefined();
    expect(await bytesOf(cache.read({ group: key }, { ttlMs: MINUTE_MS }, async () => "there"))).toBe(
      "there",
    );
  });

  test("when a load fails, stores nothing and fails all waiting readers", async () => {
    const key = newId("key");
    const fail = () => Promise.reject(new Error("down"));
    const both = await Promise.allSettled([
      cache.read({ group: key }, { ttlMs: MINUTE_MS }, fail),
      cache.read({ group: key }, { ttlMs: MINUTE_MS }, fail),
    ]);
    expect(both.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
    expect(await bytesOf(cache.read({ group: key }, { ttlMs: MINUTE_MS }, async () => "up"))).toBe("up");
  });

  test("leaves no keys for a missing result", async () => {
    const group = newId("key");
    await cache.read({ group }, { ttlMs: MINUTE_MS }, async () => undefined);
    for (const key of await keysOf(redis, `cache:{${group}}*`))
      expect(await redis.pttl(key)).toBeWithin(0, 10_001);
  });

  test("keeps no more members of a group than it has places, and never mixes two members", async () => {
    const group = newId("key");
    const own = redisCache(redis);
    const read = (member: string) =>
      own.read({ group, member, places: 4 }, { ttlMs: MINUTE_MS }, async () => `of ${member}`);
    for (let round = 0; round < 2; round++)
      for (let i = 0; i < 40; i++) expect((await read(`m${i}`))?.bytes).toBe(`of m${i}`);
    const kept = (await keysOf(redis, `cache:{${group}}:?`)).length;
    expect(kept).toBeWithin(1, 5);
    expect(own.stats.evictions).toBeGreaterThan(40);
    expect((await read("m39"))?.bytes).toBe("of m39");
    await own.drop(group);
    const again = own.stats.loads;
    await read("m39");
    expect(own.stats.loads).toBe(again + 1);
  });

  test("counts the age of served entries, and nothing for warming", async () => {
    const group = newId("key");
    const own = redisCache(redis);
    const load = async () => "bytes";
    for (let i = 0; i < 2; i++) await own.warm({ group }, { ttlMs: MINUTE_MS }, load);
    expect(own.stats).toMatchObject({ hits: 0, misses: 0, loads: 1, servedAgeMs: 0 });
    setSystemTime(Date.now() + 20);
    await own.read({ group }, { ttlMs: MINUTE_MS }, load);
    setSystemTime();
    expect(own.stats).toMatchObject({ hits: 1, misses: 0, loads: 1 });
    expect(own.stats.servedAgeMs).toBeGreaterThanOrEqual(20);
  });
});

describe("the cache without Redis", () => {
  test("loads once at a time and shares the next load among waiting readers, also after a drop", async () => {
    const cache = redisCache((await testBase("cache", { redisUrl: NO_REDIS })).redis);
    const key = newId("key");
    let loads = 0;
    const load = async () => `bytes ${++loads}`;
    const together = await Promise.all(
      Array.from({ length: 20 }, () => cache.read({ group: key }, { ttlMs: MINUTE_MS }, load)),
    );
    expect(new Set(together.map((read) => read?.bytes)).size).toBe(loads);
    expect(loads).toBeLessThanOrEqual(3);
    const before = loads;
    const gate = Promise.withResolvers<string>();
    const begun = Promise.withResolvers<void>();
    const slow = cache.read({ group: key }, { ttlMs: MINUTE_MS }, () => {
      begun.resolve();
      return gate.promise;
    });
    await begun.promise;
    await cache.drop(key);
    expect((await cache.read({ group: key }, { ttlMs: MINUTE_MS }, load))?.bytes).toBe(`bytes ${before + 1}`);
    gate.resolve("old");
    expect((await slow)?.bytes).toBe("old");
  });
});
