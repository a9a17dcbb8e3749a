import type { TObject } from "@sinclair/typebox";
import { Elysia } from "elysia";
import type { Db } from "mongodb";
import { deviceTokens } from "../auth/device-tokens.ts";
import type { TokenEnds } from "../auth/token-ends.ts";
import type { SigningKeys, SignToken } from "../auth/tokens.ts";
import type { Mailer } from "../mail/mailer.ts";
import type { Log } from "../observe/log.ts";
import type { Metrics } from "../observe/metrics.ts";
import type { SealedText } from "../storage/sealed-text.ts";
import type { ActingOptions } from "./acting.ts";
import { type ActivityTable, recordActivity } from "./activity/record-routes.ts";
import { activityRoutes } from "./activity/routes.ts";
import { activityLog } from "./activity/store.ts";
import { emailChangeStore } from "./email-change/change-email.ts";
import { emailChangeRoutes } from "./email-change/routes.ts";
import { type ExportDeps, exportRoutes } from "./export/routes.ts";
import { type LimitDeps, type SignInLimits, signUpLimit } from "./limits.ts";
import { mailLinks } from "./links/mail-links.ts";
import { oneTimeLinks } from "./links/one-time-links.ts";
import { measurePasswords, measureSignIns } from "./measure-accounts.ts";
import { ownSessionRoutes } from "./own-sessions/routes.ts";
import { passwordResetRoutes } from "./password-reset/routes.ts";
import { sessionRoutes } from "./routes.ts";
import { secondFactorRoutes } from "./second-factor/routes.ts";
import { secondFactors } from "./second-factor/second-factor.ts";
import { secondFactorStore } from "./second-factor/store.ts";
import type { SessionDeps } from "./sessions.ts";
import { pendingSignUps, type SignUpBody } from "./sign-up/pending-sign-ups.ts";
import { emailVerificationRoutes } from "./sign-up/routes.ts";
import type { AccountStore } from "./store.ts";
import { endedIn, startTokenEnds } from "./token-ends/poll.ts";
import { tokenEndRoutes } from "./token-ends/routes.ts";

export interface FeatureDeps extends Pick<ExportDeps, "ownData" | "elsewhere">, LimitDeps {
  db: Db;
  mailer: Mailer;
  accounts: AccountStore;
  keys: SigningKeys;
  signToken: SignToken;
  signInLimits: SignInLimits;
  ACCESS_TOKEN_SECONDS: number;
  /** Of the accounts, in their access tokens. */
  role: string;
  /** Of the accounts, in paths. */
  plural: string;
  /** The services that accept the accounts' access tokens. */
  audience: string[];
  /** Which routes of the service add to an account's activity. */
  recorded: ActivityTable;
  acting?: ActingOptions;
  tokenEnds: TokenEnds;
  tokenEndsEveryMs?: number;
  log: Log;
  metrics: Metrics;
  secondFactorIssuer: string;
  sealed: SealedText;
}

export interface SignUpFeatureDeps<B extends SignUpBody, P extends Record<string, unknown>>
  extends FeatureDeps {
  SIGN_UPS_PER_HOUR: number;
  verifiesEmail: boolean;
  signUp: {
    /** Stores the account. Throws 409 when the address has one. */
    register: (body: B) => Promise<P>;
    /** The answer of a sign-up. */
    answer: TObject;
    /** Whether `register` refuses the address; when it has an account, by default. */
    isTaken?: (email: string) => Promise<boolean>;
  };
}

/** What the features of one service share. */
function sharedBy(deps: FeatureDeps) {
  const { name, db, redis, mailer, accounts } = deps;
  const activity = activityLog(db, deps.log);
  const links = oneTimeLinks(db);
  const linksInMail = mailLinks({ mailer, links, redis, name });
  return { name, db, redis, accounts, activity, links, mailLinks: linksInMail };
}

function featuresOf(
  deps: FeatureDeps,
  { links, ...shared }: ReturnType<typeof sharedBy>,
  findPending?: SessionDeps["findPending"],
) {
  const { name, db, accounts, signInLimits, plural } = deps;
  const { activity } = shared;
  const changes = emailChangeStore(db);
  const { requiringSecondFactor } = deps.acting ?? {};
  const factors = secondFactors({ ...deps, requiringSecondFactor, factors: secondFactorStore(db) });
  const poll = startTokenEnds(deps, { [name]: endedIn(accounts) });
  measurePasswords(deps.metrics);
  const sessions = {
    ...deps,
    activity,
    countSignIn: measureSignIns(deps.metrics),
    devices: deviceTokens(name, deps.keys),
    accessTtlSeconds: deps.ACCESS_TOKEN_SECONDS,
    findPending,
    requireSecondFactor: factors.require,
  };
  const isAcceptedElsewhere = deps.audience.some((service) => service !== name);
  return {
    routes: new Elysia({ name: "accounts" })
      .use(recordActivity(activity, deps.recorded))
      .use(sessionRoutes(sessions))
      .use(ownSessionRoutes(deps))
      .use(isAcceptedElsewhere ? tokenEndRoutes({ accounts }) : new Elysia())
      .use(passwordResetRoutes(shared))
      .use(activityRoutes({ activity, plural }))
      .use(exportRoutes(deps))
      .use(emailChangeRoutes({ ...shared, signInLimits, plural, changes }))
      .use(secondFactorRoutes(factors, { plural, mayBeRequired: requiringSecondFactor !== undefined })),
    requireSecondFactor: factors.require,
    ensureIndexes: () =>
      Promise.all([links.ensureIndexes(), changes.ensureIndexes(), activity.ensureIndexes()]),
    stop: poll.stop,
  };
}

/** For accounts without a sign-up: sessions, mails with links, second factors, activity and export. Mount its routes first:
 * they record what the routes after them do. */
export const givenAccountFeatures = (deps: FeatureDeps) => featuresOf(deps, sharedBy(deps));

/** The same for accounts that people make themselves. */
export function accountFeatures<B extends SignUpBody, P extends Record<string, unknown>>(
  deps: SignUpFeatureDeps<B, P>,
) {
  const { accounts, signUp } = deps;
  const shared = sharedBy(deps);
  const signUps = pendingSignUps<B, P>({
    ...shared,
    isRequired: deps.verifiesEmail,
    countSignUp: signUpLimit(deps, deps.SIGN_UPS_PER_HOUR),
    isTaken: async (email) => (await accounts.findByEmail(email)) !== null,
    ...signUp,
  });
  const features = featuresOf(deps, shared, deps.verifiesEmail ? signUps.findByEmail : undefined);
  return {
    ...features,
    signUps,
    routes: features.routes.use(emailVerificationRoutes(signUps, signUp.answer)),
    ensureIndexes: () => Promise.all([features.ensureIndexes(), signUps.ensureIndexes()]),
  };
}
