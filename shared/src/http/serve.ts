// Listens, gives every request its scope, its metrics and its line in the log, and stops without dropping any.

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
  /** More at once would only wait for each other: the excess hears so at once, and what is under way gets done. */
  inFlightMax?: number;
  /** Whose pages may call from a browser, with commas between them. */
  corsOrigins?: string;
  /** The proxies that stand in front of it, and the header in which they say who called them. */
  trustedProxies?: TrustedProxies;
  /** How long a connection stays open on which nothing happens. At most 255; the runtime is up to 4 s early or late. */
  keepAliveSeconds?: number;
}

export interface RunningServer {
  url: string;
  /** Says that it is not ready, goes on for `drainMs` while the news spreads, then refuses new connections, ends
   * streams and waits for what is in flight, up to a limit. */
  stop: (drainMs?: number) => Promise<void>;
}

/** Longer than load balancers keep theirs (60 s): the one who closes first never loses a request. */
export const KEEP_ALIVE_SECONDS = 75;
const DRAIN_MAX_MS = 8_000;
/** Bun's own limit stands far above ours, whose refusal has a body. */
const TRANSPORT_BYTES_MAX = 64 * 1024 * 1024;
const IN_FLIGHT_MAX = 512;
/** Probes and reads of the metrics: neither logged nor counted as load. */
const PROBE = /^\/(health\/(live|ready)|metrics)\/?$/;
const NO_PROXY: TrustedProxies = { count: 0, header: "x-forwarded-for" };

function finish(response: Response, scope: RequestScope): Response {
  const { headers } = response;
  headers.set("x-request-id", scope.requestId);
  headers.set("traceparent", scope.traceparent);
  headers.set("x-content-type-options", "nosniff");
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  return response;
}

/** Bun's `url` is the path alone when the request names no usable host. The router reads the path of absolute URLs. */
const withHost = (request: Request) =>
  request.url.startsWith("/") ? new Request(`http://localhost${request.url}`, request) : request;

/** The path that the router takes too: from the first slash behind `http://` to the query (see app.ts). */
function pathOf(url: string): string {
  const query = url.indexOf("?");
  return url.slice(url.indexOf("/", PATH_FROM), query < 0 ? undefined : query);
}

const overloaded = () => unavailable("OVERLOADED", "Too many requests are under way right now. Try again.");

/** The runtime sends the head of the answer, with its length, and cancels a stream. Elysia would read the body first. */
function asGet(request: Request): void {
  Object.defineProperty(request, "method", { value: "GET" });
}

/** Refuses and hangs up. */
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
      return refuse(tooManyRequests("Read the answers to the requests before.", 1));
    if (Number(request.headers.get("content-length") ?? 0) > BODY_BYTES_MAX) return refuse(bodyTooLarge());
    if (request.method === "HEAD") asGet(request);
    else if (request.method !== "GET") hideBody(request);
    try {
      return await app.fetch(request);
    } catch (err) {
      log.error({ err }, "A request failed outside the app's own error handling");
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
        // Or a client would send its next request on a connection that is about to close.
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
