import { afterAll, beforeAll, expect, test } from "bun:test";
import { silentLog } from "../../testing/running-app.ts";
import {
  describeWithDatabases,
  eventually,
  keysOf,
  NO_REDIS,
  PATIENT,
  testRedisUrl,
} from "../../testing/service.ts";
import { newId } from "../values/id.ts";
import { connectRedis, type Redis } from "./redis.ts";
import { KEYS_MAX, type RequestCounts, requestCounts } from "./request-counts.ts";

/** So long that no test sees two windows, and reports only when a test says so. */
const BY_HAND = { windowMs: 1e12, reportEveryMs: 1e9 };
/** Takes until refused, or `most` times, and returns how many were allowed. */
function takeAll(counts: RequestCounts, key: string, most: number): number {
  let allowed = 0;
  while (allowed < most && counts.take(key).isAllowed) allowed++;
  return allowed;
}

describeWithDatabases("counts of requests", () => {
  let redis: Redis;
  let away: Redis;
  beforeAll(async () => {
    redis = connectRedis(testRedisUrl(), silentLog, PATIENT.redisMs);
    away = connectRedis(NO_REDIS, silentLog);
    await eventually(async () => redis.status === "ready");
  });
  afterAll(() => {
    redis.disconnect();
    away.disconnect();
  });

  test("allow as many as the limit, say how many are left, and refuse the next until the window ends", () => {
    const counts = requestCounts(redis, newId("tst"), { ...BY_HAND, max: 3 });
    expect(
      [1, 2, 3, 4, 5].map(() => counts.take("a")).map(({ isAllowed, left }) => [isAllowed, left]),
    ).toEqual([
      [true, 2],
      [true, 1],
      [true, 0],
      [false, 0],
      [false, 0],
    ]);
    expect(counts.take("b").isAllowed).toBe(true);
    expect(counts.take("a").resetSeconds).toBeWithin(1, BY_HAND.windowMs / 1000 + 1);
  });

  test("start again with each window", async () => {
    const counts = requestCounts(redis, newId("tst"), { windowMs: 500, max: 1 });
    // However slow the machine is, two takes are in one window sooner or later.
    await eventually(async () => counts.take("a").isAllowed && !counts.take("a").isAllowed);
    await eventually(async () => counts.take("a").isAllowed);
  });

  test("of two replicas exceed the limit only by what arrives before they report", async () => {
    const name = newId("tst");
    const [one, other] = [0, 1].map(() => requestCounts(redis, name, { ...BY_HAND, max: 100 })) as [
      RequestCounts,
      RequestCounts,
    ];
    let allowed = 0;
    const BETWEEN_REPORTS = 15;
    for (let round = 0; round < 20; round++) {
      for (const replica of [one, other]) allowed += takeAll(replica, "a", BETWEEN_REPORTS);
      for (const replica of [one, other]) await replica.report();
    }
    expect(allowed).toBeWithin(100, 100 + 2 * BETWEEN_REPORTS + 1);
    expect([one, other].map((replica) => replica.take("a").isAllowed)).toEqual([false, false]);
  });

  test("reach the other replicas by themselves", async () => {
    const name = newId("tst");
    const options = { windowMs: BY_HAND.windowMs, max: 100 };
    const [one, other] = [requestCounts(redis, name, options), requestCounts(redis, name, options)];
    expect(takeAll(one, "a", 90)).toBe(90);
    await eventually(async () => other.take("a").left < 9);
    await eventually(async () => !one.take("a").isAllowed && !other.take("a").isAllowed);
  });

  test("count in each process alone without Redis", async () => {
    const name = newId("tst");
    const replicas = [0, 1].map(() => requestCounts(away, name, { ...BY_HAND, max: 10 }));
    for (const replica of replicas) {
      expect(takeAll(replica, "a", 5)).toBe(5);
      await replica.report();
      expect(takeAll(replica, "a", 100)).toBe(5);
    }
  });

  test("are right again after Redis has lost them", async () => {
    const name = newId("tst");
    const counts = requestCounts(redis, name, { ...BY_HAND, max: 10 });
    takeAll(counts, "a", 6);
    await counts.report();
    const [key = ""] = await keysOf(redis, `requests:${name}:*`);
    await redis.del(key);
    takeAll(counts, "a", 1);
    await counts.report();
    expect(counts.take("a").left).toBe(2);
  });

  test("expire in Redis", async () => {
    const name = newId("tst");
    const counts = requestCounts(redis, name, { ...BY_HAND, windowMs: 60_000, max: 10 });
    counts.take("a");
    await counts.report();
    const [key = ""] = await keysOf(redis, `requests:${name}:*`);
    expect(await redis.pttl(key)).toBeWithin(1, 120_001);
  });

  test("keep a bounded number of keys, and Redis remembers the others", async () => {
    const counts = requestCounts(redis, newId("tst"), { ...BY_HAND, max: 2 });
    takeAll(counts, "first", 2);
    await counts.report();
    for (let n = 0; n < KEYS_MAX; n++) counts.take(`key ${n}`);
    expect(counts.take("first").isAllowed).toBe(true);
    await counts.report();
    expect(counts.take("first").isAllowed).toBe(false);
  });
});
