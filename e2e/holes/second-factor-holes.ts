// Holes in second factors, and in what requires them.
import type { Hole } from "./hole.ts";

const FACTORS = "shared/src/accounts/second-factor";
const STAFF = "services/restaurant/src/staff";
const OF_CUSTOMERS = "services/customer/src/customers/second-factor.integration.test.ts";
const POLICY = `${STAFF}/second-factor-policy.integration.test.ts`;

export const SECOND_FACTOR_HOLES: Record<string, Hole> = {
  "code-used-twice": {
    what: "a code of the app is accepted again",
    patches: [{ file: `${FACTORS}/store.ts`, right: "secret, lastStep: { $lt: step } }", wrong: "secret }" }],
    red: {
      file: OF_CUSTOMERS,
      test: "accepts each code once, also by five at once, and none of an earlier step",
    },
  },
  "recovery-code-used-twice": {
    what: "a recovery code stays valid after its use",
    patches: [
      {
        file: `${FACTORS}/store.ts`,
        right: "{ $pull: { recoveryCodes: hash } }",
        wrong: '{ $pull: { recoveryCodes: "" } }',
      },
    ],
    red: {
      file: OF_CUSTOMERS,
      test: "accepts each recovery code once, also by two at once, and says so by mail",
    },
  },
  "required-factor-missing": {
    what: "people without the second factor that their restaurant requires have their role",
    patches: [
      {
        file: `${STAFF}/choose-restaurant.ts`,
        right: "secondFactorRequired && !(await isGiven())",
        wrong: "secondFactorRequired && (await isGiven()) === null",
      },
    ],
    red: {
      file: POLICY,
      test: "signs in, can set one up and nothing else, and has the role after the next refresh",
    },
  },
  "factor-of-another-session": {
    what: "a session of the password alone gets the role when its person sets a second factor up elsewhere",
    patches: [{ file: `${STAFF}/choose-restaurant.ts`, right: "secondFactorAt && (await", wrong: "(await" }],
    red: { file: POLICY, test: "sets one up in a session, and no other session has the role after that" },
  },
  "required-factor-turned-off": {
    what: "a person turns a second factor off while a restaurant begins to require it",
    patches: [
      {
        file: `${FACTORS}/second-factor.ts`,
        right: "for (const ownerId of await requiringSecondFactor(accountId))",
        wrong: "for (const ownerId of [])",
      },
    ],
    red: {
      file: `${FACTORS}/required.integration.test.ts`,
      test: "when an owner requires it from that moment on, ends the sessions for that owner",
    },
  },
  "invitation-without-the-factor": {
    what: "an existing account accepts an invitation without its second factor",
    patches: [
      {
        file: `${STAFF}/accept-invitation.ts`,
        right: "{ accounts, signInLimits, requireSecondFactor },",
        wrong: "{ accounts, signInLimits },",
      },
    ],
    red: {
      file: `${STAFF}/accepting.integration.test.ts`,
      test: "answers 401 without the second factor of an existing account, and 200 with it",
    },
  },
};
