// Figures of the whole database, for the metrics. The replica that is asked first reads them, and the others take them from
// Redis, so neither replicas nor frequent scrapes multiply the queries. Without Redis each process reads for itself.
import { redisCache } from "./cache.ts";
import type { Redis } from "./redis.ts";

export type Figures = Record<string, number>;

/** Returns the figures, at most twice `KEPT_MS` old, or none while they cannot be read. */
export type SharedFigures = (name: string, read: () => Promise<Figures>) => () => Promise<Figures>;

export const KEPT_MS = 5_000;

/** Replicas with the same name of the database have the same figures. */
export function sharedFigures(redis: Redis, database: string, keptMs = KEPT_MS): SharedFigures {
  const cache = redisCache(redis);
  return (name, read) => {
    let readAt = Number.NEGATIVE_INFINITY;
    let known: Promise<Figures> = Promise.resolve({});
    async function readShared(): Promise<Figures> {
      const load = async () => JSON.stringify(await read());
      const stored = await cache.read({ group: `figures:${database}:${name}` }, { ttlMs: keptMs }, load);
      return stored ? JSON.parse(stored.bytes) : {};
    }
    return () => {
      const now = performance.now();
      if (now - readAt >= keptMs) {
        readAt = now;
        known = readShared().catch(() => ({}));
      }
      return known;
    };
  };
}
