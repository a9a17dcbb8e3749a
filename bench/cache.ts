// bun bench/cache.ts [--seconds=6]: three caches on one Redis, as three processes have them, read 2 000 times a second
// with a loader that takes 200 ms: what a hot key's end costs, and how soon Redis serves again after it was restarted
// empty under that load.

import { createLog } from "@food/shared/observe/log";
import { redisCache } from "@food/shared/storage/cache";
import { connectRedis } from "@food/shared/storage/redis";
import { ownRedis } from "./support/own-redis.ts";
import { atMost, conclude, say } from "./support/report.ts";

const seconds = Number(/--seconds=(\d+)/.exec(process.argv.join(" "))?.[1] ?? 6);
const FLEET = 3;
const LOADER_MS = 200;
const HOT_TTL_MS = 1_000;
const MINUTE_MS = 60_000;
const KEYS = 200;
const READS_A_MS = 2;
const EVERY_MS = 10;

const redis = await ownRedis();
const log = createLog("bench", "silent");
const fleet = Array.from({ length: FLEET }, () => redisCache(connectRedis(redis.url, log)));
await Bun.sleep(500);
let errors = 0;

/** Reads keys in turn for so long, each cache its share, whether or not the ones before have been answered. */
async function readFor(
  ms: number,
  keys: number,
  ttlMs: number,
  loaded: (cache: number, key: number) => void,
) {
  const reads: Promise<unknown>[] = [];
  const startedAt = performance.now();
  for (let n = 0; n < ms * READS_A_MS; ) {
    for (const due = (performance.now() - startedAt) * READS_A_MS; n < due; n++) {
      const [cache, key] = [n % FLEET, n % keys];
      const load = async () => {
        loaded(cache, key);
        await Bun.sleep(LOADER_MS);
        return "bytes";
      };
      const read = fleet[cache]?.read({ group: `${keys}:${key}` }, { ttlMs }, load);
      reads.push(Promise.resolve(read).catch(() => errors++));
    }
    await Bun.sleep(EVERY_MS);
  }
  await Promise.all(reads);
  return reads.length;
}

/** The loads of each end of the hot key: those that begin before the first of them can have been stored and seen. */
const ends: number[][] = [];
let endedAt = Number.NEGATIVE_INFINITY;
const reads = await readFor(seconds * 1_000, 1, HOT_TTL_MS, (cache) => {
  const now = performance.now();
  if (now - endedAt > HOT_TTL_MS / 2) {
    ends.push(Array.from({ length: FLEET }, () => 0));
    endedAt = now;
  }
  const counts = ends.at(-1) ?? [];
  counts[cache] = (counts[cache] ?? 0) + 1;
});
say(`        ${reads} reads, the hot key ended ${ends.length} times`);
atMost("loads of a process at a hot key's end", Math.max(...ends.flat()), 1, "loads");
atMost(
  "loads of the fleet",
  Math.max(...ends.map((one) => one.reduce((all, next) => all + next, 0))),
  2,
  "loads",
);
atMost("reads that failed", errors, 0, "reads");

const total = (name: "hits" | "misses") => fleet.reduce((all, { stats }) => all + stats[name], 0);
await readFor(1_500, KEYS, MINUTE_MS, () => {});
const reading = readFor(10_000, KEYS, MINUTE_MS, () => {});
await redis.restartEmpty();
const restartedAt = performance.now();
let backAfterSeconds = Number.POSITIVE_INFINITY;
for (let second = 0; second < 9; second++) {
  const before = { hits: total("hits"), misses: total("misses") };
  await Bun.sleep(1_000);
  const [hits, misses] = [total("hits") - before.hits, total("misses") - before.misses];
  if (hits / (hits + misses) < 0.9) backAfterSeconds = Number.POSITIVE_INFINITY;
  else backAfterSeconds = Math.min(backAfterSeconds, (performance.now() - restartedAt) / 1_000);
}
await reading;
atMost(
  `until nine reads of ten are hits again, on ${KEYS} keys`,
  backAfterSeconds,
  30,
  "s after an empty restart",
);
atMost("reads that failed meanwhile", errors, 0, "reads");
redis.stop();
conclude();
