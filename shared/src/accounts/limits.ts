// The rate limits of signing in and signing up.
import { currentScope } from "../observe/request-scope.ts";
import { type JointLimits, jointLimits, rateLimit } from "../storage/rate-limit.ts";
import type { Redis } from "../storage/redis.ts";

/** Wrong sign-in tries allowed in 15 minutes. */
export type SignInLimits = JointLimits<"perAccount" | "perAddress" | "strangers" | "perDevice">;

const WINDOW_MS = 15 * 60_000;

export const signInLimits = (redis: Redis, service: string): SignInLimits =>
  jointLimits(redis, {
    /** For one account from one address. */
    perAccount: { name: `sign-in:${service}`, max: 10, windowMs: WINDOW_MS },
    /** For one address and all accounts, since each try costs a hash. Lower than the queue for hashes (passwords.ts), so
     * that one address cannot fill it. */
    perAddress: { name: `sign-in-address:${service}`, max: 100, windowMs: WINDOW_MS },
    /** For one account from all addresses, without the devices that it knows. */
    strangers: { name: `sign-in-strangers:${service}`, max: 50, windowMs: WINDOW_MS },
    /** For one device that the account knows. */
    perDevice: { name: `sign-in-device:${service}`, max: 10, windowMs: WINDOW_MS },
  });

/** Throws 429 when the caller's address has used up its sign-ups for the hour or the minute. */
export type CountSignUp = () => Promise<void>;

/** Sign-ups allowed within a minute: enough for a household or a class, not for a script. */
export const burstOf = (perHour: number) => Math.max(10, Math.ceil(perHour / 10));

export function signUpLimit(redis: Redis, service: string, perHour: number): CountSignUp {
  const burst = rateLimit(redis, `sign-up-burst:${service}`, { max: burstOf(perHour), windowMs: 60_000 });
  const hour = rateLimit(redis, `sign-up:${service}`, { max: perHour, windowMs: 3_600_000 });
  return async () => {
    const address = currentScope()?.remoteAddress() ?? "";
    // A try that the burst limit refuses does not count for the hour.
    await burst.take(address);
    await hour.take(address);
  };
}
