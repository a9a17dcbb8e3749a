// Sends spans to an OTLP endpoint, in the background and never at the cost of a request: the queue is bounded, further spans
// are dropped and counted. Loaded only with OTEL_EXPORTER_OTLP_ENDPOINT. The spans are our own: a span of OpenTelemetry's
// SDK takes six microseconds of CPU and 25 MB, which is a quarter of a cached read (docs/operate/observe.md).
import { Counter, type Registry } from "prom-client";
import type { Log } from "../log.ts";
import { outsideRequests } from "../request-scope.ts";
import { type EndedSpan, recordSpans } from "../spans.ts";
import { requestText } from "./encode.ts";
import { pairsOf, samplerOf, type TracingSettings } from "./settings.ts";

export interface Exporter {
  /** Sends what is left, for at most STOP_MS, and records no more. */
  stop: () => Promise<void>;
}

/** Some 5 MB. */
export const QUEUE_MAX = 10_000;
export const BATCH_MAX = 1_000;
export const EVERY_MS = 1_000;
const PAUSE_MS = { first: 1_000, most: 30_000 };
const STOP_MS = 2_000;
const TIMEOUT_MS = 10_000;
/** OTLP specification, "Retryable Response Codes". */
const RETRYABLE = [429, 502, 503, 504];

/** What became of a batch: `retry` later, or `lost` since the endpoint refuses it. */
type Outcome = { is: "taken" } | { is: "retry" | "lost"; reason: string; afterMs?: number };

const reasonOf = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error.name === "TimeoutError") return "no answer in time";
  return "code" in error ? String(error.code) : error.message;
};

async function post(url: string, init: BunFetchRequestInit): Promise<Outcome> {
  try {
    const { ok, status, headers, body } = await fetch(url, { ...init, method: "POST", redirect: "manual" });
    await body?.cancel().catch(() => undefined);
    if (ok) return { is: "taken" };
    const afterMs = (Number(headers.get("retry-after")) || 0) * 1_000;
    return { is: RETRYABLE.includes(status) ? "retry" : "lost", reason: `status ${status}`, afterMs };
  } catch (error) {
    return { is: "retry", reason: reasonOf(error) };
  }
}

export function startExport(
  service: string,
  endpoint: string,
  { log, registry }: { log: Log; registry: Registry },
  settings: TracingSettings = {},
): Exporter {
  const url = `${endpoint.replace(/\/$/, "")}/v1/traces`;
  const headers = {
    ...Object.fromEntries(pairsOf(settings.OTEL_EXPORTER_OTLP_HEADERS)),
    "content-type": "application/json",
  };
  const resource = {
    ...{ "service.name": service, "service.instance.id": crypto.randomUUID() },
    ...Object.fromEntries(pairsOf(settings.OTEL_RESOURCE_ATTRIBUTES)),
    ...(settings.OTEL_SERVICE_NAME && { "service.name": settings.OTEL_SERVICE_NAME }),
  };
  const timeoutMs = settings.OTEL_EXPORTER_OTLP_TIMEOUT ?? TIMEOUT_MS;

  /** The batch that is being sent stays in it. */
  const queue: EndedSpan[] = [];
  const counts = { exported: 0, dropped: 0 };
  const ending = new AbortController();
  let failures = 0;
  let isStopping = false;
  let endPause: (() => void) | undefined;
  let sending: Promise<void> | undefined;

  new Counter({
    name: "trace_spans_total",
    help: "Recorded spans: exported, or dropped because the endpoint did not take them",
    labelNames: ["outcome"],
    registers: [registry],
    collect() {
      this.reset();
      for (const [outcome, count] of Object.entries(counts)) this.inc({ outcome }, count);
    },
  });

  function told(outcome: Outcome) {
    if (outcome.is === "taken") {
      if (failures > 0) log.info({ dropped: counts.dropped }, "Spans are exported again");
      failures = 0;
      return;
    }
    if (failures === 0)
      log.warn(
        { reason: outcome.reason },
        "Spans are not exported; check OTEL_EXPORTER_OTLP_ENDPOINT and the collector",
      );
    failures++;
  }

  async function sendBatch(): Promise<Outcome> {
    const batch = queue.slice(0, BATCH_MAX);
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ending.signal]);
    const outcome = await post(url, { headers, signal, body: requestText(resource, batch) });
    told(outcome);
    if (outcome.is !== "retry") queue.splice(0, batch.length);
    if (outcome.is === "taken") counts.exported += batch.length;
    if (outcome.is === "lost") counts.dropped += batch.length;
    return outcome;
  }

  const pause = (leastMs = 0) =>
    new Promise<void>((resolve) => {
      const backoffMs = PAUSE_MS.first * 2 ** (failures - 1) * (0.5 + Math.random());
      const timer = setTimeout(resolve, Math.min(PAUSE_MS.most, Math.max(leastMs, backoffMs)));
      endPause = () => {
        clearTimeout(timer);
        resolve();
      };
    });

  const hasWork = () => queue.length >= (isStopping ? 1 : BATCH_MAX);

  async function sendAll() {
    do {
      const outcome = await sendBatch();
      if (outcome.is !== "retry") continue;
      if (isStopping) return;
      await pause(outcome.afterMs);
    } while (failures > 0 ? queue.length > 0 : hasWork());
  }

  function send() {
    if (queue.length === 0) return;
    sending ??= sendAll().finally(() => {
      sending = undefined;
      if (queue.length > 0) sendSoon();
    });
  }
  function sendSoon() {
    setTimeout(outsideRequests(send), EVERY_MS).unref();
  }

  function record(span: EndedSpan) {
    if (queue.length >= QUEUE_MAX) {
      counts.dropped++;
      return;
    }
    queue.push(span);
    if (queue.length === 1) sendSoon();
    if (queue.length === BATCH_MAX) outsideRequests(send)();
  }

  recordSpans(record, samplerOf(settings));
  return {
    async stop() {
      recordSpans();
      isStopping = true;
      endPause?.();
      const endNow = () => ending.abort();
      const timer = setTimeout(outsideRequests(endNow), STOP_MS);
      send();
      await sending;
      clearTimeout(timer);
      counts.dropped += queue.length;
      if (counts.dropped > 0) log.warn({ ...counts }, "Spans were dropped");
      queue.length = 0;
    },
  };
}
