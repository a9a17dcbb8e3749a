import { Counter, Gauge } from "prom-client";
import type { Metrics } from "../observe/metrics.ts";
import type { Cache } from "./cache.ts";

/** Adds a cache's counts to the metrics. */
export function measureCache({ registry }: Metrics, { stats }: Cache): void {
  const counts: [name: string, help: string, count: () => number][] = [
    ["cache_hits_total", "Read from Redis", () => stats.hits],
    ["cache_misses_total", "Not in Redis", () => stats.misses],
    ["cache_loads_total", "Loaded from the database", () => stats.loads],
    ["cache_evictions_total", "Put out by another that needed the place", () => stats.evictions],
    [
      "cache_served_age_seconds_total",
      "How old all that was read from Redis was; divided by the hits, the age at serving",
      () => stats.servedAgeMs / 1000,
    ],
  ];
  for (const [name, help, count] of counts)
    new Counter({
      name,
      help,
      registers: [registry],
      collect() {
        this.reset();
        this.inc(count());
      },
    });
  new Gauge({
    name: "cache_hit_ratio",
    help: "Hits among all reads since the start; of late: from the rates of the counters",
    registers: [registry],
    collect() {
      this.set(stats.hits / Math.max(1, stats.hits + stats.misses));
    },
  });
}
