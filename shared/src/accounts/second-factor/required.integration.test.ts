// Turning a second factor off while an owner requires it, and while one begins to.
import { beforeAll, expect, test } from "bun:test";
import { describeWithDatabases, testBase } from "../../../testing/service.ts";
import type { ServiceBase } from "../../service/service-base.ts";
import { newId } from "../../values/id.ts";
import { signInLimits } from "../limits.ts";
import { hashPassword } from "../passwords.ts";
import { hashOf } from "../refresh-tokens.ts";
import { type Account, accountStore } from "../store.ts";
import { secondFactors } from "./second-factor.ts";
import { secondFactorStore } from "./store.ts";
import { newSecret, recoveryForm } from "./totp.ts";

const PASSWORD = "correct horse battery";
const RECOVERY_CODE = "one";

describeWithDatabases("a second factor that is turned off", () => {
  let base: ServiceBase;
  beforeAll(async () => {
    base = await testBase("second-factor");
  });

  /** An account with a second factor, and with a session for each of two owners. */
  async function account(requiring: () => string[]) {
    const { db } = base.mongo;
    const collection = db.collection<Account>("accounts");
    const accountId = newId("acc");
    const email = `${newId("mail")}@example.com`;
    await collection.insertOne({ _id: accountId, email, passwordHash: await hashPassword(PASSWORD) });
    const { tokenEnds } = base;
    const accounts = accountStore(collection, db, { accessTtlSeconds: 60, maxDays: 90, tokenEnds });
    const expiresAt = new Date(Date.now() + 60_000);
    for (const ownerId of ["own_1", "own_2"])
      await accounts.openSession({ _id: newId("session"), accountId, ownerId, expiresAt });
    const factors = secondFactorStore(db);
    const secret = newSecret();
    await factors.begin(accountId, secret);
    await factors.turnOn(accountId, secret, 0, [hashOf(recoveryForm(RECOVERY_CODE))]);
    const limits = signInLimits({ ...base, name: newId("service") });
    const { turnOff } = secondFactors({
      ...{ ...base, accounts, factors, signInLimits: limits },
      requiringSecondFactor: async () => requiring(),
    });
    const owners = async () => (await accounts.listSessions(accountId, 20)).map(({ ownerId }) => ownerId);
    return {
      turnOff: () => turnOff(accountId, { currentPassword: PASSWORD, recoveryCode: RECOVERY_CODE }),
      isOn: async () => (await factors.having([accountId])).length === 1,
      owners: async () => (await owners()).sort(),
    };
  }

  test("stays on while an owner requires it, and its recovery code stays unused", async () => {
    const required = ["own_1"];
    const { turnOff, isOn, owners } = await account(() => required);
    await expect(turnOff()).rejects.toMatchObject({ status: 409, code: "SECOND_FACTOR_NEEDED" });
    expect([await isOn(), await owners()]).toEqual([true, ["own_1", "own_2"]]);
    required.pop();
    await turnOff();
    expect([await isOn(), await owners()]).toEqual([false, ["own_1", "own_2"]]);
  });

  test("when an owner requires it from that moment on, ends the sessions for that owner", async () => {
    const answers = [[], ["own_2"]];
    const { turnOff, isOn, owners } = await account(() => answers.shift() ?? []);
    await turnOff();
    expect([await isOn(), await owners()]).toEqual([false, ["own_1"]]);
  });
});
