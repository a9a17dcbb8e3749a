// Public reads whose responses are cached bytes, answered without the framework: its parsing, hooks and validation cost more
// CPU time than the rest of such a read. Only the plain request takes this way: GET, no query, an id of the right form.
// All others take the declared route, which has the same handler.
import type { TString } from "@sinclair/typebox";
import type { AnyElysia } from "elysia";
import { type AccessTable, AccessTableError, rowsOf } from "../auth/access.ts";
import { PATH_FROM } from "../http/app.ts";
import { answerError } from "../http/problem.ts";
import { templateResponse } from "../http/response-headers.ts";
import { repeatedFailures } from "../observe/repeated-failures.ts";
import { currentScope } from "../observe/request-scope.ts";
import type { CachedBytes } from "../storage/cache-entry.ts";
import { isFresh } from "../values/etag.ts";
import { requireOwnId } from "../values/region.ts";
import type { ServiceBase } from "./service-base.ts";

export interface DirectRead {
  /** The declared route. Its one parameter is the id, and anybody may call it. */
  route: string;
  id: TString;
  /** Throws 404 without one. */
  read: (id: string) => Promise<CachedBytes>;
}

const HEADERS = { "content-type": "application/json", "cache-control": "public, no-cache" };

/** The bytes, or 304 when the client has them. */
export function cachedResponse(
  { bytes, etag }: CachedBytes,
  ifNoneMatch: string | null | undefined,
): Response {
  if (isFresh(ifNoneMatch, etag))
    return new Response(null, { status: 304, headers: { etag, "cache-control": HEADERS["cache-control"] } });
  return new Response(bytes, { headers: { etag, ...HEADERS } });
}

const PARAMETER = /:\w+/;

/** Reads the id in a path; undefined when the path is not one of the route's. */
function idReader({ route, id }: DirectRead): (path: string) => string | undefined {
  const [before = "", after = ""] = route.split(PARAMETER);
  const isId = new RegExp(id.pattern ?? "^$");
  return (path) => {
    if (!path.startsWith(before) || !path.endsWith(after)) return undefined;
    const text = path.slice(before.length, path.length - after.length);
    return isId.test(text) ? text : undefined;
  };
}

type Base = Pick<ServiceBase, "countRequest" | "log" | "prepared">;

/** The app, with these of its routes answered directly. Throws when one of them is not for anybody. */
export function withDirectReads<A extends Pick<AnyElysia, "fetch" | "routes">>(
  app: A,
  { countRequest, log, prepared }: Base,
  access: AccessTable,
  reads: DirectRead[],
): Pick<A, "fetch" | "routes"> {
  const outages = repeatedFailures(log);
  const rowOf = rowsOf(access);
  for (const { route } of reads)
    if (!("anyone" in (rowOf("GET", route) ?? {})))
      throw new AccessTableError(`GET ${route} checks no token: its row in access.ts must be ANYONE`);
  const matched = reads.map((read) => ({ ...read, idIn: idReader(read) }));

  const fullResponse = templateResponse(HEADERS);

  async function answerDirectly({ route, read }: DirectRead, id: string, { headers }: Request) {
    const scope = currentScope();
    if (scope) scope.route = route;
    try {
      countRequest(route);
      requireOwnId(id);
      const cached = await read(id);
      const ifNoneMatch = headers.get("if-none-match");
      return scope && ifNoneMatch === null
        ? fullResponse(cached.bytes, cached.etag, scope)
        : cachedResponse(cached, ifNoneMatch);
    } catch (error) {
      return answerError(error, undefined, log, outages);
    }
  }

  return {
    routes: app.routes,
    fetch(request: Request) {
      if (request.method === "GET" && prepared()) {
        const { url } = request;
        const path = url.slice(url.indexOf("/", PATH_FROM));
        for (const read of matched) {
          const id = read.idIn(path);
          if (id !== undefined) return answerDirectly(read, id, request);
        }
      }
      return app.fetch(request);
    },
  };
}
