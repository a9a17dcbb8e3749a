// Read-through cache of answers' bytes. A hit is one round trip and parses nothing. What a write has changed is
// dropped together with a step of the key's generation, and a loader stores its bytes only if the generation is
// still the one it started from: a slow reader can never put back what a writer has just replaced.
import type { Redis } from "ioredis";
import { etagOf } from "./etag.ts";
import { orNothing } from "./redis.ts";
import { singleFlight } from "./single-flight.ts";

export interface CachedBytes {
  etag: string;
  bytes: string;
}

export interface Cache {
  /** The bytes under this key, loaded by one caller a process when they are not there. `load` may answer
   * undefined for what does not exist; that is not cached. */
  read: (
    key: string,
    ttlMs: number,
    load: () => Promise<string | undefined>,
  ) => Promise<CachedBytes | undefined>;
  /** Makes the next reader load again. What Redis does not hear of now it hears of when it is back; until then this
   * process reads the database. If the process dies meanwhile, the bytes live on until their TTL at most. */
  drop: (...keys: string[]) => Promise<void>;
  stats: { hits: number; misses: number; loads: number };
}

/** Larger answers are served but not kept. */
const BYTES_MAX = 1024 * 1024;
/** Outlives any load by far. */
const GENERATION_TTL_MS = 600_000;

const STORE_IF_CURRENT = `
if (redis.call('get', KEYS[2]) or '0') ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1`;

const entryKey = (key: string) => `cache:{${key}}`;
const generationKey = (key: string) => `cache:{${key}}:generation`;

/** The etag goes in front of the bytes, so that one GET brings both. */
const pack = ({ etag, bytes }: CachedBytes) => `${etag}\n${bytes}`;
function unpack(entry: string): CachedBytes {
  const end = entry.indexOf("\n");
  return { etag: entry.slice(0, end), bytes: entry.slice(end + 1) };
}

export function redisCache(redis: Redis): Cache {
  const once = singleFlight<CachedBytes | undefined>();
  const stats = { hits: 0, misses: 0, loads: 0 };

  /** What could not be dropped yet. */
  const owed = new Set<string>();
  let drops = 0;

  async function dropNow(keys: string[]): Promise<void> {
    const step = redis.multi();
    for (const key of keys)
      step.incr(generationKey(key)).pexpire(generationKey(key), GENERATION_TTL_MS).del(entryKey(key));
    const done = await orNothing(step.exec());
    for (const key of keys) {
      if (done) owed.delete(key);
      else owed.add(key);
    }
  }
  redis.on("ready", () => {
    if (owed.size > 0) void dropNow([...owed]);
  });

  async function loadAndStore(
    key: string,
    ttlMs: number,
    generation: string | undefined,
    load: () => Promise<string | undefined>,
  ) {
    stats.loads++;
    const begunAt = Date.now();
    const bytes = await load();
    if (bytes === undefined) return undefined;
    const cached = { etag: etagOf(bytes), bytes };
    // What was loaded is as old as the beginning of its load.
    const livesMs = Math.round(ttlMs * (0.9 + 0.1 * Math.random())) - (Date.now() - begunAt);
    if (generation !== undefined && bytes.length <= BYTES_MAX && livesMs > 0) {
      await orNothing(
        redis.eval(STORE_IF_CURRENT, 2, entryKey(key), generationKey(key), generation, pack(cached), livesMs),
      );
    }
    return cached;
  }

  return {
    stats,
    async read(key, ttlMs, load) {
      const found = owed.has(key)
        ? undefined
        : await orNothing(redis.mget(entryKey(key), generationKey(key)));
      const entry = found?.[0];
      if (entry) {
        stats.hits++;
        return unpack(entry);
      }
      stats.misses++;
      const generation = found && (found[1] ?? "0");
      // Whoever comes after a drop waits for no load that began before it.
      return once(`${key} ${generation ?? `without ${drops}`}`, () =>
        loadAndStore(key, ttlMs, generation, load),
      );
    },
    async drop(...keys) {
      drops++;
      await dropNow(keys);
    },
  };
}
