import { Counter, collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { currentRegion } from "../values/region.ts";
import { durations } from "./durations.ts";
import { knownMethod } from "./known-method.ts";
import { scrapedGauge } from "./scraped.ts";

export interface Metrics {
  registry: Registry;
  /** All metrics in the Prometheus text format. */
  render: () => Promise<string>;
  observeRequest: (
    request: { method: string; route: string | undefined; problem: string | undefined },
    status: number,
    seconds: number,
  ) => void;
  /** A call to another service, with the time that it waited for its turn. */
  observeCall: (target: string, outcome: CallOutcome, seconds: number) => void;
  /** Whether a service is not called at present, because it failed. */
  isCircuitOpen: Map<string, boolean>;
  /** Whether a database answers, by name. */
  dependencies: Map<string, () => boolean>;
  /** Set by the server. A plain number, because setting a gauge at every request is slow. */
  requestsInFlight: number;
  openStreams: Gauge;
  /** By `limit`. */
  requestsRefused: Counter;
}

/** `rejected`: not sent, since too many wait or the service fails. `cut_short`: our own caller had no more time. */
export type CallOutcome =
  | "success"
  | "refused"
  | "server_error"
  | "timeout"
  | "connection"
  | "rejected"
  | "cut_short";

const REQUEST_SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];
const CALL_SECONDS = [0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3];

/** The metrics of every service. Features add their own to the registry. */
export function createMetrics(service: string): Metrics {
  const registry = new Registry();
  const region = currentRegion();
  registry.setDefaultLabels({ service, ...(region !== "" && { platform_region: region }) });
  const registers = [registry];
  const requests = durations(registry, {
    name: "http_request_duration_seconds",
    help: "Time from the arrival of a request to the head of its response",
    labelNames: ["method", "route", "status"],
    buckets: REQUEST_SECONDS,
  });
  const problems = new Counter({
    ...{ name: "http_problems_total", help: "Requests refused or failed, by the code of the problem" },
    ...{ labelNames: ["code"], registers },
  });
  const calls = durations(registry, {
    name: "downstream_call_duration_seconds",
    help: "Calls to other services, with the time that they wait for their turn",
    labelNames: ["target", "outcome"],
    buckets: CALL_SECONDS,
  });
  let measuresProcess = false;
  const metrics: Metrics = {
    registry,
    render() {
      if (!measuresProcess) measureProcess(registry);
      measuresProcess = true;
      return registry.metrics();
    },
    observeRequest({ method, route = "unmatched", problem }, status, seconds) {
      requests.observe(seconds, knownMethod(method, "other"), route, String(status));
      if (problem) problems.inc({ code: problem });
    },
    observeCall: (target, outcome, seconds) => calls.observe(seconds, target, outcome),
    isCircuitOpen: new Map(),
    dependencies: new Map(),
    requestsInFlight: 0,
    requestsRefused: new Counter({
      ...{
        name: "request_limit_refusals_total",
        help: "Requests refused by the limit of each account or address",
      },
      ...{ labelNames: ["limit"], registers },
    }),
    openStreams: new Gauge({
      name: "event_streams_open",
      help: "Open server-sent event streams",
      registers,
    }),
  };
  for (const limit of ["caller", "anonymous"]) metrics.requestsRefused.inc({ limit }, 0);
  new Gauge({
    ...{ name: "downstream_circuit_open", help: "1 while a failing service is not called", registers },
    labelNames: ["target"],
    collect() {
      for (const [target, isOpen] of metrics.isCircuitOpen) this.set({ target }, Number(isOpen));
    },
  });
  new Gauge({
    ...{ name: "dependency_up", help: "1 while this process can use the dependency", registers },
    labelNames: ["dependency"],
    collect() {
      for (const [dependency, isUp] of metrics.dependencies) this.set({ dependency }, Number(isUp()));
    },
  });
  scrapedGauge(
    registry,
    "http_requests_in_flight",
    "Requests in flight, without probes and scrapes",
    () => metrics.requestsInFlight,
  );
  return metrics;
}

/** Runs at the first scrape: it takes as long as connecting to a database. The heap spaces are V8's. In Bun they are
 * zero, and collecting them blocks the process for 9 ms. */
function measureProcess(registry: Registry): void {
  collectDefaultMetrics({ register: registry });
  for (const { name } of registry.getMetricsAsArray())
    if (name.startsWith("nodejs_heap_space_")) registry.removeSingleMetric(name);
}
