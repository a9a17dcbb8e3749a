import { beforeAll, expect, test } from "bun:test";
import { describeWithDatabases, eventually, NO_REDIS, testBase } from "../../testing/service.ts";
import { runInScope, scopeOf } from "../observe/request-scope.ts";
import type { Redis } from "../storage/redis.ts";
import { newId } from "../values/id.ts";
import { burstOf, signUpLimit } from "./limits.ts";

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
    /** How many succeed, and the Retry-After of the refusal. */
    async function signUpAtOnce(perHour: number, tries: number) {
      const [limit, address] = [signUpLimit(redis, newId("service"), perHour), newId("address")];
      const all = await Promise.allSettled(Array.from({ length: tries }, () => from(address, limit)));
      const refused = await from(address, limit).catch((error) => error);
      await from(newId("address"), limit);
      const through = all.filter(({ status }) => status === "fulfilled").length;
      return { through, status: refused.status, retryAfter: refused.extras.retryAfterSeconds };
    }

    test("when a burst is used up, are refused for a minute", async () => {
      const { through, status, retryAfter } = await signUpAtOnce(500, 80);
      expect([through, status]).toEqual([burstOf(500), 429]);
      expect(retryAfter).toBeWithin(1, 61);
    });

    test("when an hour's limit is used up, are refused until the hour ends", async () => {
      const { through, status, retryAfter } = await signUpAtOnce(3, 9);
      expect([through, status]).toEqual([3, 429]);
      expect(retryAfter).toBeWithin(1, 3_601);
    });
  });
