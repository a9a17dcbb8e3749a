// CORS (Fetch Standard, section 3.2). Callers send a token in a header and never a cookie, so credentials are not allowed.

export interface Cors {
  /** The response to a preflight request. Undefined for other requests and for origins that are not allowed. */
  preflight: (request: Request) => Response | undefined;
  /** Lets an allowed origin read the response. */
  allow: (request: Request, response: Response) => void;
}

const METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE";
const REQUEST_HEADERS = [
  "Authorization",
  "Content-Type",
  "Idempotency-Key",
  "If-Match",
  "If-None-Match",
  "Last-Event-ID",
  "X-Request-Id",
  "Traceparent",
].join(", ");
const RESPONSE_HEADERS = [
  "ETag",
  "Retry-After",
  "RateLimit",
  "RateLimit-Policy",
  "Location",
  "Idempotent-Replayed",
  "X-Request-Id",
].join(", ");
const MAX_AGE_SECONDS = "600";

/** `origins` is comma-separated. Empty allows none. */
export function corsFor(origins: string): Cors {
  const allowed = new Set(origins.split(",").filter(Boolean));
  const allowedOrigin = (request: Request) => {
    const origin = request.headers.get("origin");
    return origin !== null && allowed.has(origin) ? origin : undefined;
  };
  return {
    preflight(request) {
      const isPreflight =
        request.method === "OPTIONS" && request.headers.has("access-control-request-method");
      if (!isPreflight || !allowedOrigin(request)) return undefined;
      return new Response(null, {
        status: 204,
        headers: {
          "access-control-allow-methods": METHODS,
          "access-control-allow-headers": REQUEST_HEADERS,
          "access-control-max-age": MAX_AGE_SECONDS,
        },
      });
    },
    allow(request, { headers }) {
      if (allowed.size === 0) return;
      headers.append("vary", "Origin");
      const origin = allowedOrigin(request);
      if (!origin) return;
      headers.set("access-control-allow-origin", origin);
      headers.set("access-control-expose-headers", RESPONSE_HEADERS);
    },
  };
}
