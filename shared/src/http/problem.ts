// Converts errors to HTTP problems (RFC 9457). A 5xx has no internal details, and no problem repeats the client's input.
import { type Static, type TSchema, Type } from "@sinclair/typebox";
import { ElysiaCustomStatusResponse, ValidationError } from "elysia";
import type { Log } from "../observe/log.ts";
import type { RepeatedFailures } from "../observe/repeated-failures.ts";
import { currentScope } from "../observe/request-scope.ts";
import { AppError, notFound, unavailable, unprocessable } from "../values/errors.ts";
import { isMongoAway } from "./mongo-away.ts";

/** Every service has the page there, so the link works behind any host. */
export const ERRORS_PATH = "/swagger/errors";

export const ProblemDetail = Type.Object({
  pointer: Type.String(),
  detail: Type.String({ description: "What would be right" }),
  about: Type.Optional(Type.String({ description: "The id of what has this rule, where it has one" })),
});

export const Problem = Type.Object(
  {
    type: Type.String({ description: "Where the code is explained; the same for the same code" }),
    title: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: "Stable, for programs" }),
    detail: Type.String({ description: "For people" }),
    requestId: Type.String(),
    details: Type.Optional(
      Type.Array(ProblemDetail, { description: "The invalid parts, each with a JSON pointer" }),
    ),
    currentStatus: Type.Optional(Type.String()),
    current: Type.Optional(
      Type.Object({}, { description: "What the request was based on, as it is now: see the operation" }),
    ),
    allowedActions: Type.Optional(Type.Array(Type.String())),
    region: Type.Optional(
      Type.String({ description: "The region that was asked, where it is the wrong one" }),
    ),
  },
  { description: "RFC 9457" },
);
export type Problem = Static<typeof Problem>;

/** A refusal of a route with its own codes, which the OpenAPI document names. Those of what stands before each route, such
 * as `VALIDATION_FAILED`, come by themselves. */
export const problems = (...codes: string[]): typeof Problem => ({ ...Problem, codes });

const TITLES: Record<number, string> = {
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  409: "Conflict",
  412: "Precondition Failed",
  413: "Content Too Large",
  415: "Unsupported Media Type",
  422: "Unprocessable Content",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

const DETAILS_MAX = 20;

/** A pointer may end in a field name from the client. Only a plain name is returned, otherwise the parent's pointer. */
const PLAIN_POINTER = /^(\/[\w-]{1,40}(?=\/|$))*/;

/** The framework does not say where a number outside its limits stands: only a query's parameters are numbers in texts. */
function pointerOf(type: string, path: string, schema?: TSchema): string {
  if (type === "property")
    return typeof schema?.parameter === "string" ? `/query/${schema.parameter}` : "/query";
  return type === "body" ? path : `/${type}${path}`;
}

function fromValidation(error: ValidationError, body: unknown): AppError | undefined {
  if (error.type === "response") return undefined;
  if (error.type === "body" && body instanceof RefusedBody) return body.reason;
  const details = new Map<string, string>();
  for (const fault of error.all) {
    if (!("path" in fault) || details.size >= DETAILS_MAX) continue;
    const path = PLAIN_POINTER.exec(fault.path)?.[0] ?? "";
    const pointer = pointerOf(error.type, path, fault.schema);
    if (!details.has(pointer))
      details.set(pointer, String(fault.schema?.expects ?? fault.message ?? "Not valid"));
  }
  // The same response for an impossible id as for an unknown one.
  if (error.type === "params") return notFound("NOT_FOUND", "There is no such resource.");
  return unprocessable("VALIDATION_FAILED", "The request does not have the expected shape.", {
    details: [...details].map(([pointer, detail]) => ({ pointer, detail })),
  });
}

/** What the error means to the client; undefined when it is our own fault. */
function understood(error: unknown, body: unknown): AppError | undefined {
  if (error instanceof AppError) return error;
  if (error instanceof ValidationError) return fromValidation(error, body);
  if (error instanceof ElysiaCustomStatusResponse && typeof error.code === "number")
    return new AppError(error.code, "ERROR", TITLES[error.code] ?? "The request failed.");
  if (isMongoAway(error))
    return unavailable("DATABASE_UNAVAILABLE", "The database does not answer. Try again.", error);
  return undefined;
}

export function problemResponse(error: AppError): Response {
  const { retryAfterSeconds, ...extras } = error.extras;
  const scope = currentScope();
  if (scope) scope.problem = error.code;
  const problem: Problem = {
    type: `${ERRORS_PATH}#${error.code.toLowerCase()}`,
    title: TITLES[error.status] ?? "Error",
    status: error.status,
    code: error.code,
    detail: error.message,
    requestId: scope?.requestId ?? "",
    ...extras,
  };
  const headers: Record<string, string> = { "content-type": "application/problem+json" };
  if (retryAfterSeconds !== undefined)
    headers["retry-after"] = String(Math.max(1, Math.ceil(retryAfterSeconds)));
  // The rest of the body is not read (RFC 9110, section 15.5.9).
  if (error.status === 408) headers.connection = "close";
  // RFC 9110, section 12.5.3.
  if (error.code === "UNSUPPORTED_CONTENT_ENCODING") headers["accept-encoding"] = "identity";
  if (error.status === 401) headers["www-authenticate"] = "Bearer";
  return new Response(JSON.stringify(problem), { status: error.status, headers });
}

/** The response to a failed request. Logs one line for an outage that makes requests fail with a known 5xx, and the whole error
 * for each unexpected one. */
export function answerError(error: unknown, body: unknown, log: Log, outages: RepeatedFailures): Response {
  const known = understood(error, body);
  if (known && known.status < 500) return problemResponse(known);
  if (known) {
    const { code, cause, message } = known;
    const reason = cause instanceof Error && { reason: cause.message };
    outages.failed(`${code}: ${message}`, { code, ...reason }, message);
    return problemResponse(known);
  }
  log.error({ err: error }, "A request failed");
  return problemResponse(new AppError(500, "INTERNAL_ERROR", "Something went wrong on our side."));
}

/** Replaces a body that could not be read, until validation refuses it. So a caller without a token gets 401 first. */
export class RefusedBody {
  readonly refused = true;
  constructor(readonly reason: AppError) {}
}
