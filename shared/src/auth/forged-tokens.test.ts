// Tokens that an attacker can forge without the private key, and tokens that the key's owner must not issue.
import { describe, expect, test } from "bun:test";
import { type CryptoKey, type JWTPayload, SignJWT } from "jose";
import { runApp } from "../../testing/running-app.ts";
import { call, identityOf } from "../../testing/service.ts";
import { deviceTokens } from "./device-tokens.ts";
import { guard, withCaller } from "./guard.ts";
import { tokenVerifier } from "./tokens.ts";

const accounts = await identityOf("accounts");
const partner = await identityOf("partner");
const stranger = await identityOf("accounts");
const verify = tokenVerifier("here", {
  accounts: { roles: ["user", "service"], keys: accounts.keys.publicKeys },
  partner: { roles: ["agent"], keys: partner.keys.publicKeys },
});
const { url } = runApp((app) =>
  app
    .use(
      guard(
        {
          "GET /mine": { roles: ["user"], owns: "self" },
          "GET /internal": { services: ["accounts"] },
        },
        verify,
      ),
    )
    .use(withCaller())
    .get("/mine", ({ caller }) => caller)
    .get("/internal", ({ caller }) => caller),
);

const nowSeconds = Math.floor(Date.now() / 1000);
const header = { alg: "EdDSA", typ: "at+jwt", kid: accounts.keys.keyId };
const claims = {
  iss: "accounts",
  aud: "here",
  sub: "usr_1",
  role: "user",
  iat: nowSeconds,
  exp: nowSeconds + 300,
};
const encode = (part: unknown) =>
  Buffer.from(typeof part === "string" ? part : JSON.stringify(part)).toString("base64url");
const without = (name: keyof typeof claims) =>
  Object.fromEntries(Object.entries(claims).filter(([key]) => key !== name));

async function signed(payload: unknown, head: object = header, key: CryptoKey = accounts.keys.privateKey) {
  const input = `${encode(head)}.${encode(payload)}`;
  const signature = await crypto.subtle.sign("Ed25519", key, Buffer.from(input));
  return `${input}.${Buffer.from(signature).toString("base64url")}`;
}
const withHeader = (change: object) => signed(claims, { ...header, ...change });
const withClaims = (change: object) => signed({ ...claims, ...change });
/** HMAC with public data as its key. */
async function hmacWith(secret: Uint8Array, alg = "HS256") {
  return new SignJWT(claims as JWTPayload).setProtectedHeader({ ...header, alg }).sign(secret);
}
const publicKey = accounts.keys.publicKeys.keys[0] ?? { kty: "OKP" };
const good = await signed(claims);
const [goodHeader = "", goodPayload = "", goodSignature = ""] = good.split(".");

const forged: Record<string, string> = {
  "no signature": `${encode({ ...header, alg: "none" })}.${goodPayload}.`,
  "alg none": `${encode({ ...header, alg: "none" })}.${goodPayload}.${goodSignature}`,
  "alg None": `${encode({ ...header, alg: "None" })}.${goodPayload}.${goodSignature}`,
  "alg NONE": `${encode({ ...header, alg: "NONE" })}.${goodPayload}.${goodSignature}`,
  "alg nOnE": `${encode({ ...header, alg: "nOnE" })}.${goodPayload}.${goodSignature}`,
  "an empty alg": await withHeader({ alg: "" }),
  "no alg": await withHeader({ alg: undefined }),
  "a list for an alg": await withHeader({ alg: ["EdDSA"] }),
  "HS256 with the public key's bytes": await hmacWith(Buffer.from(publicKey.x ?? "", "base64url")),
  "HS256 with the public key's text": await hmacWith(Buffer.from(publicKey.x ?? "")),
  "HS256 with the public key as JSON": await hmacWith(Buffer.from(JSON.stringify(publicKey))),
  "HS512 with the public key": await hmacWith(Buffer.from(JSON.stringify(publicKey)), "HS512"),
  "alg RS256": await withHeader({ alg: "RS256" }),
  "alg eddsa": await withHeader({ alg: "eddsa" }),
  "alg Ed25519": await withHeader({ alg: "Ed25519" }),
  "alg ES256": await withHeader({ alg: "ES256" }),
  "the type of another token": await withHeader({ typ: "JWT" }),
  "the type of a proof": await withHeader({ typ: "dpop+jwt" }),
  "no type": await withHeader({ typ: undefined }),
  "the type of a device token": await withHeader({ typ: "device+jwt" }),
  "a device token": await deviceTokens("accounts", accounts.keys).issue({ accountId: "usr_1", version: "1" }),
  "an unknown kid": await withHeader({ kid: "unknown" }),
  "no kid": await withHeader({ kid: undefined }),
  "an empty kid": await withHeader({ kid: "" }),
  "a number for a kid": await withHeader({ kid: 1 }),
  "a kid that is a query": await withHeader({ kid: "' OR '1'='1" }),
  "a kid that is an object": await withHeader({ kid: { $ne: null } }),
  "a kid of 1 kB": await withHeader({ kid: "k".repeat(1_024) }),
  "a kid that is a path": await withHeader({ kid: "../../dev/null" }),
  "another issuer's kid": await withHeader({ kid: partner.keys.keyId }),
  "a stranger's key under our kid": await signed(claims, header, stranger.keys.privateKey),
  "a stranger's key in jwk": await signed(
    claims,
    { ...header, kid: undefined, jwk: stranger.keys.publicKeys.keys[0] },
    stranger.keys.privateKey,
  ),
  "a stranger's key at jku": await signed(
    claims,
    { ...header, kid: stranger.keys.keyId, jku: "http://127.0.0.1:1/jwks.json" },
    stranger.keys.privateKey,
  ),
  "a stranger's key at x5u": await signed(
    claims,
    { ...header, kid: stranger.keys.keyId, x5u: "http://127.0.0.1:1/cert.pem" },
    stranger.keys.privateKey,
  ),
  "a stranger's certificate in x5c": await signed(
    claims,
    { ...header, kid: stranger.keys.keyId, x5c: ["MIIBfake"] },
    stranger.keys.privateKey,
  ),
  "an unknown crit": await withHeader({ crit: ["own"], own: true }),
  "an empty crit": await withHeader({ crit: [] }),
  "an unencoded payload": await withHeader({ crit: ["b64"], b64: false }),
  "no exp": await signed(without("exp")),
  "an exp in the past": await withClaims({ exp: nowSeconds - 1 }),
  "an exp of zero": await withClaims({ exp: 0 }),
  "a text for an exp": await withClaims({ exp: String(nowSeconds + 300) }),
  "no number for an exp": await withClaims({ exp: null }),
  "an exp below zero": await withClaims({ exp: -1 }),
  "an exp that never comes": await signed(
    JSON.stringify(claims).replace(`"exp":${claims.exp}`, '"exp":1e999'),
  ),
  "an nbf in the future": await withClaims({ nbf: nowSeconds + 120 }),
  "a text for an nbf": await withClaims({ nbf: "now" }),
  "an iat in the future": await withClaims({ iat: nowSeconds + 120 }),
  "a text for an iat": await withClaims({ iat: String(nowSeconds) }),
  "no iat": await signed(without("iat")),
  "no issuer": await signed(without("iss")),
  "an unknown issuer": await withClaims({ iss: "elsewhere" }),
  "another issuer than the key's": await withClaims({ iss: "partner", role: "agent" }),
  "an issuer named __proto__": await withClaims({ iss: "__proto__" }),
  "a list of issuers": await withClaims({ iss: ["accounts"] }),
  "no audience": await signed(without("aud")),
  "another audience": await withClaims({ aud: "there" }),
  "an empty list of audiences": await withClaims({ aud: [] }),
  "an audience that only begins like ours": await withClaims({ aud: "here.example.com" }),
  "no subject": await signed(without("sub")),
  "an empty subject": await withClaims({ sub: "" }),
  "a number for a subject": await withClaims({ sub: 1 }),
  "an operator for a subject": await withClaims({ sub: { $ne: null } }),
  "a number for a session": await withClaims({ sid: 1 }),
  "an empty session": await withClaims({ sid: "" }),
  "a list for a session": await withClaims({ sid: ["ses_1"] }),
  "no role": await signed(without("role")),
  "a role that this issuer may not give": await withClaims({ role: "agent" }),
  "a list of roles": await withClaims({ role: ["user"] }),
  "a role that a partner may not give": await partner.tokenFor("usr_1", "user", "here"),
  "a service that speaks for another": await withClaims({ sub: "partner", role: "service" }),
  "an actor without a role": await withClaims({ act: { sub: "per_1" } }),
  "a role without an actor": await withClaims({ staff_role: "boss" }),
  "an actor without a subject": await withClaims({ act: {}, staff_role: "boss" }),
  "an operator for an actor": await withClaims({ act: { sub: { $ne: null } }, staff_role: "boss" }),
  "a list of staff roles": await withClaims({ act: { sub: "per_1" }, staff_role: ["boss"] }),
  "a payload that is a list": await signed([claims]),
  "a payload that is no JSON": await signed("nonsense"),
  "a duplicate claim that widens the audience away": await signed(
    `{"aud":"here",${JSON.stringify({ ...claims, aud: "there" }).slice(1)}`,
  ),
  "a changed payload": `${goodHeader}.${encode({ ...claims, sub: "usr_2" })}.${goodSignature}`,
  "a changed header": `${encode({ ...header, x: 1 })}.${goodPayload}.${goodSignature}`,
  "a signature cut short": good.slice(0, -4),
  "an empty signature": `${goodHeader}.${goodPayload}.`,
  "no payload": `${goodHeader}..${goodSignature}`,
  padding: `${good}==`,
  "standard base64": `${goodHeader}.${goodPayload}.${goodSignature.replace(/[\w-]$/, "+")}`,
  "a null byte": `${goodHeader}.${goodPayload}%00.${goodSignature}`,
  "one part more": `${good}.${goodSignature}`,
  "an encrypted form": `${goodHeader}.a.b.c.d`,
  "a refresh token": `${encode("session")}.${encode("secret")}`,
  "a token of more than 4 KiB": await withClaims({ padding: "x".repeat(6_000) }),
  "two tokens": `${good} ${good}`,
  "a token in quotes": `"${good}"`,
  nothing: "",
  "a word": "undefined",
};

describe("a user's route refuses with the same message", () => {
  const words = {
    type: "/swagger/errors#invalid_token",
    title: "Unauthorized",
    status: 401,
    code: "INVALID_TOKEN",
    detail: "The access token is missing, expired or not for this service. Sign in to this service.",
    requestId: "same",
  };

  test.each(Object.entries(forged))("%s", async (_, token) => {
    const headers = { authorization: `Bearer ${token}`, "x-request-id": "same" };
    for (const route of ["GET /mine", "GET /internal"] as const) {
      const answer = await call(url, route, { headers });
      expect([answer.status, answer.body]).toEqual([401, words]);
    }
  });

  test.each([
    ["no header", undefined],
    ["no scheme", good],
    ["another scheme", `Basic ${good}`],
    ["two blanks", `Bearer  ${good}`],
    ["something behind", `Bearer ${good} x`],
  ])("%s", async (_, authorization) => {
    const headers = { "x-request-id": "same", ...(authorization && { authorization }) };
    const answer = await call(url, "GET /mine", { headers });
    expect([answer.status, answer.body]).toEqual([401, words]);
  });
});

test("a token of 1 MB is refused at the door", async () => {
  const answer = await fetch(`${url}/mine`, {
    headers: { authorization: `Bearer ${good}${"x".repeat(1 << 20)}` },
  });
  expect(answer.status).toBe(431);
});

test("at least thirty tokens are forged", () => {
  expect(Object.keys(forged).length).toBeGreaterThanOrEqual(30);
});

describe("a good token", () => {
  test("is accepted by a route of its role, which gets the caller", async () => {
    const answer = await call(url, "GET /mine", { token: good });
    expect([answer.status, answer.body]).toEqual([
      200,
      { id: "usr_1", role: "user", issuer: "accounts", expiresAt: claims.exp * 1000 },
    ]);
    expect((await call(url, "GET /mine", { headers: { authorization: `bearer ${good}` } })).status).toBe(200);
  });

  test("of a person who acts for the subject names both", async () => {
    const token = await withClaims({ act: { sub: "per_1" }, staff_role: "boss" });
    expect(await verify(token)).toMatchObject({ id: "usr_1", actorId: "per_1", staffRole: "boss" });
  });

  test("is accepted from an issuer whose clock is slightly ahead", async () => {
    expect((await call(url, "GET /mine", { token: await withClaims({ iat: nowSeconds + 10 }) })).status).toBe(
      200,
    );
  });

  test("is accepted when this service is one of its audiences", async () => {
    expect(
      (await call(url, "GET /mine", { token: await withClaims({ aud: ["there", "here"] }) })).status,
    ).toBe(200);
  });

  test("of a user is refused by internal routes, and of a service by users' routes", async () => {
    expect((await call(url, "GET /internal", { token: good })).status).toBe(403);
    const service = await accounts.serviceToken("here");
    expect((await call(url, "GET /mine", { token: service })).status).toBe(403);
    expect((await call(url, "GET /internal", { token: service })).status).toBe(200);
  });

  test("is refused once it expires, although it was accepted before", async () => {
    const token = await withClaims({ exp: Math.floor(Date.now() / 1000) + 1 });
    const first = await verify(token);
    expect(first.expiresAt).toBeGreaterThan(Date.now() - 1_000);
    while (Date.now() < first.expiresAt) await Bun.sleep(10);
    await expect(verify(token)).rejects.toMatchObject({ status: 401 });
  });
});
