// How operations refuse: each status with its meaning and the codes of its problems.
import type { Access } from "../../auth/access.ts";
import type { JsonObject } from "./schemas.ts";

export const STATUS_WORDS: Record<string, string> = {
  "200": "OK",
  "201": "Created",
  "202": "Accepted: the rest happens later",
  "204": "No content",
  "304": "Not modified",
  "400": "Malformed",
  "401": "Not signed in, or a secret is wrong",
  "403": "Not allowed to this caller",
  "404": "Not found, or another owner's",
  "408": "The body did not arrive in time",
  "409": "Not possible in the current state",
  "412": "Changed since the version in If-Match",
  "413": "The body is too large",
  "415": "The body is not JSON",
  "422": "Validation failed, or a rule forbids it",
  "429": "Too many requests",
  "503": "Overloaded, or a dependency is not available",
};

/** The headers of each request that was counted. */
export const LIMIT_HEADERS = {
  RateLimit: {
    description: "How many requests the window still allows (`r`), and the seconds until the next one (`t`)",
    schema: { type: "string" },
    example: '"caller";r=1199;t=42',
  },
  "RateLimit-Policy": {
    description:
      "The requests (`q`) allowed in a window of `w` seconds: of one account, or of one address without a token",
    schema: { type: "string" },
    example: '"caller";q=1200;w=60',
  },
};
export const LIMIT_REFERENCES = Object.fromEntries(
  Object.keys(LIMIT_HEADERS).map((name) => [name, { $ref: `#/components/headers/${name}` }]),
);

const withHeaders = (headers: JsonObject) => (Object.keys(headers).length > 0 ? { headers } : {});
const RETRY_LATER = new Set(["429", "503"]);

/** By status. */
export type Codes = Readonly<Record<string, readonly string[]>>;

/** Of every query, of a caller that reads no answers, and of a process that is starting, overloaded or without a database. */
const OF_ALL: Codes = {
  "400": ["MALFORMED_QUERY"],
  "422": ["VALIDATION_FAILED"],
  "429": ["TOO_MANY_REQUESTS"],
  "503": ["STARTING", "OVERLOADED", "DATABASE_UNAVAILABLE"],
};
/** A body is also refused where none is expected. */
const OF_BODIES: Codes = {
  "400": ["MALFORMED_JSON", "JSON_TOO_DEEP", "RESERVED_NAME", "BODY_INCOMPLETE"],
  "408": ["BODY_TOO_SLOW"],
  "413": ["BODY_TOO_LARGE"],
  "415": ["UNSUPPORTED_MEDIA_TYPE", "UNSUPPORTED_CONTENT_ENCODING"],
};
const OF_TOKENS: Codes = { "401": ["INVALID_TOKEN", "WRONG_REGION"], "503": ["KEYS_UNAVAILABLE"] };

function ofGuard(row: Access, mayForbid: boolean): Codes {
  if ("anyone" in row) return {};
  const forbidden =
    "services" in row
      ? ["WRONG_ROLE", "WRONG_SERVICE"]
      : row.staff
        ? ["WRONG_ROLE", "WRONG_STAFF_ROLE", "SECOND_FACTOR_SETUP_REQUIRED"]
        : ["WRONG_ROLE"];
  return {
    ...OF_TOKENS,
    "401":
      "roles" in row && row.ticket
        ? ["INVALID_TOKEN", "INVALID_TICKET", "WRONG_REGION"]
        : ["INVALID_TOKEN", "WRONG_REGION"],
    ...(mayForbid && { "403": forbidden }),
  };
}

export interface Place {
  method: string;
  path: string;
  row: Access | undefined;
  /** Whether some accepted token gets 403. */
  mayForbid: boolean;
}

/** All codes of an operation: its own first, then those of what stands before it. */
export function codesOf({ method, path, row, mayForbid }: Place, own: Codes): Map<string, string[]> {
  const parts: Codes[] = [
    own,
    path.includes("{") && "404" in own ? { "404": ["NOT_FOUND", "WRONG_REGION"] } : {},
    row ? ofGuard(row, mayForbid) : {},
    OF_ALL,
    method === "get" ? {} : OF_BODIES,
  ];
  const all = new Map<string, string[]>();
  for (const part of parts)
    for (const [status, codes] of Object.entries(part))
      all.set(status, [...new Set([...(all.get(status) ?? []), ...codes])]);
  return all;
}

const RETRY_AFTER = {
  "Retry-After": { description: "Seconds", schema: { type: "integer", format: "int32" } },
};

export const refusal = (
  status: string,
  codes: readonly string[] = [],
  headers: JsonObject = {},
): JsonObject => ({
  description: [STATUS_WORDS[status] ?? "Any other error", codes.map((code) => `\`${code}\``).join(", ")]
    .filter((part) => part !== "")
    .join(": "),
  content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  ...withHeaders({ ...(RETRY_LATER.has(status) && RETRY_AFTER), ...headers }),
});

/** The refusals that operations share, as components. The name has the status and the codes, so that a reference says both. */
export class SharedRefusals {
  readonly components: JsonObject = {};

  refer(status: string, codes: readonly string[] = []): JsonObject {
    const name = [status, ...codes].join(".");
    // What is refused before it was counted has no rate limit.
    const isCounted = status.startsWith("4") && status !== "408";
    this.components[name] ??= refusal(status, codes, isCounted ? LIMIT_REFERENCES : {});
    return { $ref: `#/components/responses/${name}` };
  }
}
