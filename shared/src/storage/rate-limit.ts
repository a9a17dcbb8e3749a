// Rate limits with a fixed window for each key. All replicas count in Redis. Each process also counts by itself, for when
// Redis is away or has lost its data. A try counts before it is made, so concurrent tries cannot exceed a limit.
import { tooManyRequests } from "../values/errors.ts";
import { orUndefined, type Redis } from "./redis.ts";

export interface Limit {
  /** Its keys in Redis begin with it. */
  name: string;
  max: number;
  windowMs: number;
}

export interface RateLimit {
  /** Counts a try. Throws 429 when the key has used up its window. */
  take: (key: string) => Promise<void>;
  /** Gives back a try that need not count. */
  giveBack: (key: string) => Promise<void>;
}

/** Several limits, of which a try concerns those that have a key. */
export interface JointLimits<Which extends string> {
  /** Counts a try in each of them, or in none when one has used up its window: then it throws 429. */
  take: (keys: Partial<Record<Which, string>>) => Promise<void>;
  giveBack: (keys: Partial<Record<Which, string>>) => Promise<void>;
}

export const LOCAL_KEYS_MAX = 10_000;
/** Returns how long to wait in milliseconds, or nothing when it has counted the try. */
const COUNT = `
local wait
for i, key in ipairs(KEYS) do
  if tonumber(redis.call('get', key) or '0') >= tonumber(ARGV[2 * i - 1]) then
    wait = math.max(wait or 0, redis.call('pttl', key))
  end
end
if wait then return wait end
for i, key in ipairs(KEYS) do
  if redis.call('incr', key) == 1 then redis.call('pexpire', key, ARGV[2 * i]) end
end
return false`;
const UNCOUNT = `
for _, key in ipairs(KEYS) do
  if tonumber(redis.call('get', key) or '0') > 0 then redis.call('decr', key) end
end`;

/** What this process counts. */
function localCounts({ max, windowMs }: Limit) {
  const windows = new Map<string, { used: number; endsAt: number }>();
  const openWindow = (key: string) => {
    const known = windows.get(key);
    return known && known.endsAt > Date.now() ? known : undefined;
  };
  return {
    /** Zero when a try is left. */
    waitMs(key: string): number {
      const known = openWindow(key);
      return known && known.used >= max ? known.endsAt - Date.now() : 0;
    },
    count(key: string): void {
      const known = openWindow(key);
      if (known) {
        known.used++;
        return;
      }
      // Keeps the map in the order in which the windows end.
      windows.delete(key);
      const [oldest] = windows.keys();
      if (windows.size >= LOCAL_KEYS_MAX && oldest !== undefined) windows.delete(oldest);
      windows.set(key, { used: 1, endsAt: Date.now() + windowMs });
    },
    giveBack(key: string): void {
      const known = windows.get(key);
      if (known) known.used = Math.max(0, known.used - 1);
    },
  };
}

const refuse = (waitMs: number) =>
  tooManyRequests("Too many tries. Wait before the next one.", waitMs / 1000);

/** All their keys are in the slot of `name`, because one script counts them. */
export const jointLimits = <Which extends string>(
  redis: Redis,
  name: string,
  limits: Record<Which, Limit>,
): JointLimits<Which> => limitsAt(redis, `rate:{${name}}:`, limits);

function limitsAt<Which extends string>(
  redis: Redis,
  prefix: string,
  limits: Record<Which, Limit>,
): JointLimits<Which> {
  const local = Object.entries<Limit>(limits).map(([which, limit]) => ({
    ...{ which, limit, counts: localCounts(limit) },
  }));
  const concerned = (keys: Partial<Record<string, string>>) =>
    local.flatMap(({ which, limit, counts }) => {
      const key = keys[which];
      return key === undefined ? [] : [{ key, limit, counts, redisKey: `${prefix}${limit.name}:${key}` }];
    });

  return {
    async take(keys) {
      const all = concerned(keys);
      const waitHere = Math.max(...all.map(({ key, counts }) => counts.waitMs(key)));
      if (waitHere > 0) throw refuse(waitHere);
      for (const { key, counts } of all) counts.count(key);
      const wait = await orUndefined(
        redis.eval(
          COUNT,
          all.length,
          ...all.map(({ redisKey }) => redisKey),
          ...all.flatMap(({ limit }) => [limit.max, limit.windowMs]),
        ),
      );
      if (typeof wait !== "number") return;
      for (const { key, counts } of all) counts.giveBack(key);
      throw refuse(wait);
    },
    async giveBack(keys) {
      const all = concerned(keys);
      for (const { key, counts } of all) counts.giveBack(key);
      await orUndefined(redis.eval(UNCOUNT, all.length, ...all.map(({ redisKey }) => redisKey)));
    },
  };
}

export function rateLimit(redis: Redis, name: string, options: Omit<Limit, "name">): RateLimit {
  const limits = limitsAt(redis, "rate:", { only: { name, ...options } });
  return {
    take: (key) => limits.take({ only: key }),
    giveBack: (key) => limits.giveBack({ only: key }),
  };
}
