// Every failure a client may see is an AppError: a status, a stable code, a sentence for people.
// problem.ts is the one place that turns them into HTTP.

export interface ProblemExtras {
  /** Which parts of the request were wrong: a JSON pointer and what was expected there. */
  details?: { pointer: string; detail: string }[];
  /** For 409: where the resource stands now. */
  currentStatus?: string;
  /** For 409: what this caller may still do with it. */
  allowedActions?: string[];
  /** For 429 and 503: when trying again makes sense. */
  retryAfterSeconds?: number;
}

export class AppError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly extras: ProblemExtras = {},
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = "AppError";
  }
}

type Make = (code: string, message: string, extras?: ProblemExtras) => AppError;
const of =
  (status: number): Make =>
  (code, message, extras) =>
    new AppError(status, code, message, extras);

export const malformed = of(400);
export const unauthenticated = of(401);
export const forbidden = of(403);
/** Also for what belongs to somebody else: the answer must not tell the two apart. */
export const notFound = of(404);
export const conflict = of(409);
/** The If-Match of the request names a version that is no longer there. */
export const preconditionFailed = of(412);
export const tooLarge = of(413);
export const unsupportedMediaType = of(415);
export const unprocessable = of(422);

export const tooManyRequests = (message: string, retryAfterSeconds: number) =>
  new AppError(429, "TOO_MANY_REQUESTS", message, { retryAfterSeconds });

export const unavailable = (code: string, message: string, cause?: unknown) =>
  new AppError(503, code, message, { retryAfterSeconds: 1 }, { cause });
