// What every service's HTTP does alike: errors, bodies, unknown routes. Mounted first, before any route.
import { Type } from "@sinclair/typebox";
import { type AnyElysia, Elysia } from "elysia";
import type { Log } from "../observe/log.ts";
import { currentScope } from "../observe/request-scope.ts";
import { AppError, malformed, notFound, tooLarge, unsupportedMediaType } from "../values/errors.ts";
import { parseJson, textOf } from "./json.ts";
import { answerError, problemResponse, RefusedBody } from "./problem.ts";
import { queryGuard } from "./query.ts";

/** Larger requests are refused with 413. */
export const BODY_BYTES_MAX = 64 * 1024;
/** A URL's path begins with the first slash from here, behind `http://`, however short the host is. */
export const PATH_FROM = 7;
const BODY_DEPTH_MAX = 16;
const BODY_MS_MAX = 5_000;

function isDeeperThan(limit: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return limit === 0 || Object.values(value).some((inner) => isDeeperThan(limit - 1, inner));
}

/** Nobody waits longer than the caller does: `msMax` is for callers who say nothing and send a byte at a time. */
async function readBounded(body: ReadableStream<Uint8Array>, msMax: number): Promise<Buffer> {
  const scope = currentScope();
  const reader = body.getReader();
  const leftMs = (scope?.deadlineAt ?? Infinity) - performance.now();
  let isLate = false;
  const stop = () => reader.cancel().catch(() => undefined);
  const giveUp = () => {
    isLate = true;
    void stop();
  };
  const read = async () => {
    const parts: Uint8Array[] = [];
    let size = 0;
    for (;;) {
      const { done, value } = await reader.read().catch(() => {
        throw bodyIncomplete();
      });
      if (isLate) throw bodyTooSlow();
      if (done) return Buffer.concat(parts);
      size += value.byteLength;
      if (size > BODY_BYTES_MAX) throw bodyTooLarge();
      parts.push(value);
    }
  };
  const timer = setTimeout(giveUp, Math.min(msMax, leftMs));
  try {
    return await (scope?.awaitBody?.(giveUp, read) ?? read());
  } finally {
    clearTimeout(timer);
    void stop();
  }
}

export const bodyTooLarge = () =>
  tooLarge("BODY_TOO_LARGE", `The body is larger than ${BODY_BYTES_MAX / 1024} KiB.`);

const bodyTooSlow = () =>
  new AppError(408, "BODY_TOO_SLOW", "The body did not arrive in time. Send it again.");

/** For the metrics and the log: the client has gone. */
const bodyIncomplete = () => malformed("BODY_INCOMPLETE", "The connection closed within the body.");

/** For routes that take nothing: a body is not needed, and one that says something is refused. */
export const NoBody = Type.Optional(Type.Object({}, { additionalProperties: false }));

/** Throws 415 for what is not plain JSON. */
function checkMediaType(headers: Headers): void {
  const coding = headers.get("content-encoding")?.trim().toLowerCase() || "identity";
  if (coding !== "identity")
    throw unsupportedMediaType("UNSUPPORTED_CONTENT_ENCODING", "Send the body without a Content-Encoding.");
  const mediaType = headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (mediaType !== "application/json")
    throw unsupportedMediaType("UNSUPPORTED_MEDIA_TYPE", "Send the body as application/json.");
}

/** Stands for a body without content: for undefined Elysia would read the body, which has been read. */
const NOTHING = Symbol("no content");

/** Undefined or NOTHING when there is none. Throws 400, 408, 413 or 415. */
async function readJson(request: Request, msMax: number): Promise<unknown> {
  if (!request.body) return undefined;
  const bytes = await readBounded(request.body, msMax);
  // Proxies from HTTP/2 send no content in chunks, and without a type.
  if (bytes.length === 0) return NOTHING;
  checkMediaType(request.headers);
  const body = parseJson(textOf(bytes));
  if (isDeeperThan(BODY_DEPTH_MAX, body))
    throw malformed("JSON_TOO_DEEP", `The body nests deeper than ${BODY_DEPTH_MAX} levels.`);
  return body;
}

type Routed = Pick<AnyElysia, "routes">;

/** The methods that other routes have for this path. */
function methodsFor({ routes }: Routed, path: string): string[] {
  const segments = path.replace(/(?<=.)\/$/, "").split("/");
  const fits = (pattern: string) => {
    const parts = pattern.split("/");
    return (
      parts.length === segments.length &&
      parts.every((part, i) => part.startsWith(":") || part === segments[i])
    );
  };
  return [...new Set(routes.filter((route) => fits(route.path)).map((route) => route.method))];
}

/** Not for clients. A proxy that lets only `/v1/` through may read `/v1/..\metrics` as that, and Bun reads it as
 * `/metrics`: what counts is where the router has found it. */
const PRIVATE = /^\/(internal|metrics|health)(\/|$)/;

const isHidden = (path: string) => currentScope()?.isFromOutside === true && PRIVATE.test(path);
const nothingHere = () => notFound("ROUTE_NOT_FOUND", "There is nothing at this address.");

function answerUnrouted(app: Routed, path: string): Response {
  const methods = isHidden(path) ? [] : methodsFor(app, path);
  if (methods.length === 0) return problemResponse(nothingHere());
  const allow = methods.includes("GET") ? [...methods, "HEAD"] : methods;
  const response = problemResponse(
    new AppError(405, "METHOD_NOT_ALLOWED", `This address answers to ${allow.join(", ")}.`),
  );
  response.headers.set("allow", allow.join(", "));
  return response;
}

/** What is wrong with the content waits for validation; about what did not arrive there is nothing more to find out. */
const isOfContent = (error: unknown): error is AppError =>
  error instanceof AppError && error.status < 500 && !/^BODY_(TOO_SLOW|INCOMPLETE)$/.test(error.code);

/** The base of a service's app: `httpApp(log).use(routes)`. */
export function httpApp(log: Log, bodyMsMax = BODY_MS_MAX) {
  const refuseOddQuery = queryGuard(() => app);
  const app = new Elysia({
    normalize: false,
    // The router then reads the path from PATH_FROM on; by default it skips the first slash behind a host of up to
    // three letters.
    handler: { standardHostname: false },
  })
    .onTransform({ as: "global" }, (context) => {
      const scope = currentScope();
      if (scope) scope.route = context.route;
      if (isHidden(context.route)) throw nothingHere();
      if (context.body === NOTHING) context.body = undefined;
    })
    .onBeforeHandle({ as: "global" }, ({ request, route }) => refuseOddQuery(request, route))
    .onParse({ as: "global" }, async ({ request, route }) => {
      const scope = currentScope();
      if (scope) scope.route = route;
      try {
        return await readJson(request, bodyMsMax);
      } catch (error) {
        if (isOfContent(error)) return new RefusedBody(error);
        throw error;
      }
    })
    .onError({ as: "global" }, ({ code, error, path, body }) =>
      code === "NOT_FOUND"
        ? answerUnrouted(app, path)
        : answerError(code === "PARSE" ? error.cause : error, body, log),
    );
  return app;
}
