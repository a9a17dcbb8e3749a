// Every error that a client may see is an AppError: a status, a stable code, a message for people.
// Only problem.ts converts them to HTTP.

export interface ProblemExtras {
  /** The invalid parts of the request: a JSON pointer, what is expected there, and the id of what expects it. */
  details?: { pointer: string; detail: string; about?: string }[];
  /** For 409: the resource's current status. */
  currentStatus?: string;
  /** For 409: what the request should have been made with, as it is now. */
  current?: object;
  /** For 409: the actions that this caller may still take. */
  allowedActions?: string[];
  /** For WRONG_REGION: the region that was asked. */
  region?: string;
  /** For 429 and 503. */
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
/** Also for a resource of another owner: the two responses must not differ. */
export const notFound = of(404);
export const conflict = of(409);
/** The request's If-Match does not match the current version. */
export const preconditionFailed = of(412);
export const tooLarge = of(413);
export const unsupportedMediaType = of(415);
export const unprocessable = of(422);

export const tooManyRequests = (message: string, retryAfterSeconds: number) =>
  new AppError(429, "TOO_MANY_REQUESTS", message, { retryAfterSeconds });

export const unavailable = (code: string, message: string, cause?: unknown) =>
  new AppError(503, code, message, { retryAfterSeconds: 1 }, { cause });
