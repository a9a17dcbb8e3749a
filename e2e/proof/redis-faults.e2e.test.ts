// A short run of `bun run prove --redis sentinel`. That of a cluster, which takes as long again, is left to the command.
import { describe, expect, test } from "bun:test";
import { describeWithDatabases } from "@food/shared/testing/service";
import { redisServer } from "../../tools/databases/redis-node.ts";
import { seededRandom } from "./random.ts";
import { BREAKABLE, injectRedisFaults } from "./redis-faults.ts";
import { describeVerdict } from "./report.ts";
import { openStage, playSeed, SMALL } from "./run.ts";

const SEED = Number(Bun.env.SEED ?? 1);
/** The run goes on until each fault of the master was played: it is replaced in some three seconds. */
const SIZE = { ...SMALL, seconds: 8 };
const TEST_MS = 180_000;

describe.skipIf(!redisServer())("with a master of Redis, a replica and sentinels", () => {
  describeWithDatabases("the platform", () => {
    test(
      "keeps every invariant while the master dies, is cut off and hands over",
      async () => {
        const redis = await BREAKABLE.sentinel();
        try {
          const stage = await openStage(SIZE, { redisUrl: redis.url });
          const random = seededRandom(SEED).fork("redis");
          const verdict = await playSeed(stage, SEED, SIZE, {
            redisUrl: redis.url,
            injectFaults: (platform) => injectRedisFaults(platform, random, redis),
          }).finally(stage.close);
          process.stdout.write(`${describeVerdict(verdict)}\n`);
          expect(verdict.violations).toEqual([]);
          expect(Object.keys(redis.faults).filter((name) => !verdict.faults.has(name))).toEqual([]);
          expect(verdict.byStatus.get("delivered")).toBeGreaterThan(0);
        } finally {
          await redis.stop();
        }
      },
      TEST_MS,
    );
  });
});
