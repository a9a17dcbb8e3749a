import type { TObject } from "@sinclair/typebox";
import { Elysia } from "elysia";
import type { Db } from "mongodb";
import type { TokenEnds } from "../auth/token-ends.ts";
import type { Mailer } from "../mail/mailer.ts";
import type { Log } from "../observe/log.ts";
import type { Redis } from "../storage/redis.ts";
import { activityRoutes } from "./activity/routes.ts";
import type { ActivityLog } from "./activity/store.ts";
import { emailChangeStore } from "./email-change/change-email.ts";
import { emailChangeRoutes } from "./email-change/routes.ts";
import type { SignInLimits } from "./limits.ts";
import { mailLinks } from "./links/mail-links.ts";
import { oneTimeLinks } from "./links/one-time-links.ts";
import { passwordResetRoutes } from "./password-reset/routes.ts";
import { secondFactorRoutes } from "./second-factor/routes.ts";
import { secondFactors } from "./second-factor/second-factor.ts";
import { secondFactorStore } from "./second-factor/store.ts";
import { pendingSignUps, type SignUpBody } from "./sign-up/pending-sign-ups.ts";
import { emailVerificationRoutes } from "./sign-up/routes.ts";
import { type AccountStore, normaliseEmail } from "./store.ts";
import { endedIn, startTokenEnds } from "./token-ends/poll.ts";
import { tokenEndRoutes } from "./token-ends/routes.ts";

export interface FeatureDeps<B extends SignUpBody, P extends Record<string, unknown>> {
  /** Of the service. */
  name: string;
  db: Db;
  redis: Redis;
  mailer: Mailer;
  accounts: AccountStore;
  activity: ActivityLog;
  signInLimits: SignInLimits;
  /** Of the accounts, in paths. */
  plural: string;
  tokenEnds: TokenEnds;
  tokenEndsEveryMs?: number;
  log: Log;
  verifiesEmail: boolean;
  secondFactorIssuer: string;
  /** Whether somebody else demands a second factor of this account. Then it stays on. */
  demandsSecondFactor?: (accountId: string) => Promise<boolean>;
  signUp: {
    /** Stores the account. Throws 409 when the address has one. */
    register: (body: B) => Promise<P>;
    /** The answer of a sign-up. */
    answer: TObject;
    /** Whether `register` refuses the address; when it has an account, by default. */
    isTaken?: (email: string) => Promise<boolean>;
  };
}

/** What an account can do besides sessions, which needs a link in a mail or a second factor. */
export function accountFeatures<B extends SignUpBody, P extends Record<string, unknown>>(
  deps: FeatureDeps<B, P>,
) {
  const { name, db, redis, mailer, accounts, activity, signInLimits, plural, signUp } = deps;
  const links = oneTimeLinks(db);
  const shared = {
    name,
    db,
    redis,
    accounts,
    activity,
    mailLinks: mailLinks({ mailer, links, redis, name }),
  };
  const changes = emailChangeStore(db);
  const factors = secondFactors({
    ...deps,
    factors: secondFactorStore(db),
    isDemanded: deps.demandsSecondFactor,
  });
  const signUps = pendingSignUps<B, P>({
    ...shared,
    isRequired: deps.verifiesEmail,
    isTaken: async (email) => (await accounts.findByEmail(normaliseEmail(email))) !== null,
    ...signUp,
  });
  const poll = startTokenEnds(deps, { [name]: endedIn(accounts) });
  return {
    links,
    signUps,
    factors,
    /** For sessions. */
    requireSecondFactor: factors.require,
    findPending: signUps.isRequired ? signUps.findByEmail : undefined,
    routes: new Elysia({ name: "accounts" })
      .use(tokenEndRoutes({ accounts }))
      .use(passwordResetRoutes(shared))
      .use(activityRoutes(deps))
      .use(emailChangeRoutes({ ...shared, signInLimits, plural, changes }))
      .use(secondFactorRoutes(factors, plural))
      .use(emailVerificationRoutes(signUps, signUp.answer)),
    ensureIndexes: () =>
      Promise.all([
        links.ensureIndexes(),
        changes.ensureIndexes(),
        signUps.ensureIndexes(),
        activity.ensureIndexes(),
      ]),
    stop: poll.stop,
  };
}
