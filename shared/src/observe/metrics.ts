import { collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";

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
