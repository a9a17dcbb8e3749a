import { currentScope } from "../observe/request-scope.ts";
import { rateLimit } from "../storage/rate-limit.ts";
import type { Redis } from "../storage/redis.ts";

/** Throws 429 when as many have tried to sign up from the caller's address as may in an hour, or of those in a minute. */
export type CountSignUp = () => Promise<void>;

/** Of an hour's sign-ups so many may come within a minute: a household, a class, but not a script. */
export const burstOf = (perHour: number) => Math.max(10, Math.ceil(perHour / 10));

export function signUpLimit(redis: Redis, service: string, perHour: number): CountSignUp {
  const burst = rateLimit(redis, `sign-up-burst:${service}`, { max: burstOf(perHour), windowMs: 60_000 });
  const hour = rateLimit(redis, `sign-up:${service}`, { max: perHour, windowMs: 3_600_000 });
  return async () => {
    const address = currentScope()?.remoteAddress() ?? "";
    // Those whom the burst refuses use up nothing of the hour.
    await burst.take(address);
    await hour.take(address);
  };
}
