import { beforeAll, describe, expect, spyOn, test } from "bun:test";
import {
  describeWithDatabases,
  eventually,
  NO_REDIS,
  testBase,
  testRedisUrl,
} from "../../testing/service.ts";
import { newId } from "../values/id.ts";
import { redisTarget } from "../values/redis-url.ts";
import { BUSY, type Locks, redisLocks } from "./lock.ts";
import type { Redis } from "./redis.ts";

describeWithDatabases("a lock", () => {
  let redis: Redis;
  let locks: Locks;
  let replica: Locks;
  beforeAll(async () => {
    ({ redis, locks } = await testBase("lock"));
    replica = redisLocks(redis);
  });

  test("admits one caller and returns BUSY to the others at once", async () => {
    const key = newId("key");
    const gate = Promise.withResolvers<string>();
    let inside = 0;
    const enter = (from: Locks) =>
      from.withLock(key, 10_000, () => {
        inside++;
        return gate.promise;
      });
    const all = Array.from({ length: 20 }, (_, i) => enter(i % 2 ? locks : replica));
    let refused = 0;
    for (const one of all) void one.then((outcome) => outcome === BUSY && refused++);
    await eventually(async () => refused === 19);
    gate.resolve("done");
    expect((await Promise.all(all)).filter((outcome) => outcome !== BUSY)).toEqual(["done"]);
    expect(inside).toBe(1);
  });

  test("is asked of Redis once by all callers of a process at the same time", async () => {
    const key = newId("key");
    const asked = spyOn(redis, "evalsha");
    const gate = Promise.withResolvers<void>();
    const all = Array.from({ length: 20 }, () => locks.withLock(key, 10_000, () => gate.promise));
    const [holder, ...others] = all;
    expect(new Set(await Promise.all(others))).toEqual(new Set([BUSY]));
    expect(await locks.withLock(key, 10_000, async () => "late")).toBe(BUSY);
    expect(asked).toHaveBeenCalledTimes(1);
    gate.resolve();
    await holder;
    asked.mockRestore();
  });

  test("that another process has is busy for all callers of this one, and free for them afterwards", async () => {
    const key = newId("key");
    const gate = Promise.withResolvers<void>();
    const entered = Promise.withResolvers<void>();
    const holder = replica.withLock(key, 10_000, () => {
      entered.resolve();
      return gate.promise;
    });
    await entered.promise;
    const all = Array.from({ length: 20 }, () => locks.withLock(key, 10_000, async () => "entered"));
    expect(new Set(await Promise.all(all))).toEqual(new Set([BUSY]));
    gate.resolve();
    await holder;
    await eventually(async () => (await locks.withLock(key, 10_000, async () => "entered")) === "entered");
  });

  test("is free after the work, also when it failed", async () => {
    const key = newId("key");
    expect(await locks.withLock(key, 10_000, async () => 1)).toBe(1);
    await expect(locks.withLock(key, 10_000, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(await replica.withLock(key, 10_000, async () => 3)).toBe(3);
  });

  test("does not block another key", async () => {
    const outcome = await locks.withLock(newId("key"), 10_000, () =>
      replica.withLock(newId("key"), 10_000, async () => "both"),
    );
    expect(outcome).toBe("both");
  });

  test("expires when its holder does not release it, and a late release keeps the next holder's lock", async () => {
    const key = newId("key");
    const gate = Promise.withResolvers<void>();
    const stuck = locks.withLock(key, 50, () => gate.promise);
    const second = Promise.withResolvers<void>();
    let entered = false;
    const next = eventually(async () => {
      const outcome = await replica.withLock(key, 10_000, () => {
        entered = true;
        return second.promise;
      });
      return outcome !== BUSY;
    });
    await eventually(async () => entered);
    expect(await locks.withLock(key, 10_000, async () => "other")).toBe(BUSY);
    gate.resolve();
    await stuck;
    expect(await locks.withLock(key, 10_000, async () => "third")).toBe(BUSY);
    second.resolve();
    await next;
  });

  const isCluster = redisTarget(testRedisUrl())?.kind === "cluster";
  const why = isCluster ? " (skipped: a cluster has one database)" : "";
  test.skipIf(isCluster)(`is in the database that REDIS_URL names${why}`, async () => {
    const redisUrl = new URL("/7", testRedisUrl()).href;
    const seventh = await testBase("lock", { redisUrl });
    const key = newId("key");
    const keysAt = async (base: Redis) => base.exists(`lock:${key}`);
    const seen = await seventh.locks.withLock(key, 10_000, () =>
      Promise.all([keysAt(seventh.redis), keysAt(redis)]),
    );
    expect(seen).toEqual([1, 0]);
  });

  test("that was flushed does not fail the work", async () => {
    const key = newId("key");
    expect(
      await locks.withLock(key, 10_000, async () => {
        await redis.del(`lock:${key}`);
        return "done";
      }),
    ).toBe("done");
  });
});

describe("a lock without Redis", () => {
  test("runs the work unlocked, at once", async () => {
    const { locks } = await testBase("lock", { redisUrl: NO_REDIS });
    const startedAt = performance.now();
    const both = await Promise.all([1, 2].map((n) => locks.withLock("key", 10_000, async () => n)));
    expect(both).toEqual([1, 2]);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
