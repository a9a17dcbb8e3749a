// The HTTP base of every service: errors, bodies, unknown routes. Mounted before any route.
import { Type } from "@sinclair/typebox";
import { type AnyElysia, Elysia } from "elysia";
import type { Log } from "../observe/log.ts";
import { repeatedFailures } from "../observe/repeated-failures.ts";
import { currentScope } from "../observe/request-scope.ts";
import { AppError, notFound } from "../values/errors.ts";
import { isAboutArrival, readJson } from "./body.ts";
import { answerError, problemResponse, RefusedBody } from "./problem.ts";
import { queryGuard } from "./query.ts";

/** A URL's path begins at the first slash from this index on, after `http://`. */
export const PATH_FROM = 7;
const BODY_MS_MAX = 5_000;

/** For routes without a body: optional, and only an empty object is valid. */
export const NoBody = Type.Optional(Type.Object({}, { additionalProperties: false }));

type Routed = Pick<AnyElysia, "routes">;

const parametersIn = (pattern: string) => pattern.split("/:").length;

/** The methods that other routes have for this path. A fixed path is not the parameter of another route. */
function methodsFor({ routes }: Routed, path: string): string[] {
  const segments = path.replace(/(?<=.)\/$/, "").split("/");
  const fits = (pattern: string) => {
    const parts = pattern.split("/");
    return (
      parts.length === segments.length &&
      parts.every((part, i) => part.startsWith(":") || part === segments[i])
    );
  };
  const found = routes.filter((route) => fits(route.path));
  const fewest = Math.min(...found.map((route) => parametersIn(route.path)));
  return [...new Set(found.flatMap(({ path, method }) => (parametersIn(path) === fewest ? [method] : [])))];
}

/** Routes that are not for clients. The matched route decides, not the raw path: a proxy may pass `/v1/..\metrics` as a
 * path under `/v1/`, and Bun reads it as `/metrics`. */
export const PRIVATE = /^\/(internal|metrics|health)(\/|$)/;

const isHidden = (path: string) => currentScope()?.isFromOutside === true && PRIVATE.test(path);
export const nothingHere = () => notFound("ROUTE_NOT_FOUND", "There is no such route.");

function answerUnrouted(app: Routed, path: string): Response {
  const methods = isHidden(path) ? [] : methodsFor(app, path);
  if (methods.length === 0) return problemResponse(nothingHere());
  const allow = methods.includes("GET") ? [...methods, "HEAD"] : methods;
  const response = problemResponse(
    new AppError(405, "METHOD_NOT_ALLOWED", `This route supports ${allow.join(", ")}.`),
  );
  response.headers.set("allow", allow.join(", "));
  return response;
}

/** The base of a service's app: `httpApp(log).use(routes)`. */
export function httpApp(log: Log, bodyMsMax = BODY_MS_MAX) {
  const outages = repeatedFailures(log);
  const refuseOddQuery = queryGuard(() => app);
  const app = new Elysia({
    normalize: false,
    // Makes the router read the path from PATH_FROM on. By default it misses the first slash after a host of up to three
    // letters.
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
        : answerError(code === "PARSE" ? error.cause : error, body, log, outages),
    );
  return app;
}
