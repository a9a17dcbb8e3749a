// The HTTP server: gives every request a scope, metrics and a log line, and stops without dropping requests.

import type { Log } from "../observe/log.ts";
import type { Metrics } from "../observe/metrics.ts";
import { type RequestScope, runInScope, scopeOf } from "../observe/request-scope.ts";
import { serverTiming, TIMING_HEADER } from "../observe/server-timing.ts";
import { serverSpan } from "../observe/span-types.ts";
import { endSpan, isRecorded } from "../observe/spans.ts";
import { isDevelopment } from "../process/config.ts";
import { type Drain, type Lifecycle, untilQuiet } from "../process/lifecycle.ts";
import { AppError, tooManyRequests, unavailable } from "../values/errors.ts";
import { PATH_FROM } from "./app.ts";
import { BODY_BYTES_MAX, bodyTooLarge, hideBody } from "./body.ts";
import { clientAddress, isFromOutside, type TrustedProxies } from "./client-address.ts";
import { corsFor } from "./cors.ts";
import { problemResponse } from "./problem.ts";
import { finish } from "./response-headers.ts";
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
  /** Whether a request that asks gets a Server-Timing header. */
  showsTimings?: boolean;
}

export interface RunningServer {
  url: string;
  /** Becomes not ready and serves until load balancers send nothing more, then refuses new connections, ends streams and
   * waits for requests in flight, up to a limit. Without `drain` it does not wait for load balancers. */
  stop: (drain?: Drain) => Promise<void>;
}

/** Longer than load balancers keep connections open (60 s): no request is lost when the balancer closes first. */
export const KEEP_ALIVE_SECONDS = 75;
/** An event stream sends something at least this often. */
export const HEARTBEAT_MS = 15_000;
/** A stream's connection is closed when it takes no bytes for so long. Each heartbeat starts the time anew. */
const STREAM_IDLE_SECONDS = 4 * (HEARTBEAT_MS / 1_000);
const DRAIN_MAX_MS = 8_000;
/** Bun's limit is far above ours, which refuses with a problem. */
const TRANSPORT_BYTES_MAX = 64 * 1024 * 1024;
const IN_FLIGHT_MAX = 512;
/** Probes and scrapes, which are neither logged nor counted as in flight. */
const PROBE = /^\/(health\/(live|ready)|metrics)\/?$/;
const NO_PROXY: TrustedProxies = { count: 0, header: "x-forwarded-for" };

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
  showsTimings = isDevelopment,
}: ServeOptions): RunningServer {
  const cors = corsFor(corsOrigins);
  const awaitBody = unfinishedBodies(UNFINISHED_BODIES);
  let arrived = 0;
  let answering = 0;
  let streaming = 0;
  const streamIdleSeconds = Math.max(keepAliveSeconds, STREAM_IDLE_SECONDS);
  /** Of all streams, so that an open one keeps no request, with its headers, in memory. */
  const streamEnded = () => {
    streaming--;
  };
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

  function answer(request: Request, scope: RequestScope): Response | Promise<Response> {
    const preflight = cors.preflight(request);
    if (preflight) return preflight;
    if (scope.hasPlace && isFull()) return problemResponse(overloaded());
    if (unread.isTooMany(scope.remoteAddress))
      return refuse(tooManyRequests("Read the responses to earlier requests first.", 1));
    if (Number(request.headers.get("content-length") ?? 0) > BODY_BYTES_MAX) return refuse(bodyTooLarge());
    if (request.method === "HEAD") asGet(request);
    else if (request.method !== "GET") hideBody(request);
    return app.fetch(request);
  }

  function failed(err: unknown): Response {
    log.error({ err }, "A request failed outside the app's error handling");
    return problemResponse(new AppError(500, "INTERNAL_ERROR", "Something went wrong on our side."));
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
      if (showsTimings && request.headers.has(TIMING_HEADER)) scope.timings = new Map();
      scope.isFromOutside = isFromOutside(request.headers, trustedProxies);
      const routable = withHost(request);
      const pathname = pathOf(routable.url);
      const quiet = !scope.isFromOutside && PROBE.test(pathname);
      if (quiet) scope.trace.isSampled = false;
      let isStream = false;
      scope.keepOpen = () => {
        isStream = true;
        streaming++;
        if (method === "GET") self.timeout(request, streamIdleSeconds);
      };
      scope.letGo = streamEnded;
      if (method !== "GET")
        scope.awaitBody = async (giveUp, read) => {
          leavePlace(scope);
          const body = await awaitBody(addressOf(), giveUp, read);
          if (!quiet) takePlace(scope);
          if (!quiet && isFull()) throw overloaded();
          return body;
        };
      answering++;
      if (!quiet) {
        arrived++;
        takePlace(scope);
      }
      return runInScope(scope, async () => {
        let answered: Response;
        try {
          answered = await answer(routable, scope);
        } catch (err) {
          answered = failed(err);
        }
        const response = finish(answered, scope);
        // So that the client does not send its next request on a closing connection.
        if (lifecycle.isDraining) response.headers.set("connection", "close");
        cors.allow(request, response);
        answering--;
        leavePlace(scope);
        if (!isStream) unread.answered(request, addressOf);
        const ms = performance.now() - startedAt;
        const route = scope.route ?? "unmatched";
        if (scope.timings) response.headers.set("server-timing", serverTiming(scope.timings, ms));
        metrics.observeRequest({ method, route, problem: scope.problem }, response.status, ms / 1000);
        if (isRecorded(scope.trace))
          endSpan(scope.trace, serverSpan(method, route, response.status), startedAt);
        if (!quiet)
          log.request({
            ...{ method, path: pathname, route },
            status: response.status,
            ms: Math.round(ms * 10) / 10,
          });
        return response;
      });
    },
  });

  return {
    url: server.url.origin,
    async stop(drain) {
      lifecycle.beginDrain();
      if (drain && !(await untilQuiet(() => arrived, drain)))
        log.warn(
          drain,
          "Requests still come; closing, although some may be lost. Raise SHUTDOWN_DELAY_MAX_MS",
        );
      lifecycle.beginStop();
      const drained = server.stop(false);
      const deadline = setTimeout(() => server.stop(true), DRAIN_MAX_MS);
      await drained;
      clearTimeout(deadline);
    },
  };
}
