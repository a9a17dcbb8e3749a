import type { Metrics } from "../observe/metrics.ts";
import { scrapedCounter, scrapedGauge } from "../observe/scraped.ts";
import type { Cache } from "./cache.ts";

/** Registers a cache's counters. */
export function measureCache({ registry }: Metrics, { stats }: Cache): void {
  const counts: [name: string, help: string, count: () => number][] = [
    ["cache_hits_total", "Read from Redis", () => stats.hits],
    ["cache_misses_total", "Not in Redis", () => stats.misses],
    ["cache_loads_total", "Loaded from the database", () => stats.loads],
    ["cache_evictions_total", "Replaced by another entry in the same slot", () => stats.evictions],
    [
      "cache_served_age_seconds_total",
      "Total age of the entries served from Redis; divided by the hits, their mean age",
      () => stats.servedAgeMs / 1000,
    ],
  ];
  for (const count of counts) scrapedCounter(registry, ...count);
  scrapedGauge(
    registry,
    "cache_hit_ratio",
    "Share of hits in all reads since the start; for a recent window, use the counters' rates",
    () => stats.hits / Math.max(1, stats.hits + stats.misses),
  );
}
