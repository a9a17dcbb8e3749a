// The secret of a second factor in the database, with and without keys.
import { beforeAll, expect, test } from "bun:test";
import { codeAt } from "@food/shared/accounts/second-factor/totp";
import { sealedText } from "@food/shared/storage/sealed-text";
import { call, describeWithDatabases } from "@food/shared/testing/service";
import { type CustomerService, PASSWORD, startCustomerService } from "../customer-service.builder.ts";

const newKey = () => Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString("base64");
interface Stored {
  _id: string;
  secret?: string;
  pendingSecret?: string;
}
const SEALED = /^aes256gcm\./;

describeWithDatabases("the stored secret of a second factor", () => {
  let service: CustomerService;
  beforeAll(async () => {
    service = await startCustomerService();
  });
  const restartWith = async (keys: string) => Object.assign(service.base.sealed, await sealedText(keys));
  const stored = () => service.base.mongo.db.collection<Stored>("second-factors");

  async function withFactor() {
    const { token, email, customerId } = await service.signUp();
    const path = "POST /v1/customers/me/second-factor" as const;
    const begun = await call<{ secret: string }>(service.url, path, {
      token,
      body: { currentPassword: PASSWORD },
    });
    const { secret } = begun.body;
    const find = () => stored().findOne({ _id: customerId });
    const pending = (await find())?.pendingSecret;
    const code = () => codeAt(secret, new Date());
    const confirmed = await call<{ recoveryCodes: string[] }>(service.url, `${path}/confirm`, {
      token,
      body: { code: code() },
    });
    expect(confirmed.status).toBe(200);
    const signIn = async (given: object = { code: code() }) => {
      await stored().updateOne({ _id: customerId }, { $set: { lastStep: 0 } });
      const body = { email, password: PASSWORD, ...given };
      return (await call(service.url, "POST /v1/sessions", { body })).status;
    };
    const [recoveryCode] = confirmed.body.recoveryCodes;
    return { secret, pending, recoveryCode, signIn, storedSecret: async () => (await find())?.secret };
  }

  test("is encrypted, before and after a code has confirmed it, and codes are accepted", async () => {
    await restartWith(newKey());
    const { pending, secret, storedSecret, signIn } = await withFactor();
    expect(pending).toMatch(SEALED);
    expect(await storedSecret()).toMatch(SEALED);
    expect(`${pending}${await storedSecret()}`).not.toContain(secret);
    expect(await signIn()).toBe(201);
  });

  test("from before there was a key is accepted, and encrypted with the next code", async () => {
    await restartWith("");
    const { secret, storedSecret, signIn } = await withFactor();
    expect(await storedSecret()).toBe(secret);
    const key = newKey();
    await restartWith(`plain,${key}`);
    expect([await signIn(), await storedSecret()]).toEqual([201, secret]);
    await restartWith(key);
    expect(await signIn({ code: "000000x" })).toBe(422);
    expect(await storedSecret()).toBe(secret);
    expect(await signIn()).toBe(201);
    expect(await storedSecret()).toMatch(SEALED);
    expect(await signIn()).toBe(201);
  });

  test("moves to the first key with the next code, after which the old key may go", async () => {
    const [old, next] = [newKey(), newKey()];
    await restartWith(old);
    const { signIn } = await withFactor();
    await restartWith(`${next},${old}`);
    expect(await signIn()).toBe(201);
    await restartWith(next);
    expect(await signIn()).toBe(201);
  });

  test("is not needed for recovery codes, which work when its key is gone", async () => {
    await restartWith(newKey());
    const { signIn, recoveryCode } = await withFactor();
    await restartWith(newKey());
    expect(await signIn({ recoveryCode })).toBe(201);
  });
});
