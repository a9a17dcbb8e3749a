// Holes in the sessions of an account.
import type { Hole } from "./hole.ts";

const KNOWN_DEVICES = "services/customer/src/customers/known-devices.integration.test.ts";
const STORE = "shared/src/accounts/session-store.ts";

export const SESSION_HOLES: Record<string, Hole> = {
  "session-of-another": {
    what: "an account sees and ends the sessions of others",
    patches: [{ file: STORE, right: ".find({ accountId, ...alive(now) })", wrong: ".find(alive(now))" }],
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
