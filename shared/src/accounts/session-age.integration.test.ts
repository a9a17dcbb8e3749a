import { expect, test } from "bun:test";
import { describeWithDatabases, identityOf, testBase } from "../../testing/service.ts";
import { deviceTokens } from "../auth/device-tokens.ts";
import { newId } from "../values/id.ts";
import { signInLimits } from "./limits.ts";
import { hashPassword } from "./passwords.ts";
import { refreshSession, type SessionDeps, signIn } from "./sessions.ts";
import { type Account, accountStore } from "./store.ts";

const PASSWORD = "correct horse battery";
const DAY_MS = 86_400_000;

describeWithDatabases("a session that is refreshed in time, again and again", () => {
  test.each([[90], [7]])(
    "ends after SESSION_MAX_DAYS=%d, when that day has come and not before",
    async (maxDays) => {
      const { mongo, tokenEnds, ...base } = await testBase("session-age");
      const { sign, keys } = await identityOf("me");
      const collection = mongo.db.collection<Account>("accounts");
      const account = { _id: newId("acc"), email: `${newId("mail")}@example.com` };
      await collection.insertOne({ ...account, passwordHash: await hashPassword(PASSWORD) });
      const accounts = accountStore(collection, mongo.db, { accessTtlSeconds: 60, maxDays, tokenEnds });
      const deps: SessionDeps = {
        ...{ accounts, role: "customer", audience: ["me"], accessTtlSeconds: 60 },
        ...{ signToken: sign, devices: deviceTokens("me", keys) },
        signInLimits: signInLimits({ ...base, name: newId("service") }),
      };
      const startedAt = Date.now();
      let { refreshToken } = await signIn(
        deps,
        { email: account.email, password: PASSWORD },
        { remoteAddress: "" },
      );
      const refreshAt = (ms: number) => refreshSession(deps, refreshToken, {}, new Date(startedAt + ms));
      for (let day = 1; day < maxDays; day++) ({ refreshToken } = await refreshAt(day * DAY_MS));
      ({ refreshToken } = await refreshAt(maxDays * DAY_MS - 1_000));
      await expect(refreshAt(maxDays * DAY_MS + 60_000)).rejects.toMatchObject({ status: 401 });
      // Its end is stored, so the clock cannot bring it back.
      await expect(refreshAt(0)).rejects.toMatchObject({ status: 401 });
    },
  );
});
