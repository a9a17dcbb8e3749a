import { beforeAll, describe, expect, test } from "bun:test";
import { decodeJwt } from "jose";
import { silentLog } from "../../testing/running-app.ts";
import { cleanUp, identityOf, NO_REDIS } from "../../testing/service.ts";
import { deviceTokens } from "../auth/device-tokens.ts";
import { jointLimits } from "../storage/rate-limit.ts";
import { connectRedis } from "../storage/redis.ts";
import { newId } from "../values/id.ts";
import { hashPassword } from "./passwords.ts";
import { type SessionDeps, signIn } from "./sessions.ts";
import type { Account, AccountStore } from "./store.ts";

const PASSWORD = "correct horse battery";
const LIMIT = { max: 3, windowMs: 60_000 };

describe("signing in from one address", () => {
  let deps: SessionDeps;
  let ada: Account;
  beforeAll(async () => {
    const { sign, keys } = await identityOf("me");
    const redis = connectRedis(NO_REDIS, silentLog);
    cleanUp(() => redis.disconnect());
    ada = { _id: newId("cus"), email: "ada@example.com", passwordHash: await hashPassword(PASSWORD) };
    const accounts: Partial<AccountStore> = {
      findByEmail: async (email) => (email === ada.email ? ada : null),
      findById: async () => ada,
      openSession: async () => ({ acknowledged: true, insertedId: "" }),
      closeOldSessions: async () => {},
    };
    deps = {
      accounts: accounts as AccountStore,
      signToken: sign,
      devices: deviceTokens("me", keys),
      signInLimits: jointLimits(redis, "sign-in", {
        perAccount: { name: "account", ...LIMIT },
        perAddress: { name: "address", ...LIMIT },
        strangers: { name: "strangers", ...LIMIT, max: 1_000 },
        perDevice: { name: "device", ...LIMIT },
      }),
      role: "customer",
      audience: ["me"],
      accessTtlSeconds: 60,
    };
  });
  const wrongFrom = (address: string) =>
    signIn(
      deps,
      { email: `${newId("who")}@example.com`, password: "wrong password" },
      { remoteAddress: address },
    );
  const rightFrom = (address: string) =>
    signIn(deps, { email: ada.email, password: PASSWORD }, { remoteAddress: address });

  test("throws 429 after too many wrong tries for different accounts, and does not limit other addresses", async () => {
    const tries = await Promise.allSettled(Array.from({ length: 5 }, () => wrongFrom("10.0.0.1")));
    const statuses = tries.map((tried) => tried.status === "rejected" && tried.reason.status);
    expect(statuses.sort()).toEqual([401, 401, 401, 429, 429]);
    await expect(rightFrom("10.0.0.1")).rejects.toMatchObject({ status: 429 });
    expect(await rightFrom("10.0.0.2")).toMatchObject({ tokenType: "Bearer" });
  });

  test("does not count correct tries", async () => {
    for (let i = 0; i < 5; i++) await rightFrom("10.0.0.3");
    for (let i = 0; i < 3; i++) await expect(wrongFrom("10.0.0.3")).rejects.toMatchObject({ status: 401 });
  });

  test("takes the role that the person has once the session is stored", async () => {
    let staffRole = "cook";
    const given: unknown[] = [];
    const acting: SessionDeps = {
      ...deps,
      accounts: {
        ...deps.accounts,
        openSession: async () => {
          staffRole = "setup";
          return { acknowledged: true, insertedId: "" };
        },
      },
      requireSecondFactor: async () => true,
      chooseOwner: async ({ secondFactorAt }) => {
        given.push(secondFactorAt);
        return { ownerId: "own_1", actor: { id: ada._id, staffRole }, answer: {} };
      },
    };
    const credentials = { email: ada.email, password: PASSWORD };
    const { accessToken } = await signIn(acting, credentials, { remoteAddress: "10.0.0.4" });
    expect(decodeJwt(accessToken).staff_role).toBe("setup");
    expect(given).toEqual([expect.any(Date), expect.any(Date)]);
  });
});
