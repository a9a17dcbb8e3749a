// Holes in the sessions of an account.
import type { Hole } from "./hole.ts";

const KNOWN_DEVICES = "services/customer/src/customers/known-devices.integration.test.ts";
const REFRESH = "services/customer/src/customers/refresh.integration.test.ts";
const STORE = "shared/src/accounts/session-store.ts";

export const SESSION_HOLES: Record<string, Hole> = {
  "session-of-another": {
    what: "an account sees and ends the sessions of others",
    patches: [{ file: STORE, right: "find({ accountId, ...alive(now) })", wrong: "find(alive(now))" }],
    red: {
      file: "services/customer/src/customers/own-sessions.integration.test.ts",
      test: "answers 404 alike for a session that is another's, has ended, or never was",
    },
  },
  "strangers-unbounded": {
    what: "many addresses may try passwords for one account",
    patches: [
      {
        file: "shared/src/accounts/sessions.ts",
        right: "{ strangers: account }",
        wrong: "{}",
      },
    ],
    red: { file: KNOWN_DEVICES, test: "to the right password and to an unknown account alike" },
  },
  "device-of-another": {
    what: "a device token of any account passes the bound",
    patches: [
      {
        file: "shared/src/accounts/sessions.ts",
        right: "account?._id === device.accountId && credentialsOf(account) === device.version",
        wrong: "account !== null",
      },
    ],
    red: { file: KNOWN_DEVICES, test: "takes what is no device token of the account for a stranger" },
  },
  "device-after-new-password": {
    what: "a device stays known after a change of the password",
    patches: [
      {
        file: "shared/src/accounts/sessions.ts",
        right: " && credentialsOf(account) === device.version",
        wrong: "",
      },
    ],
    red: { file: KNOWN_DEVICES, test: "knows no device any more once the password was changed" },
  },
  "device-type-unchecked": {
    what: "an access token is a device token",
    patches: [{ file: "shared/src/auth/device-tokens.ts", right: ", typ: TYPE }", wrong: " }" }],
    red: {
      file: "shared/src/auth/device-tokens.test.ts",
      test: "the type of an access token is no device token",
    },
  },
  "refresh-token-used-late": {
    what: "a used refresh token leads to its successor for ever",
    patches: [
      {
        file: "shared/src/accounts/sessions.ts",
        right: "if (now.getTime() - previous.usedAt.getTime() > REFRESH_GRACE_MS) return undefined;",
        wrong: "",
      },
    ],
    red: {
      file: REFRESH,
      test: "answers 401 to a used token after the grace, and ends its session and no other",
    },
  },
  "refresh-token-guessed": {
    what: "a repeated refresh needs no secret",
    patches: [
      {
        file: "shared/src/accounts/sessions.ts",
        right: "if (!session || previous?.tokenHash !== hashOf(token.secret)) return undefined;",
        wrong: "if (!session || !previous) return undefined;",
      },
      {
        file: "shared/src/accounts/sessions.ts",
        right: "return session.tokenHash === hashOf(next.secret) ? { session, next } : undefined;",
        wrong: "return { session, next };",
      },
    ],
    red: { file: REFRESH, test: "does not take a guessed secret for a repeat" },
  },
  "token-of-an-ended-session": {
    what: "an access token outlives its session",
    patches: [
      {
        file: "shared/src/auth/tokens.ts",
        right: "if (caller.sessionId && tokenEnds?.has(caller.sessionId)) throw refusedToken();",
        wrong: "",
      },
    ],
    red: {
      file: "shared/src/auth/token-ends.test.ts",
      test: "refuses the tokens of an ended session, also those that it has accepted, and no others",
    },
  },
  "link-used-twice": {
    what: "a one-time link stays valid after its use",
    patches: [
      {
        file: "shared/src/accounts/links/one-time-links.ts",
        right: "links.findOneAndDelete(valid(purpose, token))",
        wrong: "links.findOne(valid(purpose, token))",
      },
    ],
    red: {
      file: "shared/src/accounts/links/one-time-links.integration.test.ts",
      test: "is found any number of times, and consumed once by many at once",
    },
  },
  "session-without-end": {
    what: "a session that is refreshed in time never ends",
    patches: [
      {
        file: STORE,
        right: "createdAt: { $not: { $lte: new Date(",
        wrong: "createdAt: { $not: { $lte: new Date(-",
      },
    ],
    red: {
      file: "shared/src/accounts/session-age.integration.test.ts",
      test: "ends after SESSION_MAX_DAYS=90, when that day has come and not before",
    },
  },
};
