// The context of one request (ids, deadline, route), kept in an AsyncLocalStorage. Logs and calls to other services
// read it without passing it through every function. Background work that a request caused has only its trace.
import { AsyncLocalStorage } from "node:async_hooks";
import { AS_PARENT, newTrace, randomHex, type Sampler, type Trace, traceFrom } from "./trace-context.ts";

/** Calls to each kind of dependency. Calls at the same time count each, so their sum may exceed the request's time. */
export type Timings = Map<"db" | "cache" | "downstream", { ms: number; calls: number }>;

export interface RequestScope {
  requestId: string;
  /** The span of this request, or of a part of it. */
  trace: Trace;
  /** When the caller stops waiting, in `performance.now()` time, which does not jump when the clock is set. */
  deadlineAt: number;
  /** The client's address, or its /64 for IPv6. A function, because parsing is slow and rarely needed. */
  remoteAddress: () => string;
  /** The request came through one of our proxies. Services, probes and Prometheus call directly. */
  isFromOutside?: boolean;
  /** The values of `RateLimit-Policy` and `RateLimit`, once the request was counted. */
  rateLimit?: { policy: string; state: string };
  /** The route's pattern, once matched. */
  route?: string;
  /** The response has the headers of every response already. */
  hasHeaders?: boolean;
  /** Of this request, which asked for them. */
  timings?: Timings;
  /** The code of the problem that answers the request. */
  problem?: string;
  /** Counts the response as a stream, and gives its connection an idle timeout that is longer than heartbeats are apart. */
  keepOpen?: () => void;
  /** Called once when that stream has ended. Keeps nothing of the request. */
  letGo?: () => void;
  /** Whether the request counts as in flight. */
  hasPlace?: boolean;
  /** Reads the body without counting as in flight, so that slow clients block no others. Calls `giveUp` when too many
   * bodies are unfinished, and throws 503 when too many requests are in flight afterwards. */
  awaitBody?: <T>(giveUp: () => void, read: () => Promise<T>) => Promise<T>;
}

/** Work outside every request, in the trace of what caused it. */
interface WorkScope {
  trace: Trace;
  requestId?: undefined;
}

const storage = new AsyncLocalStorage<RequestScope | WorkScope>();

export const currentScope = (): RequestScope | undefined => {
  const scope = storage.getStore();
  return scope?.requestId === undefined ? undefined : scope;
};
export const currentTrace = (): Trace | undefined => storage.getStore()?.trace;
export const runInScope = <T>(scope: RequestScope, run: () => T): T => storage.run(scope, run);
/** Runs in this span, within the current request if there is one. */
export function runInTrace<T>(trace: Trace, run: () => T): T {
  const scope = currentScope();
  return storage.run(scope ? { ...scope, trace } : { trace }, run);
}

/** Binds `run` to the current request. A queue would otherwise run it in the scope of the request that freed the slot. */
export const inThisRequest = <T>(run: () => T): (() => T) => AsyncLocalStorage.bind(run);

/** The same function, run outside every request. For loops, timers and event handlers that outlive the request that
 * starts them: otherwise they keep its ids and its expired deadline. */
export const outsideRequests =
  <A extends unknown[], T>(run: (...given: A) => T) =>
  (...given: A): T =>
    storage.exit(() => run(...given));

/** The same for work that a request causes without waiting for it: it keeps only the trace. */
export const inTraceOnly =
  <A extends unknown[], T>(run: (...given: A) => T) =>
  (...given: A): T => {
    const trace = currentTrace();
    return trace ? storage.run({ trace }, () => run(...given)) : run(...given);
  };

/** Starts work outside every request, in its trace, without waiting for it. `run` must not throw. */
export const inBackground = (run: () => unknown): void => void inTraceOnly(run)();

/** Runs with the current request's ids and without its deadline, for work that several requests share. */
export function withoutDeadline<T>(run: () => T): T {
  const scope = currentScope();
  return scope ? runInScope({ ...scope, deadlineAt: Infinity }, run) : run();
}

export const DEADLINE_HEADER = "x-request-timeout-ms";
const DEADLINE_DEFAULT_MS = 10_000;
const DEADLINE_MAX_MS = 30_000;
const REQUEST_ID = /^[\w.:-]{1,100}$/;

let sampler: Sampler = AS_PARENT;
/** Decides from now on which traces are recorded. */
export const sampleWith = (next: Sampler): void => {
  sampler = next;
};

/** A span that the message with these headers causes; of a new trace unless they are valid. */
export const spanAfter = (message?: { traceparent?: string | null; tracestate?: string | null }): Trace =>
  traceFrom(message?.traceparent, message?.tracestate, sampler) ?? newTrace(sampler);

/** Uses the caller's ids when they are well formed, else creates new ones. */
export function scopeOf(headers: Headers, remoteAddress: () => string, now: number): RequestScope {
  const requestId = headers.get("x-request-id");
  const traceparent = headers.get("traceparent");
  const tracestate = traceparent === null ? null : headers.get("tracestate");
  const timeoutMs = Number(headers.get(DEADLINE_HEADER) ?? DEADLINE_DEFAULT_MS);
  const allowedMs = timeoutMs > 0 ? Math.min(timeoutMs, DEADLINE_MAX_MS) : DEADLINE_DEFAULT_MS;
  return {
    requestId: requestId && REQUEST_ID.test(requestId) ? requestId : randomHex(16),
    trace: traceFrom(traceparent, tracestate, sampler) ?? newTrace(sampler),
    deadlineAt: now + allowedMs,
    remoteAddress,
  };
}
