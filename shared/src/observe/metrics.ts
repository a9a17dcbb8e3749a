import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

export interface Metrics {
  registry: Registry;
  /** All metrics in the Prometheus text format. */
  render: () => Promise<string>;
  observeRequest: (method: string, route: string, status: number, seconds: number) => void;
  /** Set by the server. A plain number, because setting a gauge at every request is slow. */
  requestsInFlight: number;
  openStreams: Gauge;
}

/** The metrics of every service. Features add their own to the registry. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  registry.setDefaultLabels({ service });
  const duration = new Histogram({
    name: "http_request_duration_seconds",
    help: "Time from the arrival of a request to the head of its response",
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
      help: "Open server-sent event streams",
      registers: [registry],
    }),
  };
  new Gauge({
    name: "http_requests_in_flight",
    help: "Requests in flight, without probes and scrapes",
    registers: [registry],
    collect() {
      this.set(metrics.requestsInFlight);
    },
  });
  return metrics;
}

/** Runs at the first scrape: it takes as long as connecting to a database. The heap spaces are V8's. In Bun they are
 * zero, and collecting them blocks the process for 9 ms. */
function measureProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const { name } of registry.getMetricsAsArray())
    if (name.startsWith("nodejs_heap_space_")) registry.removeSingleMetric(name);
}
