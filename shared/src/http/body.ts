// Reads a JSON request body, with limits on time, size and depth.
import { currentScope } from "../observe/request-scope.ts";
import { AppError, malformed, tooLarge, unsupportedMediaType } from "../values/errors.ts";
import { parseJson, textOf } from "./json.ts";

/** Larger requests are refused with 413. */
export const BODY_BYTES_MAX = 64 * 1024;
const BODY_DEPTH_MAX = 16;

export const bodyTooLarge = () =>
  tooLarge("BODY_TOO_LARGE", `The body is larger than ${BODY_BYTES_MAX / 1024} KiB.`);

const bodyTooSlow = () =>
  new AppError(408, "BODY_TOO_SLOW", "The body did not arrive in time. Send it again.");

/** Only for metrics and log, as the client has disconnected. */
const bodyIncomplete = () => malformed("BODY_INCOMPLETE", "The connection closed within the body.");

/** Whether the body did not arrive, so that validating the request is pointless. */
export const isAboutArrival = ({ status, code }: AppError): boolean =>
  status >= 500 || code === "BODY_TOO_SLOW" || code === "BODY_INCOMPLETE";

const streamOf = Object.getOwnPropertyDescriptor(Request.prototype, "body")?.get;

/** Hides the body from Elysia, which would read it when `readJson` found none, and create a stream of it, which costs more
 * than the rest of a small request. */
export function hideBody(request: Request): void {
  Object.defineProperty(request, "body", { value: null });
}

async function collect(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stream) {
    size += part.byteLength;
    if (size > BODY_BYTES_MAX) throw bodyTooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Ends at the request's deadline, or after `msMax` for clients that send slowly. */
async function readBytes(request: Request, msMax: number): Promise<Uint8Array | undefined> {
  // The server refuses a Content-Length above the limit.
  const hasLength = Number(request.headers.get("content-length")) > 0;
  const stream: ReadableStream<Uint8Array> | null = hasLength ? null : streamOf?.call(request);
  if (!hasLength && !stream) return undefined;
  const scope = currentScope();
  const { promise: late, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(bodyTooSlow());
  const leftMs = (scope?.deadlineAt ?? Infinity) - performance.now();
  const timer = setTimeout(giveUp, Math.min(msMax, leftMs));
  const arrived = (stream ? collect(stream) : request.bytes()).catch((error: unknown) => {
    throw error instanceof AppError ? error : bodyIncomplete();
  });
  const read = () => Promise.race([arrived, late]);
  try {
    return await (scope?.awaitBody?.(giveUp, read) ?? read());
  } finally {
    clearTimeout(timer);
  }
}

/** Throws 415 for what is not plain JSON. */
function checkMediaType(headers: Headers): void {
  const coding = headers.get("content-encoding")?.trim().toLowerCase() || "identity";
  if (coding !== "identity")
    throw unsupportedMediaType("UNSUPPORTED_CONTENT_ENCODING", "Send the body without a Content-Encoding.");
  const mediaType = headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
  if (mediaType !== "application/json")
    throw unsupportedMediaType("UNSUPPORTED_MEDIA_TYPE", "Send the body as application/json.");
}

function isDeeperThan(limit: number, value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return limit === 0 || Object.values(value).some((inner) => isDeeperThan(limit - 1, inner));
}

/** Undefined for an empty body, also a chunked one without a type, which proxies from HTTP/2 send. Throws 400, 408, 413 or
 * 415, and 503 when the body has arrived and too many requests are in flight. */
export async function readJson(request: Request, msMax: number): Promise<unknown> {
  const bytes = await readBytes(request, msMax);
  if (!bytes?.length) return undefined;
  if (bytes.length > BODY_BYTES_MAX) throw bodyTooLarge();
  checkMediaType(request.headers);
  const body = parseJson(textOf(bytes));
  if (isDeeperThan(BODY_DEPTH_MAX, body))
    throw malformed("JSON_TOO_DEEP", `The body nests deeper than ${BODY_DEPTH_MAX} levels.`);
  return body;
}
