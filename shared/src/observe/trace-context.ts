// W3C Trace Context (https://www.w3.org/TR/trace-context/): which trace a piece of work belongs to. Each service makes a span
// id for its own work and for each call to another service, also when it records no spans.

/** A span: the work of one process at one thing, within a trace. */
export interface Trace {
  traceId: string;
  spanId: string;
  /** The span that caused this one, often in another process. */
  parentId?: string | undefined;
  /** Whether spans of this trace are recorded. */
  isSampled: boolean;
  /** What other systems put into `tracestate`; passed on. */
  state?: string | undefined;
}

/** A trace as it travels: the headers of a request, and stored with a message. */
export interface TraceHeaders {
  traceparent: string;
  tracestate?: string;
}

/** Whether the spans of a new trace are recorded, or those of a trace that came from elsewhere. */
export type Sampler = (traceId: string, ofParent?: boolean) => boolean;

/** Without recording, a new trace is not sampled, and one from elsewhere keeps its flag. */
export const AS_PARENT: Sampler = (_, ofParent = false) => ofParent;

const IDS = "-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}";
/** A later version may append fields (section 4.3). */
const TRACEPARENT = new RegExp(`^(00${IDS}|(?!00|ff)[0-9a-f]{2}${IDS}(-.*)?)$`);
const SAMPLED = 1;

/** Places in `traceparent`. */
const TRACE_ID = [3, 35] as const;
const PARENT_ID = [36, 52] as const;
const FLAGS = [53, 55] as const;

/** A pool of random bytes: one call for many costs about as much as one call for a few. */
const drawn = Buffer.alloc(4_096);
let used = drawn.length;
export function randomHex(bytes: number): string {
  if (used + bytes > drawn.length) {
    crypto.getRandomValues(drawn);
    used = 0;
  }
  used += bytes;
  return drawn.toString("hex", used - bytes, used);
}

const STATE_MEMBER =
  /^[a-z0-9][a-z0-9_*/@-]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;
const STATE_MAX = { members: 32, characters: 512, longMember: 128 };

/** The valid `tracestate`, shortened as section 3.3.1.5 says: long members go first, then the last ones. */
export function tracestateOf(text: string | null | undefined): string | undefined {
  if (!text) return undefined;
  let members = text.split(",").flatMap((member) => member.trim() || []);
  if (members.length > STATE_MAX.members || !members.every((member) => STATE_MEMBER.test(member)))
    return undefined;
  const isTooLong = () => members.join(",").length > STATE_MAX.characters;
  if (isTooLong()) members = members.filter((member) => member.length <= STATE_MAX.longMember);
  while (isTooLong()) members.pop();
  return members.length > 0 ? members.join(",") : undefined;
}

/** A new span in this trace. */
export const childOf = ({ traceId, spanId, isSampled, state }: Trace): Trace => ({
  ...{ traceId, spanId: randomHex(8), parentId: spanId, isSampled, state },
});

/** The first span of a new trace. */
export function newTrace(sampler: Sampler): Trace {
  const traceId = randomHex(16);
  return { traceId, spanId: randomHex(8), isSampled: sampler(traceId) };
}

/** A span that follows the one of these headers, or stored with a message. Undefined unless they are valid. */
export function traceFrom(
  traceparent: string | null | undefined,
  tracestate: string | null | undefined,
  sampler: Sampler,
): Trace | undefined {
  if (!traceparent || !TRACEPARENT.test(traceparent)) return undefined;
  const traceId = traceparent.slice(...TRACE_ID);
  const isSampled = (Number.parseInt(traceparent.slice(...FLAGS), 16) & SAMPLED) !== 0;
  return {
    traceId,
    spanId: randomHex(8),
    parentId: traceparent.slice(...PARENT_ID),
    isSampled: sampler(traceId, isSampled),
    state: tracestateOf(tracestate),
  };
}

export const traceparentOf = ({ traceId, spanId, isSampled }: Trace): string =>
  `00-${traceId}-${spanId}-${isSampled ? "01" : "00"}`;

export const headersOf = (trace: Trace): TraceHeaders => ({
  traceparent: traceparentOf(trace),
  ...(trace.state !== undefined && { tracestate: trace.state }),
});
