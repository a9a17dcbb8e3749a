// After the password an account may ask for a code of an authenticator app. A code is accepted once. Wrong ones are bounded
// for each account over all addresses, so that who has the password cannot try them all. Recovery codes are too long to
// guess and have no bound: the owner gets in while an attacker uses the bound up.
import type { Mailer } from "../../mail/mailer.ts";
import { rateLimit } from "../../storage/rate-limit.ts";
import type { Redis } from "../../storage/redis.ts";
import type { SealedText } from "../../storage/sealed-text.ts";
import { conflict, unauthenticated } from "../../values/errors.ts";
import { hashOf } from "../refresh-tokens.ts";
import { INVALID_SECOND_FACTOR, requirePassword, type SessionDeps } from "../sessions.ts";
import { isOnAlready, type SecondFactorStore } from "./store.ts";
import { newRecoveryCodes, newSecret, recoveryForm, stepOf, uriOf } from "./totp.ts";

export interface SecondFactorDeps extends Pick<SessionDeps, "accounts" | "signInLimits"> {
  /** Of the service. */
  name: string;
  redis: Redis;
  mailer: Mailer;
  factors: SecondFactorStore;
  /** Of the secrets in the database. */
  sealed: SealedText;
  /** Shown by the app beside the account. */
  secondFactorIssuer: string;
  /** The owners for whom the account acts, and who require a second factor. */
  requiringSecondFactor?: ((accountId: string) => Promise<string[]>) | undefined;
}

export interface GivenFactor {
  code?: string | undefined;
  recoveryCode?: string | undefined;
}

/** With ± 1 step a guess is right with 3 in 10^6: some 1 % for a whole year of guessing. */
export const CODE_TRIES = { max: 5, windowMs: 15 * 60_000 };
export const CODE_TRIES_A_DAY = { max: 10, windowMs: 24 * 3_600_000 };

const wrong = () => unauthenticated(INVALID_SECOND_FACTOR, "The code is wrong or was used already.");

export type SecondFactors = ReturnType<typeof secondFactors>;

export function secondFactors(deps: SecondFactorDeps) {
  const { name, redis, mailer, factors, sealed, accounts, secondFactorIssuer } = deps;
  const { requiringSecondFactor = async () => [] } = deps;
  const limits = [
    rateLimit(redis, `second-factor:${name}`, CODE_TRIES),
    rateLimit(redis, `second-factor-day:${name}`, CODE_TRIES_A_DAY),
  ];

  async function notify(accountId: string, subject: string, text: string) {
    const account = await accounts.findById(accountId);
    if (account)
      mailer.send({ to: account.email, subject, text: `${text} If it was not you, set a new password.` });
  }

  /** Runs `check` when the account may try a code, and counts the try unless the code is right. */
  async function tryCode(accountId: string, check: () => Promise<boolean>): Promise<void> {
    for (const limit of limits) await limit.take(accountId);
    if (!(await check())) throw wrong();
    for (const limit of limits) await limit.giveBack(accountId);
  }

  /** Uses the code up. Throws 401 when it is missing, wrong or used, and 429 after too many wrong ones. Returns false for an
   * account without a second factor. */
  async function require(accountId: string, { code, recoveryCode }: GivenFactor): Promise<boolean> {
    const { secret } = (await factors.find(accountId)) ?? {};
    if (secret === undefined) return false;
    if (recoveryCode !== undefined) {
      if (!(await factors.useRecoveryCode(accountId, hashOf(recoveryForm(recoveryCode))))) throw wrong();
      await notify(accountId, "A recovery code was used", "A recovery code of your account was used.");
      return true;
    }
    if (code === undefined)
      throw unauthenticated("SECOND_FACTOR_REQUIRED", "Send the code of your app too, or a recovery code.");
    const opened = await sealed.open(secret, accountId);
    const renewed = sealed.isCurrent(secret) ? secret : await sealed.seal(opened, accountId);
    await tryCode(accountId, async () => {
      const step = stepOf(opened, code, new Date());
      return step !== undefined && (await factors.useStep(accountId, secret, step, renewed));
    });
    return true;
  }

  return {
    require,

    async state(accountId: string) {
      const { secret, recoveryCodes = [] } = (await factors.find(accountId)) ?? {};
      return { enabled: secret !== undefined, recoveryCodesLeft: recoveryCodes.length };
    },

    /** Makes a secret, which counts once a code has confirmed it. Throws 401 for a wrong password, 409 when one is on. */
    async begin(accountId: string, currentPassword: string) {
      const { email } = await requirePassword(deps, accountId, currentPassword);
      const secret = newSecret();
      await factors.begin(accountId, await sealed.seal(secret, accountId));
      return { secret, uri: uriOf(secret, secondFactorIssuer, email) };
    },

    /** Turns the second factor on and returns the recovery codes, of which only hashes are stored. It counts as given in the
     * session, and in no other. Throws 401 for a wrong code, 409 when nothing was begun or one is on. */
    async confirm(accountId: string, code: string, sessionId?: string): Promise<string[]> {
      const { pendingSecret, secret } = (await factors.find(accountId)) ?? {};
      if (secret !== undefined) throw isOnAlready();
      if (pendingSecret === undefined) throw conflict("SECOND_FACTOR_NOT_BEGUN", "Ask for a secret first.");
      const opened = await sealed.open(pendingSecret, accountId);
      let step: number | undefined;
      await tryCode(accountId, async () => {
        step = stepOf(opened, code, new Date());
        return step !== undefined;
      });
      const recoveryCodes = newRecoveryCodes();
      const hashes = recoveryCodes.map((one) => hashOf(recoveryForm(one)));
      if (!(await factors.turnOn(accountId, pendingSecret, step ?? 0, hashes))) throw isOnAlready();
      await accounts.noteSecondFactor(accountId, sessionId);
      await notify(accountId, "Your second factor is on", "From now on signing in needs a code of your app.");
      return recoveryCodes;
    },

    /** Throws 401 for a wrong password or code, and 409 while an owner requires the second factor. */
    async turnOff(
      accountId: string,
      { currentPassword, ...given }: GivenFactor & { currentPassword: string },
    ) {
      await requirePassword(deps, accountId, currentPassword);
      if ((await requiringSecondFactor(accountId)).length > 0)
        throw conflict(
          "SECOND_FACTOR_NEEDED",
          "It stays on where you work: somebody requires it of you there.",
        );
      await require(accountId, given);
      await factors.turnOff(accountId);
      // An owner who requires it since the check may have seen the second factor still on.
      for (const ownerId of await requiringSecondFactor(accountId))
        await accounts.closeSessionsFor(accountId, ownerId);
      await notify(
        accountId,
        "Your second factor is off",
        "Signing in to your account needs no code any more.",
      );
    },
  };
}
