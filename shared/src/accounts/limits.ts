// The limits of signing in and signing up: of tries, and of the work that one process does for them. Strangers, who may be
// many and guess, wait for turns of their own: a flood of them leaves the machine to other work, and lets known devices in.
import { currentScope } from "../observe/request-scope.ts";
import { pacer } from "../process/pacer.ts";
import { type JointLimits, jointLimits, rateLimit } from "../storage/rate-limit.ts";
import type { Redis } from "../storage/redis.ts";
import { hashMs, tooManySignIns } from "./passwords.ts";

/** Wrong sign-in tries allowed in 15 minutes. */
export type SignInLimits = JointLimits<"perAccount" | "perAddress" | "strangers" | "perDevice">;

const WINDOW_MS = 15 * 60_000;
const BURST_MS = 2_000;
const WAIT_MAX_MS = 5_000;
/** On a busy machine a hash takes longer. Beyond this the pace does not fall, so that strangers are not locked out. */
const HASH_MAX_MS = 50;

/** Waits for a turn to have a password checked or hashed. Throws 503 when it would be too long. */
export type SignInTurns = Record<"strangers" | "known", () => Promise<void>>;

/** Turns so that passwords of strangers take this share of a core, and those of known devices and callers as much. */
export function signInTurns(percent: number, recentMs = hashMs): SignInTurns {
  const everyMs = () => (Math.min(recentMs(), HASH_MAX_MS) * 100) / percent;
  const queue = () => {
    const next = pacer({ everyMs, burstMs: BURST_MS, waitMaxMs: WAIT_MAX_MS });
    return async () => {
      const waitMs = next();
      if (waitMs === undefined) throw tooManySignIns();
      if (waitMs > 0) await Bun.sleep(waitMs);
    };
  };
  return { strangers: queue(), known: queue() };
}

export interface LimitDeps {
  redis: Redis;
  /** Of the service. */
  name: string;
  signInTurns: SignInTurns;
}

export function signInLimits({ redis, name: service, signInTurns }: LimitDeps): SignInLimits {
  const limits = jointLimits(redis, `sign-in:${service}`, {
    /** For one account from one address. */
    perAccount: { name: `sign-in:${service}`, max: 10, windowMs: WINDOW_MS },
    /** For one address and all accounts, since each try costs a hash. */
    perAddress: { name: `sign-in-address:${service}`, max: 100, windowMs: WINDOW_MS },
    /** For one account from all addresses, without the devices that it knows. */
    strangers: { name: `sign-in-strangers:${service}`, max: 50, windowMs: WINDOW_MS },
    /** For one device that the account knows. */
    perDevice: { name: `sign-in-device:${service}`, max: 10, windowMs: WINDOW_MS },
  });
  return {
    ...limits,
    async take(keys) {
      await limits.take(keys);
      // Whether there is an account makes no difference.
      await signInTurns[keys.strangers ? "strangers" : "known"]().catch(async (error) => {
        await limits.giveBack(keys);
        throw error;
      });
    },
  };
}

/** Throws 429 when the caller's address has used up its sign-ups for the hour or the minute, and waits for a turn. */
export type CountSignUp = () => Promise<void>;

/** Sign-ups allowed within a minute: enough for a household or a class, not for a script. */
export const burstOf = (perHour: number) => Math.max(10, Math.ceil(perHour / 10));

export function signUpLimit({ redis, name: service, signInTurns }: LimitDeps, perHour: number): CountSignUp {
  const burst = rateLimit(redis, `sign-up-burst:${service}`, { max: burstOf(perHour), windowMs: 60_000 });
  const hour = rateLimit(redis, `sign-up:${service}`, { max: perHour, windowMs: 3_600_000 });
  return async () => {
    const address = currentScope()?.remoteAddress() ?? "";
    // A try that the burst limit refuses does not count for the hour.
    await burst.take(address);
    await hour.take(address);
    await signInTurns.strangers().catch(async (error) => {
      await Promise.all([burst.giveBack(address), hour.giveBack(address)]);
      throw error;
    });
  };
}
