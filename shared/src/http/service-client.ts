// The client of another service: a deadline within the caller's, one retry of idempotent calls within a retry budget, an
// adaptive bulkhead, a circuit breaker, the request's ids, and our own errors.
import type { Static, TSchema } from "@sinclair/typebox";
import { TypeCompiler } from "@sinclair/typebox/compiler";
import { Value } from "@sinclair/typebox/value";
import {
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  type IPolicy,
  isBrokenCircuitError,
} from "cockatiel";
import { SERVICE_ROLE, type SignToken } from "../auth/tokens.ts";
import type { CallOutcome, Metrics } from "../observe/metrics.ts";
import { currentScope, currentTrace, DEADLINE_HEADER } from "../observe/request-scope.ts";
import { startTiming } from "../observe/server-timing.ts";
import { callSpan } from "../observe/span-types.ts";
import { endSpan, isRecorded } from "../observe/spans.ts";
import { childOf, headersOf } from "../observe/trace-context.ts";
import { adaptiveBulkhead, NoTurn } from "../process/adaptive-bulkhead.ts";
import { AppError, unavailable } from "../values/errors.ts";
import { bytesOf, discard } from "./response-body.ts";

export interface Call {
  method: "GET" | "POST" | "PUT";
  /** Path and query. */
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
  /** Idempotent, so it may be retried. Default: true for GET and PUT. */
  repeatable?: boolean;
  timeoutMs?: number;
}

export interface ServiceClient {
  /** The response, with any status. Throws 503 when there is none in time. */
  send: (call: Call) => Promise<Response>;
  /** The validated body of a 2xx response, without unknown fields. Throws the downstream service's problem as ours. */
  ask: <S extends TSchema>(schema: S, call: Call) => Promise<Static<S>>;
  /** The response with status, bytes and selected headers. Errors between the two services (5xx, 401, 403, a redirect, a
   * 4xx that is not a problem) become 503. */
  forward: (call: Call) => Promise<Response>;
}

const TIMEOUT_MS = 3_000;
/** A token is used for five minutes and valid for ten more, for clocks that differ. */
const TOKEN = { ttlSeconds: 900, usedForMs: 300_000 };
/** Concurrent calls to one downstream service, and calls that wait. */
const AT_ONCE = { least: 4, most: 64, waitingMax: 64 };
/** A call that takes more of its timeout is slow. A call waits for its turn only as long as leaves it this share of its time:
 * otherwise one that began too late would fail, and say nothing about how many calls the service can take. */
const SLOW = 0.5;
/** Consecutive failures that open the breaker, and the time until one trial call. */
export const BREAKER = { failures: 10, halfOpenAfterMs: 1_000 };
/** One retry for every ten calls (Google, "Site Reliability Engineering", chapter 21), with some saved at the start. */
const RETRY_BUDGET = { share: 0.1, saved: 10 };
const PASSED_THROUGH = [
  "content-type",
  "etag",
  "cache-control",
  "location",
  "retry-after",
  "idempotent-replayed",
  "allow",
  "age",
];

export function serviceClient(options: {
  /** The downstream service's name, the audience of our tokens. */
  to: string;
  baseUrl: string;
  from: string;
  signToken: SignToken;
  metrics?: Pick<Metrics, "observeCall" | "isCircuitOpen">;
}): ServiceClient {
  const { to, from, signToken, metrics } = options;
  const baseUrl = options.baseUrl.replace(/\/$/, "");
  const away = (cause: unknown) =>
    unavailable("DEPENDENCY_UNAVAILABLE", `The ${to} service does not answer. Try again.`, cause);
  const answered = ({ status }: Response) => away(new Error(`${to} answered ${status}`));

  let token = { text: "", renewAt: 0 };
  async function serviceToken(): Promise<string> {
    if (Date.now() >= token.renewAt) {
      const claims = { subject: from, role: SERVICE_ROLE, audience: [to], ttlSeconds: TOKEN.ttlSeconds };
      token = { text: await signToken(claims), renewAt: Date.now() + TOKEN.usedForMs };
    }
    return token.text;
  }

  const bulkhead = adaptiveBulkhead(AT_ONCE);
  const breaker = breakerFor((isOpen) => metrics?.isCircuitOpen.set(to, isOpen));
  let retries = RETRY_BUDGET.saved;

  async function sendOnce(call: Call): Promise<Response> {
    retries = Math.min(RETRY_BUDGET.saved, retries + RETRY_BUDGET.share);
    const startedAt = performance.now();
    const timed = startTiming("downstream");
    const ended = (outcome: CallOutcome) => {
      timed?.();
      metrics?.observeCall(to, outcome, (performance.now() - startedAt) / 1_000);
    };
    try {
      const { timeoutMs = TIMEOUT_MS } = call;
      const response = await bulkhead.run(
        () => breaker.execute(() => fetchOnce(call)),
        SLOW * timeoutMs,
        (1 - SLOW) * allowedFor(timeoutMs),
      );
      ended(response.status >= 500 ? "server_error" : response.status >= 400 ? "refused" : "success");
      return response;
    } catch (cause) {
      ended(outcomeOf(cause));
      throw away(cause);
    }
  }

  async function fetchOnce({ method, path, body, headers, timeoutMs = TIMEOUT_MS }: Call): Promise<Response> {
    const scope = currentScope();
    const current = currentTrace();
    const span = current && childOf(current);
    const startedAt = performance.now();
    const ended = (status: number, failure = "") => {
      if (span && isRecorded(span)) endSpan(span, callSpan(method, to, status, failure), startedAt);
    };
    const allowedMs = allowedFor(timeoutMs);
    const signal = AbortSignal.timeout(allowedMs);
    const init: BunFetchRequestInit = {
      method,
      redirect: "manual",
      // A small compressed response could be huge. Our services compress nothing.
      decompress: false,
      signal,
      headers: {
        ...headers,
        authorization: `Bearer ${await serviceToken()}`,
        [DEADLINE_HEADER]: String(allowedMs),
        ...(scope && { "x-request-id": scope.requestId }),
        ...(span && headersOf(span)),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    try {
      const response = await fetch(`${baseUrl}${path}`, init);
      ended(response.status);
      return response;
    } catch (cause) {
      ended(0, signal.aborted ? "timeout" : "connection");
      throw signal.aborted && allowedMs < timeoutMs
        ? new CutShort("The caller had no more time", { cause })
        : cause;
    }
  }

  async function send(call: Call): Promise<Response> {
    const repeatable = call.repeatable ?? call.method !== "POST";
    const mayRetry = () =>
      repeatable && retries >= 1 && (currentScope()?.deadlineAt ?? Infinity) > performance.now();
    try {
      const response = await sendOnce(call);
      if (response.status !== 503 || !mayRetry()) return response;
      await discard(response);
    } catch (error) {
      if (!mayRetry()) throw error;
    }
    retries -= 1;
    return sendOnce(call);
  }

  async function ask<S extends TSchema>(schema: S, call: Call): Promise<Static<S>> {
    const response = await send(call);
    const body: unknown = await bytesOf(response)
      .then((bytes) => JSON.parse(new TextDecoder().decode(bytes)))
      .catch((cause) => {
        throw away(cause);
      });
    if (!response.ok) throw problemOf(response, body) ?? answered(response);
    const check = compiled(schema);
    if (check.Check(body)) return body;
    // A newer release may send more fields. Unknown ones must not reach clients.
    const known = Value.Clean(opened(schema), body);
    if (!check.Check(known))
      throw away(new Error(`${to} answered in another shape: ${check.Errors(known).First()?.path}`));
    return known;
  }

  async function forward(call: Call): Promise<Response> {
    const response = await send(call);
    if (!response.ok && response.status !== 304 && !isTheirRefusal(response)) {
      await discard(response);
      throw answered(response);
    }
    const bytes = await bytesOf(response).catch((cause) => {
      throw away(cause);
    });
    const headers = new Headers();
    for (const name of PASSED_THROUGH) {
      const value = response.headers.get(name);
      if (value !== null) headers.set(name, value);
    }
    return new Response(bytes.byteLength > 0 ? bytes : null, { status: response.status, headers });
  }

  return { send, ask, forward };
}

/** Milliseconds: the timeout, and no more than the caller has left. */
function allowedFor(timeoutMs: number): number {
  const remainingMs = (currentScope()?.deadlineAt ?? Infinity) - performance.now();
  return Math.min(timeoutMs, Math.max(1, Math.floor(remainingMs)));
}

/** The caller's deadline was shorter than the call's timeout. Does not count as a failure of the downstream service, so
 * that impatient callers cannot open the breaker. */
class CutShort extends Error {}

function outcomeOf(failure: unknown): CallOutcome {
  if (failure instanceof CutShort) return "cut_short";
  if (failure instanceof NoTurn || isBrokenCircuitError(failure)) return "rejected";
  return failure instanceof Error && failure.name === "TimeoutError" ? "timeout" : "connection";
}

/** The breaker of one downstream service. A 5xx response counts as a failure and is still returned. */
function breakerFor(changed: (isOpen: boolean) => void): IPolicy {
  const failures = handleWhen((error) => !(error instanceof CutShort)).orWhenResult(
    (result) => result instanceof Response && result.status >= 500,
  );
  const breaker = circuitBreaker(failures, {
    halfOpenAfter: BREAKER.halfOpenAfterMs,
    breaker: new ConsecutiveBreaker(BREAKER.failures),
  });
  changed(false);
  breaker.onBreak(() => changed(true));
  breaker.onReset(() => changed(false));
  return breaker;
}

/** Appends the parameters that have a value. */
export function withQuery(
  path: string,
  parameters: Record<string, string | number | boolean | undefined>,
): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
  return query.size === 0 ? path : `${path}?${query}`;
}

/** The schema without `additionalProperties`: `Clean` matches no union member that has unknown fields. */
function opened<T>(part: T): T {
  if (Array.isArray(part)) return part.map(opened) as T;
  if (typeof part !== "object" || part === null) return part;
  const entries = Reflect.ownKeys(part).map((key) => [key, opened(part[key as keyof T])] as const);
  return Object.fromEntries(entries.filter(([key]) => key !== "additionalProperties")) as T;
}

const checks = new WeakMap<TSchema, ReturnType<typeof TypeCompiler.Compile>>();
function compiled<S extends TSchema>(schema: S) {
  const known = checks.get(schema) ?? TypeCompiler.Compile(schema);
  checks.set(schema, known);
  return known as ReturnType<typeof TypeCompiler.Compile<S>>;
}

/** Whether the response is a 4xx problem for the client. 401 and 403 concern our own token. */
function isTheirRefusal({ status, headers }: Response): boolean {
  const inWords = headers.get("content-type")?.startsWith("application/problem+json");
  return status >= 400 && status < 500 && status !== 401 && status !== 403 && inWords === true;
}

/** The downstream service's 4xx problem as ours. */
function problemOf(response: Response, body: unknown): AppError | undefined {
  if (!isTheirRefusal(response)) return undefined;
  if (typeof body !== "object" || body === null || !("code" in body) || !("detail" in body)) return undefined;
  const { code, detail, details, current, currentStatus, allowedActions } = body as Record<string, unknown>;
  const retryAfterSeconds = Number(response.headers.get("retry-after"));
  return new AppError(response.status, String(code), String(detail), {
    ...(Array.isArray(details) && { details }),
    ...(typeof current === "object" && current && { current }),
    ...(typeof currentStatus === "string" && { currentStatus }),
    ...(Array.isArray(allowedActions) && { allowedActions }),
    ...(retryAfterSeconds > 0 && { retryAfterSeconds }),
  });
}
