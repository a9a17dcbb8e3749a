// The headers that every response has. Each one that is set costs more CPU time than copying all that are the same in every
// response, so a response that is answered very often copies them from a template.
import type { RequestScope } from "../observe/request-scope.ts";
import { traceparentOf } from "../observe/trace-context.ts";
import { currentRegion } from "../values/region.ts";

/** A browser that shows a response as a page loads, runs and frames nothing. */
const NOT_A_PAGE = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox";
const HTTPS_ONLY = "max-age=31536000; includeSubDomains";

/** Sets what differs from request to request. */
function setOwn(headers: Headers, { requestId, trace, rateLimit }: RequestScope): void {
  headers.set("x-request-id", requestId);
  headers.set("traceparent", traceparentOf(trace));
  if (!rateLimit) return;
  headers.set("ratelimit-policy", rateLimit.policy);
  headers.set("ratelimit", rateLimit.state);
}

/** Sets what is the same in every response, unless the response has its own. */
function setCommon(headers: Headers): void {
  const region = currentRegion();
  if (region !== "") headers.set("x-region", region);
  headers.set("x-content-type-options", "nosniff");
  headers.set("referrer-policy", "no-referrer");
  if (!headers.has("content-security-policy")) headers.set("content-security-policy", NOT_A_PAGE);
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
}

/** Gives a response of this service its headers. */
export function finish(response: Response, scope: RequestScope): Response {
  const { headers } = response;
  if (!scope.hasHeaders) {
    setOwn(headers, scope);
    setCommon(headers);
  }
  // A browser takes it over HTTPS alone, which the proxy in front speaks (RFC 6797, section 8.1).
  if (scope.isFromOutside) headers.set("strict-transport-security", HTTPS_ONLY);
  return response;
}

/** Makes responses 200 with these headers and an ETag. Only for bodies that are ready: the template is one object. */
export function templateResponse(given: Record<string, string>) {
  const template = new Headers(given);
  setCommon(template);
  return (body: string, etag: string, scope: RequestScope): Response => {
    if (!scope.rateLimit) {
      template.delete("ratelimit-policy");
      template.delete("ratelimit");
    }
    setOwn(template, scope);
    template.set("etag", etag);
    scope.hasHeaders = true;
    return new Response(body, { headers: template });
  };
}
