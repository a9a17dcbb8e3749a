// Holes in the sessions of an account.
import type { Hole } from "./hole.ts";

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
