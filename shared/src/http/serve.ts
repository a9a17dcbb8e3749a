// The HTTP server: gives every request a scope, metrics and a log line, and stops without dropping requests.

import type { Log } from "../observe/log.ts";
import type { Metrics } from "../observe/metrics.ts";
import { type RequestScope, runInScope, scopeOf } from "../observe/request-scope.ts";
import type { Lifecycle } from "../process/lifecycle.ts";
import { AppError, tooManyRequests, unavailable } from "../values/errors.ts";
import { PATH_FROM } from "./app.ts";
import { BODY_BYTES_MAX, bodyTooLarge, hideBody } from "./body.ts";
import { clientAddress, isFromOutside, type TrustedProxies } from "./client-address.ts";
import { corsFor } from "./cors.ts";
import { problemResponse } from "./problem.ts";
import { UNFINISHED_BODIES, UNREAD_ANSWERS, unfinishedBodies, unreadAnswers } from "./waiting-clients.ts";

export interface ServeOptions {
  app: { fetch: (request: Request) => Response | Promise<Response> };
  hostname: string;
  port: number;
  log: Log;
  metrics: Metrics;
  lifecycle: Lifecycle;
  /** Requests above this number get 503 at once, so that those in flight finish. */
  inFlightMax?: number;
  /** Origins that may call from a browser, comma-separated. */
  corsOrigins?: string;
  /** The proxies in front, and the header to which they append the caller's address. */
  trustedProxies?: TrustedProxies;
  /** How long an idle connection stays open, ± 4 s. At most 255. */
  keepAliveSeconds?: number;
}

export interface RunningServer {
  url: string;
  /** Becomes not ready, serves for another `drainMs`, then refuses new connections, ends streams and waits for requests in
   * flight, up to a limit. */
  stop: (drainMs?: number) => Promise<void>;
}

/** Longer than load balancers keep connections open (60 s): no request is lost when the balancer closes first. */
export const KEEP_ALIVE_SECONDS = 75;
const DRAIN_MAX_MS = 8_000;
/** Bun's limit is far above ours, which refuses with a problem. */
const TRANSPORT_BYTES_MAX = 64 * 1024 * 1024;
const IN_FLIGHT_MAX = 512;
/** Probes and scrapes, which are neither logged nor counted as in flight. */
const PROBE = /^\/(health\/(live|ready)|metrics)\/?$/;
/** A browser that shows a response as a page loads, runs and frames nothing. */
const NOT_A_PAGE = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox";
const HTTPS_ONLY = "max-age=31536000; includeSubDomains";
const NO_PROXY: TrustedProxies = { count: 0, header: "x-forwarded-for" };

function finish(response: Response, scope: RequestScope): Response {
  const { headers } = response;
  headers.set("x-request-id", scope.requestId);
  headers.set("traceparent", scope.traceparent);
  headers.set("x-content-type-options", "nosniff");
  if (scope.rateLimit) {
    headers.set("ratelimit-policy", scope.rateLimit.policy);
    headers.set("ratelimit", scope.rateLimit.state);
  }
  headers.set("referrer-policy", "no-referrer");
  if (!headers.has("content-security-policy")) headers.set("content-security-policy", NOT_A_PAGE);
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  // A browser takes it over HTTPS alone, which the proxy in front speaks (RFC 6797, section 8.1).
  if (scope.isFromOutside) headers.set("strict-transport-security", HTTPS_ONLY);
  return response;
}

/** Without a valid Host, Bun's `url` is only the path, and the router needs an absolute URL. */
const withHost = (request: Request) =>
  request.url.startsWith("/") ? new Request(`http://localhost${request.url}`, request) : request;

/** The path as the router reads it: from the first slash after `http://` to the query (see app.ts). */
function pathOf(url: string): string {
  const query = url.indexOf("?");
  return url.slice(url.indexOf("/", PATH_FROM), query < 0 ? undefined : query);
}

const overloaded = () => unavailable("OVERLOADED", "Too many requests are in flight. Try again.");

/** For HEAD: Bun sends only the head of a GET response, with its length, and cancels a stream. Elysia would read it. */
function asGet(request: Request): void {
  Object.defineProperty(request, "method", { value: "GET" });
}

/** Refuses and closes the connection. */
function refuse(error: AppError): Response {
  const refusal = problemResponse(error);
  refusal.headers.set("connection", "close");
  return refusal;
}

export function serve({
  app,
  hostname,
  port,
  log,
  metrics,
  lifecycle,
  inFlightMax = IN_FLIGHT_MAX,
  corsOrigins = "",
  trustedProxies = NO_PROXY,
  keepAliveSeconds = KEEP_ALIVE_SECONDS,
}: ServeOptions): RunningServer {
  const cors = corsFor(corsOrigins);
  const awaitBody = unfinishedBodies(UNFINISHED_BODIES);
  let answering = 0;
  let streaming = 0;
  const unread = unreadAnswers(
    {
      unread: () => server.pendingRequests - answering - streaming,
      isUnread: (request) => server.requestIP(request) !== null,
      drop: (request) => server.timeout(request, 1),
    },
    UNREAD_ANSWERS,
  );

  function takePlace(scope: RequestScope) {
    scope.hasPlace = true;
    metrics.requestsInFlight++;
  }
  function leavePlace(scope: RequestScope) {
    if (scope.hasPlace) metrics.requestsInFlight--;
    scope.hasPlace = false;
  }
  const isFull = () => metrics.requestsInFlight > inFlightMax;

  async function answer(request: Request, scope: RequestScope): Promise<Response> {
    const preflight = cors.preflight(request);
    if (preflight) return preflight;
    if (scope.hasPlace && isFull()) return problemResponse(overloaded());
    if (unread.isTooMany(scope.remoteAddress))
      return refuse(tooManyRequests("Read the responses to earlier requests first.", 1));
    if (Number(request.headers.get("content-length") ?? 0) > BODY_BYTES_MAX) return refuse(bodyTooLarge());
    if (request.method === "HEAD") asGet(request);
    else if (request.method !== "GET") hideBody(request);
    try {
      return await app.fetch(request);
    } catch (err) {
      log.error({ err }, "A request failed outside the app's error handling");
      return problemResponse(new AppError(500, "INTERNAL_ERROR", "Something went wrong on our side."));
    }
  }

  const server = Bun.serve({
    hostname,
    port,
    reusePort: false,
    idleTimeout: keepAliveSeconds,
    maxRequestBodySize: TRANSPORT_BYTES_MAX,
    fetch(request, self) {
      const startedAt = performance.now();
      const { method } = request;
      const addressOf = () => {
        const socketAddress = self.requestIP(request)?.address ?? "";
        return clientAddress(request.headers, socketAddress, trustedProxies.count, trustedProxies.header);
      };
      const scope = scopeOf(request.headers, addressOf, startedAt);
      scope.isFromOutside = isFromOutside(request.headers, trustedProxies);
      const routable = withHost(request);
      const pathname = pathOf(routable.url);
      const quiet = !scope.isFromOutside && PROBE.test(pathname);
      let isStream = false;
      scope.keepOpen = () => {
        isStream = true;
        streaming++;
        self.timeout(request, 0);
      };
      scope.letGo = () => {
        streaming--;
        self.timeout(request, keepAliveSeconds);
      };
      if (method !== "GET")
        scope.awaitBody = async (giveUp, read) => {
          leavePlace(scope);
          const body = await awaitBody(addressOf(), giveUp, read);
          if (!quiet) takePlace(scope);
          if (!quiet && isFull()) throw overloaded();
          return body;
        };
      answering++;
      if (!quiet) takePlace(scope);
      return runInScope(scope, async () => {
        const response = finish(await answer(routable, scope), scope);
        // So that the client does not send its next request on a closing connection.
        if (lifecycle.isDraining) response.headers.set("connection", "close");
        cors.allow(request, response);
        answering--;
        leavePlace(scope);
        if (!isStream) unread.answered(request, addressOf);
        const ms = performance.now() - startedAt;
        const route = scope.route ?? "unmatched";
        metrics.observeRequest(method, route, response.status, ms / 1000);
        if (!quiet)
          log.info(
            { method, path: pathname, route, status: response.status, ms: Math.round(ms * 10) / 10 },
            "request",
          );
        return response;
      });
    },
  });

  return {
    url: server.url.origin,
    async stop(drainMs = 0) {
      lifecycle.beginDrain();
      if (drainMs > 0) await Bun.sleep(drainMs);
      lifecycle.beginStop();
      const drained = server.stop(false);
      const deadline = setTimeout(() => server.stop(true), DRAIN_MAX_MS);
      await drained;
      clearTimeout(deadline);
    },
  };
}
