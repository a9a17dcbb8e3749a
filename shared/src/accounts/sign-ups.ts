import { currentScope } from "../observe/request-scope.ts";
import { rateLimit } from "../storage/rate-limit.ts";
import type { Redis } from "../storage/redis.ts";

/** Throws 429 when as many have tried to sign up from the caller's address as may in an hour. */
export type CountSignUp = () => Promise<void>;

export function signUpLimit(redis: Redis, service: string, perHour: number): CountSignUp {
  const limit = rateLimit(redis, `sign-up:${service}`, { max: perHour, windowMs: 3_600_000 });
  return () => limit.take(currentScope()?.remoteAddress() ?? "");
}
