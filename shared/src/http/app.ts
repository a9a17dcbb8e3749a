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
async function readBounded(body: ReadableStream<Uint8Array>, msMax: number): Promise<string> {
  const reader = body.getReader();
  const leftMs = (currentScope()?.deadlineAt ?? Infinity) - performance.now();
  const giveUp = () => reader.cancel().catch(() => undefined);
  let isLate = false;
  const timer = setTimeout(
    () => {
      isLate = true;
      void giveUp();
    },
    Math.min(msMax, leftMs),
  );
  const parts: Uint8Array[] = [];
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (isLate) throw bodyTooSlow();
      if (done) return textOf(Buffer.concat(parts));
      size += value.byteLength;
      if (size > BODY_BYTES_MAX) throw bodyTooLarge();
      parts.push(value);
    }
  } finally {
    clearTimeout(timer);
    void giveUp();
  }
}

export const bodyTooLarge = () =>
  tooLarge("BODY_TOO_LARGE", `The body is larger than ${BODY_BYTES_MAX / 1024} KiB.`);

const bodyTooSlow = () =>
  new AppError(408, "BODY_TOO_SLOW", "The body did not arrive in time. Send it again.");

/** For routes that take nothing: a body is not needed, and one that says something is refused. */
export const NoBody = Type.Optional(Type.Object({}, { additionalProperties: false }));

/** Undefined when there is none. Throws 400, 408, 413 or 415. */
async function readJson(request: Request, msMax: number): Promise<unknown> {
  if (!request.body) return undefined;
  const mediaType = request.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (mediaType !== "application/json")
    throw unsupportedMediaType("UNSUPPORTED_MEDIA_TYPE", "Send the body as application/json.");
  const body = parseJson(await readBounded(request.body, msMax));
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

/** The base of a service's app: `httpApp(log).use(routes)`. */
export function httpApp(log: Log, bodyMsMax = BODY_MS_MAX) {
  const refuseOddQuery = queryGuard(() => app);
  const app = new Elysia({
    normalize: false,
    // The router then reads the path from PATH_FROM on; by default it skips the first slash behind a host of up to
    // three letters.
    handler: { standardHostname: false },
  })
    .onTransform({ as: "global" }, ({ route }) => {
      const scope = currentScope();
      if (scope) scope.route = route;
      if (isHidden(route)) throw nothingHere();
    })
    .onBeforeHandle({ as: "global" }, ({ request, route }) => refuseOddQuery(request, route))
    .onParse({ as: "global" }, async ({ request }) => {
      try {
        return await readJson(request, bodyMsMax);
      } catch (error) {
        if (error instanceof AppError && error.status !== 408) return new RefusedBody(error);
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
