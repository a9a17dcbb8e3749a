import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import type { Cache } from "./cache.ts";
import type { EffectWorker } from "./effects.ts";

export interface Metrics {
  registry: Registry;
  /** Everything, in the text format of Prometheus. */
  render: () => Promise<string>;
  observeRequest: (method: string, route: string, status: number, seconds: number) => void;
  /** Counted by whoever serves: a number, because a gauge is dear to set for every request. */
  requestsInFlight: number;
  openStreams: Gauge;
}

/** The metrics every service has; a feature adds its own to the registry. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  const duration = new Histogram({
    name: "http_request_duration_seconds",
    help: "From the request's arrival to the head of its answer",
    labelNames: ["method", "route", "status"],
    buckets: [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
    registers: [registry],
  });
  let measuresProcess = false;
  const metrics: Metrics = {
    registry,
    render() {
      if (!measuresProcess) measureProcess(registry);
      measuresProcess = true;
      return registry.metrics();
    },
    observeRequest: (method, route, status, seconds) => duration.observe({ method, route, status }, seconds),
    requestsInFlight: 0,
    openStreams: new Gauge({
      name: "event_streams_open",
      help: "Server-sent event streams open right now",
      registers: [registry],
    }),
  };
  new Gauge({
    name: "http_requests_in_flight",
    help: "Requests being answered right now, without probes and looks at the metrics",
    registers: [registry],
    collect() {
      this.set(metrics.requestsInFlight);
    },
  });
  return metrics;
}

/** Setting this up takes as long as connecting to a database, so it is done for the first who asks. The heap spaces
 * are V8's: here they are zeros that stop the process for 9 ms at each look. */
function measureProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const { name } of registry.getMetricsAsArray())
    if (name.startsWith("nodejs_heap_space_")) registry.removeSingleMetric(name);
}

/** Adds how much work for other services waits, and how long the oldest has. */
export function measureEffects({ registry }: Metrics, { pending }: EffectWorker): void {
  const unknown = { count: Number.NaN, oldestAgeMs: Number.NaN };
  new Gauge({
    name: "effects_pending",
    help: "Documents with effects that their receiver has not taken yet",
    registers: [registry],
    async collect() {
      this.set((await pending().catch(() => unknown)).count);
    },
  });
  new Gauge({
    name: "effects_oldest_age_seconds",
    help: "How long the oldest effect has waited for its receiver",
    registers: [registry],
    async collect() {
      this.set((await pending().catch(() => unknown)).oldestAgeMs / 1000);
    },
  });
}

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
