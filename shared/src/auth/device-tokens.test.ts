import { describe, expect, test } from "bun:test";
import { type JWTPayload, SignJWT } from "jose";
import { identityOf } from "../../testing/service.ts";
import { DEVICE_DAYS, deviceTokens } from "./device-tokens.ts";

const accounts = await identityOf("accounts");
const stranger = await identityOf("accounts");
const devices = deviceTokens("accounts", accounts.keys);
const known = { accountId: "usr_1", version: "first" };

const nowSeconds = Math.floor(Date.now() / 1000);
const header = { alg: "EdDSA", typ: "device+jwt", kid: accounts.keys.keyId };
const claims = {
  ...{ iss: "accounts", sub: "usr_1", jti: "dev_1", version: "first" },
  ...{ iat: nowSeconds, exp: nowSeconds + 300 },
};
const signed = (change: Record<string, unknown> = {}, head: object = {}, { keys } = accounts) =>
  new SignJWT({ ...claims, ...change } as JWTPayload)
    .setProtectedHeader({ ...header, ...head })
    .sign(keys.privateKey);
const good = await signed();
const hmac = new SignJWT(claims).setProtectedHeader({ ...header, alg: "HS256" });
const { x = "" } = accounts.keys.publicKeys.keys[0] ?? {};

describe("a device token", () => {
  test("names the account and its credentials, and has an id of its own", async () => {
    const [one, other] = await Promise.all([1, 2].map(async () => devices.read(await devices.issue(known))));
    expect(one).toEqual({ ...known, deviceId: expect.stringMatching(/^dev_/) });
    expect(other?.deviceId).not.toBe(one?.deviceId ?? "");
  });

  test("is valid for half a year", async () => {
    const [, payload = ""] = (await devices.issue(known)).split(".");
    const { iat, exp } = JSON.parse(Buffer.from(payload, "base64url").toString());
    expect(exp - iat).toBe(DEVICE_DAYS * 86_400);
  });

  test("of the key that is being replaced is valid", async () => {
    const { keys } = await identityOf("accounts");
    const both = { keys: [...keys.publicKeys.keys, ...accounts.keys.publicKeys.keys] };
    expect(await deviceTokens("accounts", { ...keys, publicKeys: both }).read(good)).toMatchObject(known);
  });
});

test.each<[string, string]>([
  ["an access token", await accounts.tokenFor("usr_1", "user", "accounts")],
  ["a service's token", await accounts.serviceToken("accounts")],
  ["the type of an access token", await signed({}, { typ: "at+jwt" })],
  ["the type of a ticket", await signed({}, { typ: "stream-ticket+jwt" })],
  ["no type", await signed({}, { typ: undefined })],
  ["a stranger's key under our kid", await signed({}, {}, stranger)],
  ["another issuer", await signed({ iss: "elsewhere" })],
  ["an exp in the past", await signed({ exp: nowSeconds - 1 })],
  ["no exp", await signed({ exp: undefined })],
  ["no subject", await signed({ sub: undefined })],
  ["no id", await signed({ jti: undefined })],
  ["no version", await signed({ version: undefined })],
  ["HS256 with the public key", await hmac.sign(Buffer.from(x, "base64url"))],
  ["no signature", `${good.split(".").slice(0, 2).join(".")}.`],
  ["a changed payload", good.replace(/\.[^.]+\./, `.${Buffer.from("{}").toString("base64url")}.`)],
  ["a word", "a.b.c"],
  ["nothing", ""],
])("%s is no device token", async (_, token) => expect(await devices.read(token)).toBeUndefined());
