// Refuses unknown and repeated query parameters, because ignoring them would hide mistakes of the client. The framework
// checks only declared parameters and uses the last of two.
import type { AnyElysia } from "elysia";
import { malformed, unprocessable } from "../values/errors.ts";

type Routed = Pick<AnyElysia, "routes">;

/** Throws 400 when the text is not percent-encoded UTF-8. */
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

/** Throws 422 for an unknown or repeated parameter, and 400 for invalid percent-encoding. Allocates nothing for a valid
 * query, because it runs at every cached read. */
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

/** The declared parameters by route pattern and method. */
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

/** Checks a request's query against its route. Reads the routes at the first query. */
export function queryGuard(app: () => Routed): (request: Request, route: string) => void {
  let parameters: Parameters | undefined;
  return ({ url, method }, route) => {
    const mark = url.indexOf("?");
    if (mark < 0) return;
    parameters ??= parametersOf(app());
    requireKnownParameters(url, mark + 1, parameters.get(route)?.[method] ?? []);
  };
}
