// Spans as OTLP/JSON (https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding). What spans of one type share is
// written as text once, so that a span costs little more than its ids and times.
import type { EndedSpan, SpanType } from "../spans.ts";
import type { TraceHeaders } from "../trace-context.ts";

const STATUS_ERROR = 2;

const attributesOf = (given: Record<string, string | number>) =>
  Object.entries(given).map(([key, value]) => ({
    key,
    value: typeof value === "number" ? { intValue: String(value) } : { stringValue: value },
  }));

const texts = new WeakMap<SpanType, string>();
function textOf(type: SpanType): string {
  const known = texts.get(type);
  if (known !== undefined) return known;
  const { name, kind, attributes, isError } = type;
  const shared = {
    ...{ name, kind, attributes: attributesOf(attributes) },
    ...(isError && { status: { code: STATUS_ERROR } }),
  };
  const text = JSON.stringify(shared).slice(1, -1);
  texts.set(type, text);
  return text;
}

function linkOf({ traceparent }: TraceHeaders) {
  const [, traceId, spanId] = traceparent.split("-");
  return { traceId, spanId };
}

const CLOCK_TOLERANCE_MS = 50;
let clockOffsetMs = performance.timeOrigin;
/** What to add to `performance.now()` for the time of day. It changes only when the clock was set. */
function clockOffset(): number {
  const offset = Date.now() - performance.now();
  if (Math.abs(offset - clockOffsetMs) > CLOCK_TOLERANCE_MS) clockOffsetMs = offset;
  return clockOffsetMs;
}

/** In whole microseconds: a double holds no nanoseconds of our time. */
const nanos = (ms: number) => `${Math.round(ms * 1_000)}000`;

function spanText({ trace, type, startedAt, endedAt, links }: EndedSpan, offset: number): string {
  const { traceId, spanId, parentId, state } = trace;
  return `{"traceId":"${traceId}","spanId":"${spanId}",${parentId ? `"parentSpanId":"${parentId}",` : ""}${
    state ? `"traceState":${JSON.stringify(state)},` : ""
  }${textOf(type)},"startTimeUnixNano":"${nanos(startedAt + offset)}","endTimeUnixNano":"${nanos(endedAt + offset)}"${
    links.length > 0 ? `,"links":${JSON.stringify(links.map(linkOf))}` : ""
  }}`;
}

/** The body of an export. */
export function requestText(resource: Record<string, string>, spans: readonly EndedSpan[]): string {
  const offset = clockOffset();
  const attributes = JSON.stringify(attributesOf(resource));
  const texts = spans.map((span) => spanText(span, offset)).join(",");
  return `{"resourceSpans":[{"resource":{"attributes":${attributes}},"scopeSpans":[{"scope":{"name":"food"},"spans":[${texts}]}]}]}`;
}
