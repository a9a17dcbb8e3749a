// What every service's HTTP does alike: errors, bodies, unknown routes. Mounted first, before any route.
import { Type } from "@sinclair/typebox";
import { type AnyElysia, Elysia } from "elysia";
import type { Log } from "../observe/log.ts";
import { currentScope } from "../observe/request-scope.ts";
import { AppError, notFound } from "../values/errors.ts";
import { isAboutArrival, readJson } from "./body.ts";
import { answerError, problemResponse, RefusedBody } from "./problem.ts";
import { queryGuard } from "./query.ts";

/** A URL's path begins with the first slash from here, behind `http://`, however short the host is. */
export const PATH_FROM = 7;
const BODY_MS_MAX = 5_000;

/** For routes that take nothing: a body is not needed, and one that says something is refused. */
export const NoBody = Type.Optional(Type.Object({}, { additionalProperties: false }));

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
    .onParse({ as: "global" }, async ({ request, route }) => {
      const scope = currentScope();
      if (scope) scope.route = route;
      try {
        return await readJson(request, bodyMsMax);
      } catch (error) {
        if (error instanceof AppError && !isAboutArrival(error)) return new RefusedBody(error);
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
