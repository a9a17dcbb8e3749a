// The rate limits of all routes under /v1/: per account, and per address for requests without a valid token. Services call
// /internal/ only, which is not limited. The headers are those of draft-ietf-httpapi-ratelimit-headers-11.
import { accountIdOf, type Caller, SERVICE_ROLE } from "../auth/tokens.ts";
import { currentScope } from "../observe/request-scope.ts";
import type { Redis } from "../storage/redis.ts";
import { requestCounts } from "../storage/request-counts.ts";
import { tooManyRequests } from "../values/errors.ts";

export interface RequestLimits {
  /** For each account. Unlimited when left out. */
  REQUESTS_PER_MINUTE?: number;
  /** For each address, without a valid token. Unlimited when left out. */
  ANONYMOUS_REQUESTS_PER_MINUTE?: number;
}

/** Counts a request, of an unknown caller without one. Throws 429 when its limit is used up. */
export type CountRequest = (route: string, caller?: Caller) => void;

/** Counts a refusal by the name of its limit. */
type Refused = (limit: "caller" | "anonymous") => void;

const WINDOW_MS = 60_000;

function limitOf(redis: Redis, service: string, name: "caller" | "anonymous", max: number, refused: Refused) {
  const counts = requestCounts(redis, `${service}:${name}`, { max, windowMs: WINDOW_MS });
  const policy = `"${name}";q=${max};w=${WINDOW_MS / 1000}`;
  return (key: string) => {
    const scope = currentScope();
    const { isAllowed, left, resetSeconds } = counts.take(key);
    if (scope) scope.rateLimit = { policy, state: `"${name}";r=${left};t=${resetSeconds}` };
    if (isAllowed) return;
    refused(name);
    throw tooManyRequests("Too many requests. Wait before the next one.", resetSeconds);
  };
}

export function requestLimits(
  redis: Redis,
  service: string,
  { REQUESTS_PER_MINUTE, ANONYMOUS_REQUESTS_PER_MINUTE }: RequestLimits,
  refused: Refused = () => undefined,
): CountRequest {
  const perCaller = REQUESTS_PER_MINUTE && limitOf(redis, service, "caller", REQUESTS_PER_MINUTE, refused);
  const perAddress =
    ANONYMOUS_REQUESTS_PER_MINUTE &&
    limitOf(redis, service, "anonymous", ANONYMOUS_REQUESTS_PER_MINUTE, refused);
  return (route, caller) => {
    if (!route.startsWith("/v1/") || caller?.role === SERVICE_ROLE) return;
    if (caller) {
      if (perCaller) perCaller(accountIdOf(caller));
      return;
    }
    const address = currentScope()?.remoteAddress();
    if (perAddress && address) perAddress(address);
  };
}
