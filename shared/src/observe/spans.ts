// The spans of this process. They are recorded only after `recordSpans`; until then their ids still travel with calls and
// messages. Names and attributes are those of OpenTelemetry's semantic conventions, of which there are few: no ids, no values
// of queries, no personal data.
import { currentTrace, runInTrace, sampleWith, spanAfter } from "./request-scope.ts";
import {
  AS_PARENT,
  childOf,
  headersOf,
  type Sampler,
  type Trace,
  type TraceHeaders,
} from "./trace-context.ts";

/** The numbers of OTLP. */
export const SPAN_KIND = { internal: 1, server: 2, client: 3 } as const;

/** What spans have in common that differ only in their ids and times. */
export interface SpanType {
  name: string;
  kind: (typeof SPAN_KIND)[keyof typeof SPAN_KIND];
  attributes: Record<string, string | number>;
  isError: boolean;
}

export interface EndedSpan {
  trace: Trace;
  type: SpanType;
  /** In `performance.now()` time. */
  startedAt: number;
  endedAt: number;
  links: readonly TraceHeaders[];
}

export type RecordSpan = (span: EndedSpan) => void;

let record: RecordSpan | undefined;

/** Records the spans of sampled traces from now on; without arguments none. */
export function recordSpans(by?: RecordSpan, sampler: Sampler = AS_PARENT): void {
  record = by;
  sampleWith(sampler);
}

/** Whether this span is recorded when it ends. */
export const isRecorded = (trace: Trace): boolean => record !== undefined && trace.isSampled;

const NO_LINKS: readonly TraceHeaders[] = [];

/** Records that the span has ended. */
export function endSpan(trace: Trace, type: SpanType, startedAt: number, links = NO_LINKS): void {
  if (record && trace.isSampled) record({ trace, type, startedAt, endedAt: performance.now(), links });
}

/** A child of the current span, if that is recorded. */
export function recordedChild(): Trace | undefined {
  const trace = record && currentTrace();
  return trace?.isSampled ? childOf(trace) : undefined;
}

const TYPES_MAX = 2_000;

/** Makes each type once, so that it is written as text once. */
export function spanTypes<A extends (string | number | boolean)[]>(make: (...given: A) => SpanType) {
  const made = new Map<string, SpanType>();
  return (...given: A): SpanType => {
    const key = given.join(" ");
    const known = made.get(key);
    if (known) return known;
    const type = make(...given);
    if (made.size < TYPES_MAX) made.set(key, type);
    return type;
  };
}

const workType = spanTypes(
  (name: string, failedWith: string): SpanType => ({
    ...{ name, kind: SPAN_KIND.internal },
    attributes: failedWith ? { "error.type": failedWith } : {},
    isError: failedWith !== "",
  }),
);

/** The span of work with this cause: after the current span, unless that is in another trace. */
function spanOf(cause?: TraceHeaders): Trace {
  const current = currentTrace();
  const isNear = current && (!cause || cause.traceparent.includes(current.traceId));
  return isNear ? childOf(current) : spanAfter(cause);
}

/** Runs background work as a span of the trace that caused it, or of a new one. `links` are other causes. */
export async function inSpan<T>(
  name: string,
  cause: TraceHeaders | undefined,
  run: () => Promise<T>,
  links?: readonly TraceHeaders[],
): Promise<T> {
  const trace = spanOf(cause);
  const startedAt = performance.now();
  let failedWith = "";
  try {
    return await runInTrace(trace, run);
  } catch (error) {
    failedWith = error instanceof Error ? error.name : "_OTHER";
    throw error;
  } finally {
    endSpan(trace, workType(name, failedWith), startedAt, links);
  }
}

/** The current span, to store with what it causes. */
export function causeNow(): TraceHeaders | undefined {
  const trace = currentTrace();
  return trace && headersOf(trace);
}
