import { beforeAll, expect, test } from "bun:test";
import { describeWithDatabases, eventually, NO_REDIS, testBase } from "../../testing/service.ts";
import { runInScope, scopeOf } from "../observe/request-scope.ts";
import type { ServiceBase } from "../service/service-base.ts";
import { unavailable } from "../values/errors.ts";
import { newId } from "../values/id.ts";
import { burstOf, signUpLimit } from "./limits.ts";

for (const [name, redisUrl] of [
  ["with Redis", undefined],
  ["without Redis", NO_REDIS],
] as const)
  describeWithDatabases(`sign-ups from one address ${name}`, () => {
    let base: ServiceBase;
    beforeAll(async () => {
      base = await testBase("sign-ups", redisUrl ? { redisUrl } : {});
      if (!redisUrl) await eventually(async () => base.redis.status === "ready");
    });
    const from = (address: string, run: () => Promise<void>) =>
      runInScope(
        scopeOf(new Headers(), () => address, performance.now()),
        run,
      );
    /** How many succeed, and the Retry-After of the refusal. */
    async function signUpAtOnce(perHour: number, tries: number) {
      const limit = signUpLimit({ ...base, name: newId("service") }, perHour);
      const address = newId("address");
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

    test("without a turn are answered 503, and do not count", async () => {
      const none = async () => Promise.reject(unavailable("OVERLOADED", "Try again."));
      const turns = { strangers: none, known: none };
      const [deps, address] = [{ ...base, name: newId("service"), signInTurns: turns }, newId("address")];
      const limit = signUpLimit(deps, 500);
      for (let i = 0; i < burstOf(500) + 5; i++)
        await expect(from(address, limit)).rejects.toMatchObject({ status: 503 });
      Object.assign(turns, base.signInTurns);
      await from(address, limit);
    });

    test("when an hour's limit is used up, are refused until the hour ends", async () => {
      const { through, status, retryAfter } = await signUpAtOnce(3, 9);
      expect([through, status]).toEqual([3, 429]);
      expect(retryAfter).toBeWithin(1, 3_601);
    });
  });
