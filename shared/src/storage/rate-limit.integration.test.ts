import { beforeAll, describe, expect, test } from "bun:test";
import {
  describeWithDatabases,
  eventually,
  NO_REDIS,
  testBase,
  testRedisUrl,
} from "../../testing/service.ts";
import { newId } from "../values/id.ts";
import { jointLimits, LOCAL_KEYS_MAX, type RateLimit, rateLimit } from "./rate-limit.ts";
import type { Redis } from "./redis.ts";

const options = { max: 3, windowMs: 60_000 };

function holdsItsLimit(limit: () => RateLimit) {
  test("allows as many tries as its limit, and answers 429 with Retry-After to the next", async () => {
    const key = newId("key");
    for (let i = 0; i < 3; i++) await limit().take(key);
    await expect(limit().take(key)).rejects.toMatchObject({ status: 429, code: "TOO_MANY_REQUESTS" });
    const { extras } = await limit()
      .take(key)
      .catch((error) => error);
    expect(extras.retryAfterSeconds).toBeWithin(50, 60.1);
    await limit().take(newId("key"));
  });

  test("allows no more when all tries are concurrent", async () => {
    const key = newId("key");
    const tries = await Promise.allSettled(Array.from({ length: 50 }, () => limit().take(key)));
    expect(tries.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
  });

  test("does not count a try that was given back", async () => {
    const key = newId("key");
    for (let i = 0; i < 10; i++) {
      await limit().take(key);
      await limit().giveBack(key);
    }
    for (let i = 0; i < 3; i++) await limit().take(key);
    await expect(limit().take(key)).rejects.toMatchObject({ status: 429 });
  });

  test("gives back no more than was taken", async () => {
    const key = newId("key");
    await limit().giveBack(key);
    for (let i = 0; i < 3; i++) await limit().take(key);
    await expect(limit().take(key)).rejects.toMatchObject({ status: 429 });
  });

  test("starts again when its window ends", async () => {
    const key = newId("key");
    const short = limitFor(limit(), 1_000);
    const isTaken = () =>
      short.take(key).then(
        () => true,
        () => false,
      );
    // However slow the machine is, in some window there are more tries than it has.
    await eventually(async () => (await Promise.all(Array.from({ length: 4 }, isTaken))).includes(false));
    await eventually(isTaken);
  });
}

const redisOf = new WeakMap<RateLimit, Redis>();
const limitFor = (like: RateLimit, windowMs: number) =>
  rateLimit(redisOf.get(like) as Redis, newId("limit"), { max: 3, windowMs });

async function startLimit(redisUrl: string) {
  const { redis } = await testBase("limit", { redisUrl });
  const name = newId("limit");
  const [limit, replica] = [rateLimit(redis, name, options), rateLimit(redis, name, options)];
  redisOf.set(limit, redis);
  return { limit, replica };
}

describeWithDatabases("a rate limit", () => {
  let started: Awaited<ReturnType<typeof startLimit>>;
  beforeAll(async () => {
    started = await startLimit(testRedisUrl());
  });
  holdsItsLimit(() => started.limit);

  test("is shared by all replicas", async () => {
    const key = newId("key");
    await started.limit.take(key);
    await started.replica.take(key);
    await started.limit.take(key);
    await expect(started.replica.take(key)).rejects.toMatchObject({ status: 429 });
  });
});

for (const [name, redisUrl] of [
  ["with Redis", undefined],
  ["without Redis", NO_REDIS],
] as const)
  describeWithDatabases(`limits that count together ${name}`, () => {
    let redis: Redis;
    beforeAll(async () => {
      redis = (await testBase("limits", redisUrl ? { redisUrl } : {})).redis;
    });
    const twoLimits = (names = { narrow: newId("limit"), wide: newId("limit") }) =>
      jointLimits(redis, "together", {
        narrow: { name: names.narrow, max: 2, windowMs: 60_000 },
        wide: { name: names.wide, max: 5, windowMs: 60_000 },
      });
    const allowed = async (tries: Promise<void>[]) =>
      (await Promise.allSettled(tries)).filter(({ status }) => status === "fulfilled").length;

    test("count a try in none of them when one refuses it", async () => {
      const limits = twoLimits();
      const tryAs = (narrow: string) => limits.take({ narrow, wide: "all" });
      expect(await allowed(Array.from({ length: 20 }, () => tryAs("a")))).toBe(2);
      expect(await allowed(Array.from({ length: 20 }, () => tryAs("b")))).toBe(2);
      await tryAs("c");
      await expect(tryAs("d")).rejects.toMatchObject({ status: 429 });
      expect(await allowed([1, 2, 3].map(() => limits.take({ narrow: "d" })))).toBe(2);
    });

    test("give a try back in each of them", async () => {
      const limits = twoLimits();
      for (let i = 0; i < 10; i++) {
        await limits.take({ narrow: "a", wide: "a" });
        await limits.giveBack({ narrow: "a", wide: "a" });
      }
      expect(await allowed(Array.from({ length: 10 }, () => limits.take({ wide: "a" })))).toBe(5);
      expect(await allowed(Array.from({ length: 10 }, () => limits.take({ narrow: "a" })))).toBe(2);
    });

    // Without Redis each process counts alone.
    if (!redisUrl)
      test("when another replica has used one up, are refused", async () => {
        const names = { narrow: newId("limit"), wide: newId("limit") };
        const [here, there] = [twoLimits(names), twoLimits(names)];
        for (let i = 0; i < 5; i++) await there.take({ wide: "a" });
        const { status, extras } = await here.take({ narrow: "a", wide: "a" }).catch((error) => error);
        expect([status, extras.retryAfterSeconds > 50]).toEqual([429, true]);
        expect(await allowed([1, 2, 3].map(() => here.take({ narrow: "a" })))).toBe(2);
      });
  });

describeWithDatabases("a rate limit whose Redis", () => {
  test.each([
    ["was flushed", (redis: Redis, key: string) => redis.del(key)],
    ["was away at the first tries", (redis: Redis, key: string) => redis.decrby(key, 2)],
  ])("%s still allows no more in one process", async (_, lose) => {
    const { redis } = await testBase("limit");
    await eventually(async () => redis.status === "ready");
    const [name, key] = [newId("limit"), newId("key")];
    const limit = rateLimit(redis, name, options);
    for (let i = 0; i < 3; i++) await limit.take(key);
    await lose(redis, `rate:${name}:${key}`);
    await expect(limit.take(key)).rejects.toMatchObject({ status: 429 });
    await limit.giveBack(key);
    await limit.giveBack(key);
    await limit.take(key);
  });
});

describe("a rate limit without Redis", () => {
  let started: Awaited<ReturnType<typeof startLimit>>;
  beforeAll(async () => {
    started = await startLimit(NO_REDIS);
  });
  holdsItsLimit(() => started.limit);

  test("when it has too many keys, forgets only the oldest", async () => {
    const { limit } = await startLimit(NO_REDIS);
    const [oldest, used] = [newId("key"), newId("key")];
    for (const key of [oldest, used]) for (let i = 0; i < 3; i++) await limit.take(key);
    const others = Array.from({ length: LOCAL_KEYS_MAX - 1 }, () => limit.take(newId("key")));
    await Promise.all(others);
    await expect(limit.take(used)).rejects.toMatchObject({ status: 429 });
    await limit.take(oldest);
  });
});
