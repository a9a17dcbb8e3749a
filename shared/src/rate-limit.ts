// A fixed window per key, counted in Redis so that all replicas count together; while Redis is away each
// process counts for itself.
import type { Redis } from "ioredis";
import { tooManyRequests } from "./errors.ts";
import { orNothing } from "./redis.ts";

export interface RateLimit {
  /** Throws 429 when the key has used up its window. */
  check: (key: string) => Promise<void>;
  /** Counts one against the key. */
  count: (key: string) => Promise<void>;
}

const LOCAL_KEYS_MAX = 10_000;
const COUNT = `
local n = redis.call('incr', KEYS[1])
if n == 1 then redis.call('pexpire', KEYS[1], ARGV[1]) end
return n`;

export function rateLimit(redis: Redis, name: string, options: { max: number; windowMs: number }): RateLimit {
  const { max, windowMs } = options;
  const local = new Map<string, { used: number; endsAt: number }>();
  const redisKey = (key: string) => `rate:${name}:${key}`;

  function countLocally(key: string) {
    const known = local.get(key);
    if (known && known.endsAt > Date.now()) {
      known.used++;
      return;
    }
    if (local.size >= LOCAL_KEYS_MAX) local.clear();
    local.set(key, { used: 1, endsAt: Date.now() + windowMs });
  }

  async function standing(key: string): Promise<{ used: number; leftMs: number }> {
    const answer = await orNothing(Promise.all([redis.get(redisKey(key)), redis.pttl(redisKey(key))]));
    if (answer) return { used: Number(answer[0] ?? 0), leftMs: answer[1] };
    const known = local.get(key);
    return { used: known?.used ?? 0, leftMs: (known?.endsAt ?? 0) - Date.now() };
  }

  return {
    async check(key) {
      const { used, leftMs } = await standing(key);
      if (used >= max && leftMs > 0)
        throw tooManyRequests("Too many tries. Wait before the next one.", leftMs / 1000);
    },
    async count(key) {
      countLocally(key);
      await orNothing(redis.eval(COUNT, 1, redisKey(key), windowMs));
    },
  };
}
