// The context of one request (ids, deadline, route), kept in an AsyncLocalStorage. Logs and calls to other services
// read it without passing it through every function.
import { AsyncLocalStorage } from "node:async_hooks";

export interface RequestScope {
  requestId: string;
  /** W3C Trace Context, passed on unchanged: this process creates no spans. */
  traceparent: string;
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
  /** Removes the connection's idle timeout, for streams. */
  keepOpen?: () => void;
  /** Restores it, so that a client that does not read the end cannot keep the connection open. */
  letGo?: () => void;
  /** Whether the request counts as in flight. */
  hasPlace?: boolean;
  /** Reads the body without counting as in flight, so that slow clients block no others. Calls `giveUp` when too many
   * bodies are unfinished, and throws 503 when too many requests are in flight afterwards. */
  awaitBody?: <T>(giveUp: () => void, read: () => Promise<T>) => Promise<T>;
}

const storage = new AsyncLocalStorage<RequestScope>();

export const currentScope = (): RequestScope | undefined => storage.getStore();
export const runInScope = <T>(scope: RequestScope, run: () => T): T => storage.run(scope, run);

/** Binds `run` to the current request. A queue would otherwise run it in the scope of the request that freed the slot. */
export const inThisRequest = <T>(run: () => T): (() => T) => AsyncLocalStorage.bind(run);

/** The same function, run outside every request. For loops, timers and event handlers that outlive the request that
 * starts them: otherwise they keep its ids and its expired deadline. */
export const outsideRequests =
  <A extends unknown[], T>(run: (...given: A) => T) =>
  (...given: A): T =>
    storage.exit(() => run(...given));

/** Starts work outside every request, without waiting for it. `run` must not throw. */
export const inBackground = (run: () => unknown): void => void outsideRequests(run)();

/** Runs with the current request's ids and without its deadline, for work that several requests share. */
export function withoutDeadline<T>(run: () => T): T {
  const scope = currentScope();
  return scope ? runInScope({ ...scope, deadlineAt: Infinity }, run) : run();
}

export const DEADLINE_HEADER = "x-request-timeout-ms";
const DEADLINE_DEFAULT_MS = 10_000;
const DEADLINE_MAX_MS = 30_000;
const REQUEST_ID = /^[\w.:-]{1,100}$/;
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** A pool of random bytes: one call for many costs about as much as one call for a few. */
const drawn = Buffer.alloc(4_096);
let used = drawn.length;
function randomHex(bytes: number): string {
  if (used + bytes > drawn.length) {
    crypto.getRandomValues(drawn);
    used = 0;
  }
  used += bytes;
  return drawn.toString("hex", used - bytes, used);
}

/** Uses the caller's ids when they are well formed, else creates new ones. */
export function scopeOf(headers: Headers, remoteAddress: () => string, now: number): RequestScope {
  const requestId = headers.get("x-request-id");
  const traceparent = headers.get("traceparent");
  const timeoutMs = Number(headers.get(DEADLINE_HEADER) ?? DEADLINE_DEFAULT_MS);
  const allowedMs = timeoutMs > 0 ? Math.min(timeoutMs, DEADLINE_MAX_MS) : DEADLINE_DEFAULT_MS;
  return {
    requestId: requestId && REQUEST_ID.test(requestId) ? requestId : randomHex(16),
    traceparent:
      traceparent && TRACEPARENT.test(traceparent) ? traceparent : `00-${randomHex(16)}-${randomHex(8)}-01`,
    deadlineAt: now + allowedMs,
    remoteAddress,
  };
}
