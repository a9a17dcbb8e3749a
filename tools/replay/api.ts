// The platform's public API. Calls to an overloaded or unreachable service are retried after `Retry-After`; every call of the
// API may be repeated. Other unexpected answers are counted by kind.

import type { ServiceName } from "../services.ts";

export type { ServiceName } from "../services.ts";
export type ServiceUrls = Record<ServiceName, string>;

export interface ApiCall {
  service: ServiceName;
  method: "GET" | "POST" | "PUT";
  path: string;
  body?: unknown;
  accessToken?: string;
  headers?: Record<string, string>;
  /** Statuses that the caller handles; they are not counted as errors. */
  expected?: readonly number[];
}

export interface Refusal {
  code: string;
  detail: string;
  currentStatus?: string;
}

export type Answer<T> =
  | { ok: true; body: T; etag: string | undefined }
  /** Status 0 means no answer. 304 also counts as not ok, because it has no body. */
  | { ok: false; status: number; refusal: Refusal };

export interface Api {
  send: <T>(call: ApiCall) => Promise<Answer<T>>;
  /** Returns the body of a 2xx. Throws otherwise. For calls that must succeed before the day starts. */
  require: <T>(call: ApiCall) => Promise<T>;
  /** Follows an event stream until it ends or `signal` aborts. Calls `onEvent` for each message, without its content. */
  listen: (call: ApiCall & { signal: AbortSignal }, onEvent: () => void) => Promise<void>;
  traffic: Traffic;
}

/** Counts calls, retries and errors. */
export class Traffic {
  calls = 0;
  /** Retries by reason: `429`, `503` or no answer. */
  readonly retries = new Map<string, number>();
  readonly errors = new Map<string, number>();

  countError(kind: string) {
    this.errors.set(kind, (this.errors.get(kind) ?? 0) + 1);
  }
  countRetry(kind: string) {
    this.retries.set(kind, (this.retries.get(kind) ?? 0) + 1);
  }
  get errorCount(): number {
    return [...this.errors.values()].reduce((sum, count) => sum + count, 0);
  }
}

const TRIES_MAX = 30;
const TIMEOUT_MS = 10_000;
const RETRY_MS_MIN = 50;
const RETRY_MS_MAX = 10_000;
const ID = /\b(cus|adr|rst|dsh|ord|crr|dlv|trp)_[0-9a-z]+/g;

/** The route with ids replaced, like `GET /v1/orders/:id`. */
export const routeOf = ({ method, path }: Pick<ApiCall, "method" | "path">): string =>
  `${method} ${path.replace(/\?.*$/, "").replace(ID, ":id")}`;

/** The delay before the next try. Retry-After is in seconds; without it the delay grows with each try. */
export function retryDelayMs(retryAfter: string | null, triesDone: number): number {
  const seconds = retryAfter === null ? Number.NaN : Number(retryAfter);
  const asked = Number.isFinite(seconds) ? seconds * 1000 : 100 * 2 ** triesDone;
  return Math.min(RETRY_MS_MAX, Math.max(RETRY_MS_MIN, asked));
}

function refusalIn(body: unknown): Refusal {
  const { code, detail, details, currentStatus } = (
    typeof body === "object" && body !== null ? body : {}
  ) as Record<string, unknown>;
  const where = Array.isArray(details) ? ` ${JSON.stringify(details)}` : "";
  return {
    code: typeof code === "string" ? code : "",
    detail: `${typeof detail === "string" ? detail : ""}${where}`,
    ...(typeof currentStatus === "string" && { currentStatus }),
  };
}

/** The refusal as one sentence. */
export function refusalError(
  call: ApiCall,
  { status, refusal }: { status: number; refusal: Refusal },
): Error {
  const outcome = status === 0 ? "was not answered" : `answered ${status} ${refusal.code} ${refusal.detail}`;
  return new Error(`${routeOf(call)} ${outcome}`.trim());
}

/** The JSON body; undefined for any other body. */
async function bodyOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return text === "" ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function apiClient(urls: ServiceUrls): Api {
  const traffic = new Traffic();

  function fetchOnce(
    { service, method, path, body, accessToken, headers }: ApiCall,
    signal = AbortSignal.timeout(TIMEOUT_MS),
  ): Promise<Response> {
    traffic.calls++;
    return fetch(`${urls[service].replace(/\/$/, "")}${path}`, {
      method,
      redirect: "manual",
      signal,
      headers: {
        ...headers,
        ...(accessToken && { authorization: `Bearer ${accessToken}` }),
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  }

  async function tryOnce(call: ApiCall) {
    try {
      const response = await fetchOnce(call);
      return { status: response.status, body: await bodyOf(response), headers: response.headers };
    } catch {
      return { status: 0, body: undefined, headers: new Headers() };
    }
  }

  async function send<T>(call: ApiCall): Promise<Answer<T>> {
    for (let tries = 1; ; tries++) {
      const { status, body, headers } = await tryOnce(call);
      if (status >= 200 && status < 300)
        return { ok: true, body: body as T, etag: headers.get("etag") ?? undefined };
      const refusal = refusalIn(body);
      const isTemporary = status === 0 || status === 429 || status === 503;
      if (isTemporary && tries < TRIES_MAX) {
        traffic.countRetry(status === 0 ? "no answer" : `${status} ${refusal.code}`.trim());
        await Bun.sleep(retryDelayMs(headers.get("retry-after"), tries) * (1 + Math.random() / 4));
        continue;
      }
      if (!call.expected?.includes(status))
        traffic.countError(
          `${routeOf(call)} ${status === 0 ? "no answer" : `${status} ${refusal.code}`}`.trim(),
        );
      return { ok: false, status, refusal };
    }
  }

  async function require<T>(call: ApiCall): Promise<T> {
    const answer = await send<T>(call);
    if (answer.ok) return answer.body;
    throw refusalError(call, answer);
  }

  async function listen({ signal, ...call }: ApiCall & { signal: AbortSignal }, onEvent: () => void) {
    try {
      const response = await fetchOnce(call, signal);
      if (!response.ok) traffic.countRetry(`${routeOf(call)} ${response.status}`);
      else if (response.body) for await (const _ of response.body) onEvent();
      await response.body?.cancel();
    } catch {
      // The caller continues without the stream, or connects again.
    }
  }

  return { send, require, listen, traffic };
}

/** The first URL that does not answer. */
export async function findSilentUrl(urls: ServiceUrls): Promise<string | undefined> {
  const silent = await Promise.all(
    Object.values(urls).map(async (url) => {
      try {
        const response = await fetch(`${url.replace(/\/$/, "")}/health/live`, {
          signal: AbortSignal.timeout(5_000),
        });
        await response.body?.cancel();
        return response.ok ? undefined : url;
      } catch {
        return url;
      }
    }),
  );
  return silent.find((url) => url !== undefined);
}
