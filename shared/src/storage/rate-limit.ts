// A rate limit with a fixed window for each key. All replicas count in Redis. Each process also counts by itself, for when
// Redis is away or has lost its data. A try counts before it is made, so concurrent tries cannot exceed the limit.
import type { Redis } from "ioredis";
import { tooManyRequests } from "../values/errors.ts";
import { orUndefined } from "./redis.ts";

export interface RateLimit {
  /** Counts a try. Throws 429 when the key has used up its window. */
  take: (key: string) => Promise<void>;
  /** Gives back a try that need not count. */
  giveBack: (key: string) => Promise<void>;
}

interface Usage {
  used: number;
  leftMs: number;
}

export const LOCAL_KEYS_MAX = 10_000;
const COUNT = `
local n = redis.call('incr', KEYS[1])
if n == 1 then redis.call('pexpire', KEYS[1], ARGV[1]) end
return {n, redis.call('pttl', KEYS[1])}`;
const UNCOUNT = `
local n = tonumber(redis.call('get', KEYS[1]) or '0')
if n > 0 then redis.call('decr', KEYS[1]) end`;

export function rateLimit(redis: Redis, name: string, options: { max: number; windowMs: number }): RateLimit {
  const { max, windowMs } = options;
  const local = new Map<string, { used: number; endsAt: number }>();
  const redisKey = (key: string) => `rate:${name}:${key}`;

  function countLocally(key: string): Usage {
    const known = local.get(key);
    if (known && known.endsAt > Date.now()) {
      known.used++;
      return { used: known.used, leftMs: known.endsAt - Date.now() };
    }
    // Keeps the map in the order in which the windows end.
    local.delete(key);
    const [oldest] = local.keys();
    if (local.size >= LOCAL_KEYS_MAX && oldest !== undefined) local.delete(oldest);
    local.set(key, { used: 1, endsAt: Date.now() + windowMs });
    return { used: 1, leftMs: windowMs };
  }

  async function countOne(key: string): Promise<Usage> {
    const here = countLocally(key);
    const answer = await orUndefined(
      redis.eval(COUNT, 1, redisKey(key), windowMs) as Promise<[number, number]>,
    );
    // After an outage or a flush Redis has counted less than this process.
    return answer && answer[0] >= here.used ? { used: answer[0], leftMs: answer[1] } : here;
  }

  const refuse = ({ leftMs }: Usage) =>
    tooManyRequests("Too many tries. Wait before the next one.", leftMs / 1000);

  return {
    async take(key) {
      const now = await countOne(key);
      if (now.used > max) throw refuse(now);
    },
    async giveBack(key) {
      const known = local.get(key);
      if (known) known.used = Math.max(0, known.used - 1);
      await orUndefined(redis.eval(UNCOUNT, 1, redisKey(key)));
    },
  };
}
