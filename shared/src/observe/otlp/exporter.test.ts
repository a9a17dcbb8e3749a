import { afterEach, describe, expect, test } from "bun:test";
import { Registry } from "prom-client";
import { type Collector, startCollector } from "../../../testing/collector.ts";
import { cleanUp } from "../../../testing/service.ts";
import { eventually } from "../../../testing/tools.ts";
import { createLog } from "../log.ts";
import { runInTrace, spanAfter } from "../request-scope.ts";
import { endSpan, inSpan, SPAN_KIND, type SpanType } from "../spans.ts";
import { headersOf } from "../trace-context.ts";
import { BATCH_MAX, EVERY_MS, type Exporter, QUEUE_MAX, startExport } from "./exporter.ts";
import type { TracingSettings } from "./settings.ts";

const WORK: SpanType = {
  ...{ name: "work", kind: SPAN_KIND.internal, isError: false },
  attributes: { "a.text": 'quoted "text"', "a.count": 7 },
};
const NO_ENDPOINT = "http://127.0.0.1:1";

let exporter: Exporter | undefined;
afterEach(() => exporter?.stop());

function start(endpoint: string, settings: TracingSettings = {}) {
  const registry = new Registry();
  const lines: string[] = [];
  const log = createLog("test", "info", { write: (line: string) => void lines.push(line) });
  exporter = startExport("shop", endpoint, { log, registry }, settings);
  const counted = async (outcome: string) => {
    const values = (await registry.getSingleMetric("trace_spans_total")?.get())?.values ?? [];
    return values.find(({ labels }) => labels.outcome === outcome)?.value;
  };
  const stop = () => exporter?.stop();
  return { counted, stop, logged: () => lines.map((line): Record<string, unknown> => JSON.parse(line)) };
}
function collector(): Collector {
  const started = startCollector();
  cleanUp(started.stop);
  return started;
}
function record(count: number, type = WORK) {
  for (let i = 0; i < count; i++) endSpan(spanAfter(), type, performance.now());
}

describe("spans", () => {
  test("arrive as OTLP, with their ids, times, attributes, state and links", async () => {
    const { url, spans } = collector();
    const { stop, counted } = start(url, { OTEL_RESOURCE_ATTRIBUTES: "team=a%20b,service.name=overruled" });
    const cause = { ...spanAfter(), state: "a=1" };
    const other = headersOf(spanAfter());
    const before = Date.now();
    await inSpan("work", headersOf(cause), async () => endSpan(spanAfter(), WORK, performance.now()), [
      other,
    ]);
    await stop();
    const [inner, outer] = spans;
    expect(inner).toMatchObject({
      ...{ name: "work", kind: 1, parentId: "", isError: false, links: [], service: "overruled" },
      attributes: { "a.text": 'quoted "text"', "a.count": "7" },
    });
    expect(outer).toMatchObject({
      ...{ name: "work", traceId: cause.traceId, parentId: cause.spanId, traceState: "a=1" },
      links: [{ traceId: other.traceparent.slice(3, 35), spanId: other.traceparent.slice(36, 52) }],
      resource: { team: "a b", "service.instance.id": expect.any(String) },
    });
    expect(outer?.startMs).toBeWithin(before - 100, Date.now() + 100);
    expect(outer?.endMs).toBeGreaterThanOrEqual(outer?.startMs ?? Infinity);
    expect(await counted("exported")).toBe(2);
  });

  test("go with the headers and the name of the settings, without waiting for a stop", async () => {
    const { url, spans, requests } = collector();
    start(`${url}/`, { OTEL_EXPORTER_OTLP_HEADERS: "api-key=a%3Db, other=2", OTEL_SERVICE_NAME: "named" });
    record(1);
    await eventually(async () => spans.length === 1);
    expect([requests[0]?.get("api-key"), requests[0]?.get("other")]).toEqual(["a=b", "2"]);
    expect(spans[0]?.service).toBe("named");
  });

  test("of a trace that is not sampled are not recorded, and neither are those after a stop", async () => {
    const { url, spans } = collector();
    const { stop } = start(url);
    endSpan(spanAfter({ traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-00` }), WORK, performance.now());
    await stop();
    record(1);
    expect(spans).toEqual([]);
  });

  test("of failed work are errors", async () => {
    const { url, spans } = collector();
    const { stop } = start(url);
    const failing = inSpan("failing", undefined, async () => {
      throw new TypeError("no");
    });
    await expect(failing).rejects.toThrow("no");
    await stop();
    expect(spans[0]).toMatchObject({ isError: true, attributes: { "error.type": "TypeError" } });
  });

  test("of work within the same trace are children of the current span", async () => {
    const { url, spans } = collector();
    const { stop } = start(url);
    const [ours, foreign] = [spanAfter(), spanAfter()];
    await runInTrace(ours, async () => {
      for (const cause of [headersOf({ ...ours, spanId: "e".repeat(16) }), undefined, headersOf(foreign)])
        await inSpan("inner", cause, async () => undefined);
    });
    await stop();
    expect(spans.map(({ parentId }) => parentId)).toEqual([ours.spanId, ours.spanId, foreign.spanId]);
  });
});

describe("an endpoint that", () => {
  const TROUBLE = "Spans are not exported; check OTEL_EXPORTER_OTLP_ENDPOINT and the collector";

  test("is away for a while gets the spans later, with one line for the outage and one for its end", async () => {
    const target = collector();
    target.answer = () => new Response(null, { status: target.requests.length < 3 ? 503 : 200 });
    const { stop, logged, counted } = start(target.url);
    record(3);
    await eventually(async () => target.spans.length === 3);
    await stop();
    expect(logged()).toMatchObject([
      { level: "warn", msg: TROUBLE, reason: "status 503" },
      { level: "info", msg: "Spans are exported again", dropped: 0 },
    ]);
    expect([await counted("exported"), await counted("dropped")]).toEqual([3, 0]);
  });

  test.each([
    ["refuses spans", 400],
    ["wants another key", 401],
    ["fails", 500],
    ["sends elsewhere", 302],
  ])("%s (%i) loses them, and no later ones", async (_, status) => {
    const target = collector();
    target.answer = () => new Response(null, { status: target.requests.length === 1 ? status : 200 });
    const { stop, counted, logged } = start(target.url);
    record(BATCH_MAX);
    await eventually(async () => (await counted("dropped")) === BATCH_MAX);
    record(2);
    await stop();
    expect(target.spans).toHaveLength(2);
    expect(logged()[0]).toMatchObject({ msg: TROUBLE, reason: `status ${status}` });
  });

  test.each([
    ["hangs", () => new Promise<Response>(() => undefined)],
    [
      "sends an answer without an end",
      () => new Response(new ReadableStream({ start: (c) => c.enqueue("{") })),
    ],
  ])(
    "%s holds up nothing: the queue is bounded, further spans are counted, and a stop ends",
    async (_, answer) => {
      const target = collector();
      target.answer = answer;
      const { stop, counted } = start(target.url);
      record(3 * QUEUE_MAX);
      expect((await counted("dropped")) ?? 0).toBe(2 * QUEUE_MAX);
      await stop();
    },
  );

  test("does not exist causes one line, whatever is recorded", async () => {
    const { logged, stop } = start(NO_ENDPOINT);
    record(BATCH_MAX);
    await eventually(async () => logged().length > 0);
    record(BATCH_MAX);
    await stop();
    expect(logged()).toMatchObject([
      { msg: TROUBLE, reason: expect.stringMatching(/refused/i) },
      { msg: "Spans were dropped", dropped: 2 * BATCH_MAX },
    ]);
  });

  test("is slow gets all spans, in few requests", async () => {
    const target = collector();
    target.answer = () => Bun.sleep(50).then(() => Response.json({}));
    const { stop } = start(target.url);
    record(2 * BATCH_MAX + 1);
    await stop();
    expect([target.spans.length, target.requests.length]).toEqual([2 * BATCH_MAX + 1, 3]);
  });

  test("is slow during a stop gets each span once", async () => {
    const target = collector();
    target.answer = () => Bun.sleep(EVERY_MS * 1.2).then(() => Response.json({}));
    const { stop, counted } = start(target.url);
    record(3);
    await stop();
    expect([target.requests.length, target.spans.length, await counted("exported")]).toEqual([1, 3, 3]);
  });
});
