// What is true of one request and wanted everywhere below it (logs, calls to other services) travels in an
// AsyncLocalStorage, so that no function has to pass it on by hand.
import { AsyncLocalStorage } from "node:async_hooks";

export interface RequestScope {
  requestId: string;
  /** W3C Trace Context, passed on as it came: this process makes no spans of its own. */
  traceparent: string;
  /** When nobody waits for the answer any more, by `performance.now()`: a clock that is set leaves it alone. */
  deadlineAt: number;
  /** The client's, as far as it can be believed; of IPv6 the /64. Few ask, and it is dear to find out. */
  remoteAddress: () => string;
  /** It has come through a proxy of ours. Other services, probes and Prometheus call without one. */
  isFromOutside?: boolean;
  /** The route's pattern once the router has found it. */
  route?: string;
  /** Takes the idle timeout off this request's connection, for streams. */
  keepOpen?: () => void;
  /** Puts it back, so that nobody keeps a connection by not reading its end. */
  letGo?: () => void;
  /** Whether it counts as in flight. */
  hasPlace?: boolean;
  /** Reads the body without a place in flight: who is slow keeps nobody else out. Calls `giveUp` when too many are
   * unfinished, and throws 503 when no place is left for the finished one. */
  awaitBody?: <T>(giveUp: () => void, read: () => Promise<T>) => Promise<T>;
}

const storage = new AsyncLocalStorage<RequestScope>();

export const currentScope = (): RequestScope | undefined => storage.getStore();
export const runInScope = <T>(scope: RequestScope, run: () => T): T => storage.run(scope, run);

/** The work, to be done in the request that is under way now: a queue calls what has waited for a turn from where the
 * turn before ended, in somebody else's. */
export const inThisRequest = <T>(run: () => T): (() => T) => AsyncLocalStorage.bind(run);

/** The same function, to be run outside every request. For what outlives the request that starts it: a loop, a timer, an
 * event handler. It would keep that request's deadline, long over, and its ids. An emitter calls its handlers in the
 * request that made the socket, or broke it. */
export const outsideRequests =
  <A extends unknown[], T>(run: (...given: A) => T) =>
  (...given: A): T =>
    storage.exit(() => run(...given));

/** Starts work that nobody here waits for, outside every request. What it throws is nobody's: it must not. */
export const inBackground = (run: () => unknown): void => void outsideRequests(run)();

/** The work with the ids of the request that begins it and without its deadline: others wait for it as well. */
export function withoutDeadline<T>(run: () => T): T {
  const scope = currentScope();
  return scope ? runInScope({ ...scope, deadlineAt: Infinity }, run) : run();
}

export const DEADLINE_HEADER = "x-request-timeout-ms";
const DEADLINE_DEFAULT_MS = 10_000;
const DEADLINE_MAX_MS = 30_000;
const REQUEST_ID = /^[\w.:-]{1,100}$/;
const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Random bytes, drawn many at once: each call costs as much as hundreds of them. */
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

/** Takes the caller's ids where they are well formed, else makes new ones. */
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
