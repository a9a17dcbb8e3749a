// A query parameter that a route does not know, or that comes twice, is a mistake of the client: answering as if it
// were not there would hide it. The framework looks only at queries that a route declares, and takes the last of two.
import type { AnyElysia } from "elysia";
import { malformed, unprocessable } from "../values/errors.ts";

type Routed = Pick<AnyElysia, "routes">;

/** Throws 400 for what is no percent-encoded UTF-8. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw malformed("MALFORMED_QUERY", "The query is not percent-encoded UTF-8.");
  }
}

/** Throws 422 for an unknown or a doubled parameter, and 400 for what is no percent-encoded UTF-8. */
export function requireKnownParameters(query: string, known: ReadonlySet<string>): void {
  const seen = new Set<string>();
  const details = new Map<string, string>();
  for (const pair of query.split("&")) {
    if (pair === "") continue;
    const [name = ""] = pair.split("=", 1).map(decoded);
    decoded(pair);
    if (!known.has(name))
      details.set("/query", `Unknown parameter; known: ${[...known].join(", ") || "none"}`);
    else if (seen.has(name)) details.set(`/query/${name}`, "Given more than once");
    seen.add(name);
  }
  if (details.size === 0) return;
  throw unprocessable("VALIDATION_FAILED", "The request does not have the expected shape.", {
    details: [...details].map(([pointer, detail]) => ({ pointer, detail })),
  });
}

/** The names that each route's schema declares, by method and pattern. */
function parametersOf({ routes }: Routed): Map<string, ReadonlySet<string>> {
  return new Map(
    routes.map(({ method, path, hooks }) => [
      `${method} ${path}`,
      new Set(Object.keys(hooks?.query?.properties ?? {})),
    ]),
  );
}

const NONE: ReadonlySet<string> = new Set();

/** Checks the query of a request by what its route declares. The routes are read at the first query. */
export function queryGuard(app: () => Routed): (request: Request, route: string) => void {
  let parameters: Map<string, ReadonlySet<string>> | undefined;
  return ({ url, method }, route) => {
    const start = url.indexOf("?");
    if (start < 0) return;
    parameters ??= parametersOf(app());
    const known = parameters.get(`${method === "HEAD" ? "GET" : method} ${route}`);
    requireKnownParameters(url.slice(start + 1), known ?? NONE);
  };
}
