// A read-through cache of response bytes. A hit is one round trip and parses nothing.
//
// Entries that are dropped together form a group. An entry is valid only in the generation of its group in which its load
// began. A drop deletes the generation. That needs no memory, so it works on a full Redis, and a slow load cannot store
// data older than the drop. Generations are random, so a lost one never returns.
import { inBackground, outsideRequests } from "../observe/request-scope.ts";
import { freshFlights, singleFlight } from "../process/single-flight.ts";
import { etagOf } from "../values/etag.ts";
import { newId } from "../values/id.ts";
import {
  type CachedBytes,
  type CacheKey,
  type Entry,
  generationKey,
  type Names,
  namesOf,
  pack,
  unpack,
} from "./cache-entry.ts";
import { orUndefined, type Redis } from "./redis.ts";

export interface Lifetime {
  /** Maximum age of an entry, and so of stale bytes when a drop could not reach Redis. */
  ttlMs: number;
  /** From this age on, one reader refreshes the entry in the background and all get the old bytes. */
  refreshAfterMs?: number;
}

/** Bytes that are right only until a time. */
export interface LoadedUntil {
  bytes: string;
  /** Milliseconds since 1970. No reader gets them at that time or later. */
  until: number;
}

type Load = () => Promise<string | LoadedUntil | undefined>;

export interface Cache {
  /** The bytes under this key. On a miss one caller loads, for all readers and processes. `load` returns undefined for what
   * does not exist, which is not cached. */
  read: (key: CacheKey, lifetime: Lifetime, load: Load) => Promise<CachedBytes | undefined>;
  /** Like `read`, but counts neither a hit nor a miss. */
  warm: Cache["read"];
  /** Makes the next reader load again. While Redis is away, this process reads the database and repeats the drop when Redis
   * is back, also when another Redis that may not know the drop has taken over. If the process dies before, the bytes stay
   * until their TTL. */
  drop: (...groups: string[]) => Promise<void>;
  stats: { hits: number; misses: number; loads: number; evictions: number; servedAgeMs: number };
}

/** Larger responses are not cached. */
const BYTES_MAX = 1024 * 1024;
/** A generation with a stored entry outlives that entry. One without outlives any load. */
const GENERATION_TTL_MS = { stored: 600_000, begun: 10_000 };
/** How long readers wait for a load before they load themselves. */
const LOADING_MAX_MS = 1_000;
const POLL_MS = 20;
const REFRESH_RETRY_MS = 250;
const DROP_RETRY_MS = 1_000;
/** As long as the longest TTL. A replica that takes over may not have received a drop of this time. */
const DROP_REPEAT_MS = 300_000;

/** Returns 1 to the caller that loads. The others wait, or find an entry stored since they looked. */
const BEGIN_LOAD = `
local generation = redis.call('get', KEYS[1])
if not generation then
  generation = ARGV[1]
  redis.call('set', KEYS[1], generation, 'PX', ARGV[2])
end
if redis.call('get', KEYS[2]) == generation then return {generation, 0} end
local stored = generation .. ' ' .. ARGV[4] .. ' '
local head = redis.call('getrange', KEYS[3], 0, #stored + #ARGV[5] - 1)
if string.sub(head, 1, #stored) == stored and head ~= stored .. ARGV[5] then return {generation, 0} end
redis.call('set', KEYS[2], generation, 'PX', ARGV[3])
return {generation, 1}`;

const STORE_IF_CURRENT = `
if redis.call('get', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('del', KEYS[2])
redis.call('pexpire', KEYS[1], ARGV[2])
redis.call('set', KEYS[3], ARGV[3], 'PX', ARGV[4])
return 1`;

/** Up to 10 % less, so that entries do not expire at the same time. */
const spread = (ms: number) => Math.round(ms * (0.9 + 0.1 * Math.random()));

interface Begun {
  generation: string;
  /** Whether this caller loads. */
  mine: boolean;
}

export function redisCache(redis: Redis): Cache {
  const stats = { hits: 0, misses: 0, loads: 0, evictions: 0, servedAgeMs: 0 };
  const drops = dropper(redis);

  async function begin(
    { generation, loading, entry, owner }: Names,
    seen?: Entry,
  ): Promise<Begun | undefined> {
    const limits = [newId("g"), GENERATION_TTL_MS.begun, LOADING_MAX_MS];
    const begun = await orUndefined(
      redis.eval(BEGIN_LOAD, 3, generation, loading, entry, ...limits, owner, seen?.loadedAt ?? "none"),
    );
    if (!begun) return undefined;
    const [current, mine] = begun as [string, number];
    return { generation: current, mine: mine === 1 };
  }

  const sharedLook = freshFlights<
    { entry: Entry } | { begun?: Begun; missed: string; evicts?: boolean; over?: Entry } | undefined
  >();
  /** The entry in Redis now; undefined when Redis does not answer. Without a generation the load begins at once, so that no
   * later drop comes between. */
  const look = (names: Names) =>
    sharedLook(names.loading, async () => {
      const [packed, current] = (await orUndefined(redis.mget(names.entry, names.generation))) ?? [];
      if (packed === undefined) return undefined;
      if (!current) {
        const begun = await begin(names);
        return begun && { begun, missed: begun.generation };
      }
      const entry = packed ? unpack(packed) : undefined;
      if (entry?.generation !== current) return { missed: current };
      if (entry.owner !== names.owner) return { missed: current, evicts: true };
      return entry.until > Date.now() ? { entry } : { missed: current, over: entry };
    });

  /** Until when the bytes are right, and the bytes unless there are none. */
  async function loadOnce(load: Load): Promise<{ until: number; loaded?: CachedBytes }> {
    stats.loads++;
    const answer = await load();
    if (answer === undefined) return { until: 0 };
    const { bytes, until } =
      typeof answer === "string" ? { bytes: answer, until: Number.POSITIVE_INFINITY } : answer;
    return { until, loaded: { etag: etagOf(bytes), bytes } };
  }
  const loadOnly = async (load: Load) => (await loadOnce(load)).loaded;

  async function loadAndStore(
    names: Names,
    generation: string,
    { ttlMs, refreshAfterMs }: Lifetime,
    load: Load,
  ) {
    // The data is as old as the beginning of its load.
    const loadedAt = Date.now();
    const release = () => orUndefined(redis.del(names.loading));
    const { loaded, until } = await loadOnce(load).catch(async (error) => {
      await release();
      throw error;
    });
    const livesMs = Math.floor(Math.min(loadedAt + spread(ttlMs), until) - Date.now());
    if (!loaded || loaded.bytes.length > BYTES_MAX || livesMs <= 0) {
      await release();
      return loaded;
    }
    const refreshAt = loadedAt + spread(refreshAfterMs ?? ttlMs);
    const packed = pack({ ...loaded, generation, owner: names.owner, loadedAt, refreshAt, until });
    const keys = [names.generation, names.loading, names.entry];
    await orUndefined(
      redis.eval(STORE_IF_CURRENT, 3, ...keys, generation, GENERATION_TTL_MS.stored, packed, livesMs),
    );
    return loaded;
  }

  async function loadOrWait(
    names: Names,
    lifetime: Lifetime,
    load: Load,
    seen: { begun?: Begun; over?: Entry },
  ) {
    const until = Date.now() + LOADING_MAX_MS;
    const { over } = seen;
    for (let begun = seen.begun ?? (await begin(names, over)); begun; begun = await begin(names, over)) {
      if (begun.mine || Date.now() >= until) return loadAndStore(names, begun.generation, lifetime, load);
      await Bun.sleep(POLL_MS);
      const now = await look(names);
      if (now && "entry" in now) return now.entry;
    }
    return loadOnly(load);
  }

  async function refresh(names: Names, seen: Entry, lifetime: Lifetime, load: Load): Promise<void> {
    const begun = await begin(names, seen);
    if (begun?.mine) await loadAndStore(names, begun.generation, lifetime, load);
    else await Bun.sleep(REFRESH_RETRY_MS);
  }

  const once = singleFlight<CachedBytes | undefined>();
  const refreshing = singleFlight<void>();
  const withoutRedis = freshFlights<CachedBytes | undefined>();

  const reader =
    (counted: Cache["stats"]): Cache["read"] =>
    async (key, lifetime, load) => {
      const names = namesOf(key);
      const seen = drops.isOwed(key.group) ? undefined : await look(names);
      if (seen && "entry" in seen) {
        const { entry } = seen;
        const now = Date.now();
        counted.hits++;
        counted.servedAgeMs += now - entry.loadedAt;
        if (lifetime.refreshAfterMs !== undefined && now >= entry.refreshAt)
          inBackground(() =>
            refreshing(names.loading, () =>
              refresh(names, entry, lifetime, load).catch(() => Bun.sleep(REFRESH_RETRY_MS)),
            ),
          );
        return entry;
      }
      counted.misses++;
      // A reader after a drop must not share a load that began before it.
      if (!seen) return withoutRedis(`${names.loading} ${drops.count()}`, () => loadOnly(load));
      return once(`${names.loading} ${seen.missed}`, () => {
        if (seen.evicts) stats.evictions++;
        return loadOrWait(names, lifetime, load, seen);
      });
    };

  return { stats, drop: drops.drop, read: reader(stats), warm: reader({ ...stats }) };
}

/** Drops groups, and retries those that could not be dropped. On a new connection it repeats the drops of the last minutes. */
function dropper(redis: Redis) {
  const owed = new Set<string>();
  /** When each group was dropped last, in the order of time. */
  const recent = new Map<string, number>();
  let count = 0;
  let again: Timer | undefined;

  async function dropNow(groups: string[]): Promise<void> {
    await Promise.all(
      groups.map(async (group) => {
        const answer = await orUndefined(redis.del(generationKey(group)));
        if (answer === undefined) owed.add(group);
        else owed.delete(group);
      }),
    );
    if (owed.size === 0 || again) return;
    again = setTimeout(outsideRequests(dropOwed), DROP_RETRY_MS);
    again.unref();
  }
  function dropOwed() {
    clearTimeout(again);
    again = undefined;
    if (owed.size > 0) inBackground(() => dropNow([...owed]));
  }
  function repeatDrops() {
    for (const [group, at] of recent) if (Date.now() - at < DROP_REPEAT_MS) owed.add(group);
    dropOwed();
  }
  redis.on("ready", outsideRequests(repeatDrops));

  function remember(groups: string[]) {
    const now = Date.now();
    for (const group of groups) {
      recent.delete(group);
      recent.set(group, now);
    }
    for (const [group, at] of recent) {
      if (now - at < DROP_REPEAT_MS) break;
      recent.delete(group);
    }
  }

  return {
    count: () => count,
    isOwed: (group: string) => owed.has(group),
    drop(...groups: string[]) {
      count++;
      remember(groups);
      return dropNow(groups);
    },
  };
}
