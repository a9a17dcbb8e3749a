import { beforeAll, expect, test } from "bun:test";
import { describeWithDatabases, eventually, NO_REDIS, testBase } from "../../testing/service.ts";
import { runInScope, scopeOf } from "../observe/request-scope.ts";
import type { Redis } from "../storage/redis.ts";
import { newId } from "../values/id.ts";
import { burstOf, signUpLimit } from "./sign-ups.ts";

for (const [name, redisUrl] of [
  ["with Redis", undefined],
  ["without Redis", NO_REDIS],
] as const)
  describeWithDatabases(`sign-ups from one address ${name}`, () => {
    let redis: Redis;
    beforeAll(async () => {
      redis = (await testBase("sign-ups", redisUrl ? { redisUrl } : {})).redis;
      if (!redisUrl) await eventually(async () => redis.status === "ready");
    });
    const from = (address: string, run: () => Promise<void>) =>
      runInScope(
        scopeOf(new Headers(), () => address, performance.now()),
        run,
      );
    /** How many get through, and how long the last one is told to wait. */
    async function signUpAtOnce(perHour: number, tries: number) {
      const [limit, address] = [signUpLimit(redis, newId("service"), perHour), newId("address")];
      const all = await Promise.allSettled(Array.from({ length: tries }, () => from(address, limit)));
      const refused = await from(address, limit).catch((error) => error);
      await from(newId("address"), limit);
      const through = all.filter(({ status }) => status === "fulfilled").length;
      return { through, status: refused.status, retryAfter: refused.extras.retryAfterSeconds };
    }

    test("are as many at once as make a burst, and the next one is told to come in a minute", async () => {
      const { through, status, retryAfter } = await signUpAtOnce(500, 80);
      expect([through, status]).toEqual([burstOf(500), 429]);
      expect(retryAfter).toBeWithin(1, 61);
    });

    test("are no more than may in an hour, and the next one is told when that is over", async () => {
      const { through, status, retryAfter } = await signUpAtOnce(3, 9);
      expect([through, status]).toEqual([3, 429]);
      expect(retryAfter).toBeWithin(1, 3_601);
    });
  });
