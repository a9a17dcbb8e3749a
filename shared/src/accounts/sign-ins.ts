import { type RateLimit, rateLimit } from "../storage/rate-limit.ts";
import type { Redis } from "../storage/redis.ts";

/** How many wrong tries there may be in a quarter of an hour. */
export interface SignInLimits {
  /** For one account from one address. */
  perAccount: RateLimit;
  /** For one address, whatever the account: each try costs a hash, and there is no end of emails. Fewer than may wait for
   * a hash (passwords.ts), so that one address alone shuts out nobody else. */
  perAddress: RateLimit;
}

const WINDOW_MS = 15 * 60_000;

export const signInLimits = (redis: Redis, service: string): SignInLimits => ({
  perAccount: rateLimit(redis, `sign-in:${service}`, { max: 10, windowMs: WINDOW_MS }),
  perAddress: rateLimit(redis, `sign-in-address:${service}`, { max: 100, windowMs: WINDOW_MS }),
});
