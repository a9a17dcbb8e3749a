// A query parameter that a route does not know, or that comes twice, is a mistake of the client: answering as if it
// were not there would hide it. The framework looks only at queries that a route declares, and takes the last of two.
import type { AnyElysia } from "elysia";
import { malformed, unprocessable } from "../values/errors.ts";

type Routed = Pick<AnyElysia, "routes">;

/** Throws 400 for what is no percent-encoded UTF-8. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed("MALFORMED_QUERY", "The query is not percent-encoded UTF-8.");
  }
}

const refused = (pointer: string, detail: string) =>
  unprocessable("VALIDATION_FAILED", "The request does not have the expected shape.", {
    details: [{ pointer, detail }],
  });

/** Throws 422 for an unknown or a doubled parameter, and 400 for what is no percent-encoded UTF-8. It runs at every
 * cached read, so it makes nothing where nothing is wrong. */
function requireKnownParameters(url: string, queryStart: number, known: readonly string[]): void {
  const isEscaped = url.includes("%", queryStart);
  if (isEscaped) decoded(url.slice(queryStart));
  let seen = 0;
  for (let start = queryStart, end = 0; start < url.length; start = end + 1) {
    end = url.indexOf("&", start);
    if (end < 0) end = url.length;
    if (end === start) continue;
    const equals = url.indexOf("=", start);
    const name = url.slice(start, equals < 0 ? end : Math.min(equals, end));
    const index = known.indexOf(isEscaped ? decoded(name) : name);
    if (index < 0) throw refused("/query", `Unknown parameter; known: ${known.join(", ") || "none"}`);
    if (seen & (1 << index)) throw refused(`/query/${known[index]}`, "Given more than once");
    seen |= 1 << index;
  }
}

type Parameters = Map<string, Record<string, readonly string[]>>;

/** The names that each route's schema declares, by pattern and method. */
function parametersOf({ routes }: Routed): Parameters {
  const parameters: Parameters = new Map();
  for (const { method, path, hooks } of routes) {
    const names = Object.keys(hooks?.query?.properties ?? {});
    parameters.set(path, {
      ...parameters.get(path),
      [method]: names,
      ...(method === "GET" && { HEAD: names }),
    });
  }
  return parameters;
}

/** Checks the query of a request by what its route declares. The routes are read at the first query. */
export function queryGuard(app: () => Routed): (request: Request, route: string) => void {
  let parameters: Parameters | undefined;
  return ({ url, method }, route) => {
    const mark = url.indexOf("?");
    if (mark < 0) return;
    parameters ??= parametersOf(app());
    requireKnownParameters(url, mark + 1, parameters.get(route)?.[method] ?? []);
  };
}
