// The client of another service: a deadline within the caller's, one retry of idempotent calls within a retry budget, a
// bulkhead, a circuit breaker, the request's ids, and our own errors.
import type { Static, TSchema } from "@sinclair/typebox";
import { TypeCompiler } from "@sinclair/typebox/compiler";
import { Value } from "@sinclair/typebox/value";
import { bulkhead, ConsecutiveBreaker, circuitBreaker, handleWhen, type IPolicy, wrap } from "cockatiel";
import { SERVICE_ROLE, type SignToken } from "../auth/tokens.ts";
import { currentScope, DEADLINE_HEADER, inThisRequest } from "../observe/request-scope.ts";
import { AppError, unavailable } from "../values/errors.ts";

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
/** Far more than the largest menu. */
export const ANSWER_BYTES_MAX = 16 * 1024 * 1024;
/** Concurrent calls to one downstream service, and calls that wait. */
const AT_ONCE_MAX = 64;
const WAITING_MAX = 64;
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
}): ServiceClient {
  const { to, from, signToken } = options;
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

  const policy = policyFor();
  let retries = RETRY_BUDGET.saved;

  async function sendOnce(call: Call): Promise<Response> {
    retries = Math.min(RETRY_BUDGET.saved, retries + RETRY_BUDGET.share);
    try {
      return await policy.execute(inThisRequest(() => fetchOnce(call)));
    } catch (cause) {
      throw away(cause);
    }
  }

  async function fetchOnce({ method, path, body, headers, timeoutMs = TIMEOUT_MS }: Call): Promise<Response> {
    const scope = currentScope();
    const remainingMs = scope ? Math.max(1, Math.floor(scope.deadlineAt - performance.now())) : timeoutMs;
    const allowedMs = Math.min(timeoutMs, remainingMs);
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
        ...(scope && { "x-request-id": scope.requestId, traceparent: scope.traceparent }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    };
    try {
      return await fetch(`${baseUrl}${path}`, init);
    } catch (cause) {
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
      await response.body?.cancel();
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
      await response.body?.cancel();
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

/** The caller's deadline was shorter than the call's timeout. Does not count as a failure of the downstream service, so
 * that impatient callers cannot open the breaker. */
class CutShort extends Error {}

/** A bulkhead and a breaker for one downstream service. A 5xx response counts as a failure and is still returned. */
function policyFor(): IPolicy {
  const failures = handleWhen((error) => !(error instanceof CutShort)).orWhenResult(
    (result) => result instanceof Response && result.status >= 500,
  );
  const breaker = circuitBreaker(failures, {
    halfOpenAfter: BREAKER.halfOpenAfterMs,
    breaker: new ConsecutiveBreaker(BREAKER.failures),
  });
  return wrap(bulkhead(AT_ONCE_MAX, WAITING_MAX), breaker);
}

/** Rejects, and reads no more, once the body is larger than any of ours. */
async function bytesOf(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const length = response.headers.get("content-length");
  if (length !== null && Number(length) <= ANSWER_BYTES_MAX)
    return new Uint8Array(await response.arrayBuffer());
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of response.body ?? []) {
    size += part.byteLength;
    if (size > ANSWER_BYTES_MAX) throw new Error("The response is too large");
    parts.push(part);
  }
  return Buffer.concat(parts);
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
  const inWords = headers.get("content-type")?.includes("json");
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
