// Keeps the most-read menus in the cache. Each process counts reads in memory and adds them to a sorted set once a second,
// so counting does not slow reads. All counts are halved periodically. One replica at a time loads the popular menus.
// Each process remembers them, so this works also after Redis has lost its data.
import type { Log } from "@food/shared/observe/log";
import { outsideRequests } from "@food/shared/observe/request-scope";
import { startTicker } from "@food/shared/process/ticker";
import { orUndefined, type Redis } from "@food/shared/storage/redis";
import type { Storefront } from "./storefront.ts";

export interface Popularity {
  count: (restaurantId: string) => void;
  stop: () => Promise<unknown>;
}

const KEY = "popular:{menus}";
const HALVED_KEY = `${KEY}:halved`;
const WARMING_KEY = `${KEY}:warming`;
const COUNTED_MAX = 10_000;
const KEPT_MAX = 1_000;
const WARM = 100;
const FLUSH_EVERY_MS = 1_000;
const WARM_EVERY_MS = 10_000;
/** Pause between two restaurants, so that warming is no burst of loads. */
const WARM_PAUSE_MS = 10;
const HALVE_EVERY_MS = 600_000;

/** Adds counts, keeps only the most popular, and halves all counts when `HALVE_EVERY_MS` has passed. */
const ADD = `
for i = 4, #ARGV, 2 do redis.call('zincrby', KEYS[1], ARGV[i + 1], ARGV[i]) end
redis.call('zremrangebyrank', KEYS[1], 0, -1 - tonumber(ARGV[1]))
if redis.call('set', KEYS[2], '1', 'NX', 'PX', ARGV[2]) then
  local all = redis.call('zrange', KEYS[1], 0, -1, 'WITHSCORES')
  for i = 1, #all, 2 do
    local half = tonumber(all[i + 1]) * tonumber(ARGV[3])
    if half < 0.5 then redis.call('zrem', KEYS[1], all[i]) else redis.call('zadd', KEYS[1], half, all[i]) end
  end
end
return 1`;

export function startPopularity(deps: { redis: Redis; storefront: Storefront; log: Log }): Popularity {
  const { redis, storefront, log } = deps;
  let counts = new Map<string, number>();

  const flush = startTicker("popularity", FLUSH_EVERY_MS, log, async () => {
    if (counts.size === 0) return;
    const added = [...counts].flat();
    counts = new Map();
    await orUndefined(redis.eval(ADD, 2, KEY, HALVED_KEY, KEPT_MAX, HALVE_EVERY_MS, 0.5, ...added));
  });

  /** Members and scores, alternating. */
  let remembered: string[] = [];

  /** Undefined while Redis does not answer. */
  async function popular(): Promise<string[] | undefined> {
    const known = await orUndefined(redis.zrevrange(KEY, 0, WARM - 1, "WITHSCORES"));
    const lost = known !== undefined && known.length < remembered.length / 2;
    if (lost) {
      const scored = remembered.map((_, i) => remembered[i ^ 1] ?? "");
      await orUndefined(redis.zadd(KEY, "NX", ...scored));
    } else if (known) remembered = known;
    return known && remembered.filter((_, i) => i % 2 === 0);
  }

  const warm = startTicker("keep warm", WARM_EVERY_MS, log, async () => {
    const restaurantIds = await popular();
    if (!restaurantIds?.length) return;
    if (!(await orUndefined(redis.set(WARMING_KEY, "1", "PX", WARM_EVERY_MS / 2, "NX")))) return;
    for (const restaurantId of restaurantIds) {
      await storefront.warm(restaurantId);
      await Bun.sleep(WARM_PAUSE_MS);
    }
  });
  const warmAgain = outsideRequests(warm.wake);
  redis.on("ready", warmAgain);

  return {
    count(restaurantId) {
      if (counts.size < COUNTED_MAX || counts.has(restaurantId))
        counts.set(restaurantId, (counts.get(restaurantId) ?? 0) + 1);
    },
    stop() {
      redis.off("ready", warmAgain);
      return Promise.all([flush.stop(), warm.stop()]);
    },
  };
}
