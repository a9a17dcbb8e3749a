// How one service calls another: a deadline on every call that never outlasts the caller's own, one retry and
// only of what may be repeated and only while few calls need one, a bulkhead and a circuit breaker, the request's
// ids passed on, and failures in our own words.
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
  /** May be sent twice without harm; GET and PUT always may. */
  repeatable?: boolean;
  timeoutMs?: number;
}

export interface ServiceClient {
  /** The answer as it comes, whatever its status. Throws 503 when there is none in time. */
  send: (call: Call) => Promise<Response>;
  /** The checked body of a 2xx answer, without what the schema does not know. Throws the downstream service's problem as our own. */
  ask: <S extends TSchema>(schema: S, call: Call) => Promise<Static<S>>;
  /** The bytes of the answer passed through with its status and the headers that matter. What is wrong between
   * the two services themselves (5xx, 401, 403, a redirect, a 4xx without words) becomes 503. */
  forward: (call: Call) => Promise<Response>;
}

const TIMEOUT_MS = 3_000;
/** A token is used for five minutes and good for ten more: clocks may be so far apart. */
const TOKEN = { ttlSeconds: 900, usedForMs: 300_000 };
/** Calls to one downstream service at a time, and as many more that wait for their turn. */
const AT_ONCE_MAX = 64;
const WAITING_MAX = 64;
/** After so many failures in a row nobody is let through for a while, then one to see. */
const BREAKER = { failures: 10, halfOpenAfterMs: 1_000 };
/** A retry for every tenth call (Google, "Site Reliability Engineering", chapter 21), and some to begin with. */
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
  /** The downstream service's name: the audience of our tokens. */
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
    const init: RequestInit = {
      method,
      redirect: "manual",
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
    const body: unknown = await response.json().catch((cause) => {
      throw away(cause);
    });
    if (!response.ok) throw problemOf(response, body) ?? answered(response);
    const check = compiled(schema);
    if (check.Check(body)) return body;
    // A newer release may say more. What this one does not know must not reach whoever it answers.
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
    const bytes = await response.arrayBuffer().catch((cause) => {
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

/** Our caller had less time than the call may take. That says nothing about the downstream service: clients with no patience
 * must not be able to open the breaker for everybody. */
class CutShort extends Error {}

/** A bulkhead and a breaker for one downstream service. An answer of 5xx counts as a failure and is given on all the same. */
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

/** The path with those of the parameters that have a value. */
export function withQuery(
  path: string,
  parameters: Record<string, string | number | boolean | undefined>,
): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
  return query.size === 0 ? path : `${path}?${query}`;
}

/** The schema without its objects' being closed: `Clean` takes no part of a union that has more fields than it knows. */
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

/** Whether the downstream service has refused what the client asks for, in words made for the client. 401 and 403 concern
 * our own token. */
function isTheirRefusal({ status, headers }: Response): boolean {
  const inWords = headers.get("content-type")?.includes("json");
  return status >= 400 && status < 500 && status !== 401 && status !== 403 && inWords === true;
}

/** A downstream service's 4xx problem, to be given on in the same words. */
function problemOf(response: Response, body: unknown): AppError | undefined {
  if (!isTheirRefusal(response)) return undefined;
  if (typeof body !== "object" || body === null || !("code" in body) || !("detail" in body)) return undefined;
  const { code, detail, details, currentStatus, allowedActions } = body as Record<string, unknown>;
  const retryAfterSeconds = Number(response.headers.get("retry-after"));
  return new AppError(response.status, String(code), String(detail), {
    ...(Array.isArray(details) && { details }),
    ...(typeof currentStatus === "string" && { currentStatus }),
    ...(Array.isArray(allowedActions) && { allowedActions }),
    ...(retryAfterSeconds > 0 && { retryAfterSeconds }),
  });
}
