import { describe, expect, test } from "bun:test";
import { decodeJwt, decodeProtectedHeader, type JSONWebKeySet } from "jose";
import { cleanUp, eventually, identityOf, newSigningKey } from "../../testing/service.ts";
import { readSigningKeys, type SigningKeys, tokenSigner, tokenVerifier } from "./tokens.ts";

const claims = { subject: "usr_1", role: "user", audience: ["here"], ttlSeconds: 60 };
const trusting = (keys: JSONWebKeySet | { url: string }) =>
  tokenVerifier("here", { accounts: { roles: ["user"], keys } });

function serveKeys(answer: () => Response | Promise<Response>) {
  let asked = 0;
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch() {
      asked++;
      return answer();
    },
  });
  cleanUp(() => server.stop(true));
  return { url: server.url.origin, asked: () => asked };
}

describe("readSigningKeys", () => {
  const hmac = JSON.stringify({ kty: "oct", k: "c2VjcmV0", d: "x" });
  test.each([
    ["no JSON", "hunter2"],
    ["nothing", ""],
    ["a list", "[]"],
    ["null", "null"],
    ["an empty set", '{"keys":[]}'],
    ["a symmetric key", hmac],
    ["an RSA key", JSON.stringify({ kty: "RSA", n: "AQ", e: "AQAB", d: "AQ" })],
    ["a curve that does not sign", JSON.stringify({ kty: "OKP", crv: "X25519", x: "AA", d: "AA" })],
    ["a key of the wrong length", JSON.stringify({ kty: "OKP", crv: "Ed25519", x: "AA", d: "AA" })],
  ])("names the variable and not the value for %s", async (_, text) => {
    const failure = await readSigningKeys(text).catch((error: Error) => error.message);
    expect(failure).toBe("SIGNING_KEY is not valid: expected a private Ed25519 key as a JSON Web Key");
  });

  test("refuses a public key", async () => {
    const { d: _, ...publicHalf } = JSON.parse(await newSigningKey());
    await expect(readSigningKeys(JSON.stringify(publicHalf))).rejects.toThrow("SIGNING_KEY");
  });

  test("publishes no private key", async () => {
    const { publicKeys } = await readSigningKeys(await newSigningKey());
    expect(Object.keys(publicKeys.keys[0] ?? {}).sort()).toEqual(["alg", "crv", "kid", "kty", "use", "x"]);
  });
});

describe("tokenSigner", () => {
  test("writes exactly these header fields and claims", async () => {
    const keys = await readSigningKeys(await newSigningKey());
    const before = Math.floor(Date.now() / 1000);
    const token = await tokenSigner("accounts", keys)(claims);
    const { iat = 0, ...payload } = decodeJwt(token);
    expect(decodeProtectedHeader(token)).toEqual({ alg: "EdDSA", typ: "at+jwt", kid: keys.keyId });
    expect(payload).toEqual({ iss: "accounts", aud: ["here"], sub: "usr_1", role: "user", exp: iat + 60 });
    expect(iat).toBeWithin(before, Math.floor(Date.now() / 1000) + 1);
  });

  test("names the person who acts for the subject", async () => {
    const keys = await readSigningKeys(await newSigningKey());
    const actor = { id: "per_1", staffRole: "boss" };
    const token = await tokenSigner("accounts", keys)({ ...claims, actor });
    expect(decodeJwt(token)).toMatchObject({ sub: "usr_1", act: { sub: "per_1" }, staff_role: "boss" });
  });

  test("signs for two services in one process, each with its own key", async () => {
    const [one, other] = await Promise.all(
      [newSigningKey(), newSigningKey()].map(async (key) => readSigningKeys(await key)),
    );
    const signed = [tokenSigner("one", one as SigningKeys), tokenSigner("other", other as SigningKeys)];
    const kids = signed.map(async (sign) => decodeProtectedHeader(await sign(claims)).kid);
    expect(await Promise.all(kids)).toEqual([one?.keyId, other?.keyId]);
  });
});

describe("a key rotation", () => {
  test("signs with the set's first key and still accepts the others", async () => {
    const [old, next] = [await newSigningKey(), await newSigningKey()];
    const before = await readSigningKeys(old);
    const during = await readSigningKeys(JSON.stringify({ keys: [JSON.parse(next), JSON.parse(old)] }));
    const after = await readSigningKeys(next);
    const oldToken = await tokenSigner("accounts", before)(claims);
    const newToken = await tokenSigner("accounts", during)(claims);
    expect(during.keyId).toBe(after.keyId);
    expect(await trusting(during.publicKeys)(oldToken)).toMatchObject({ id: "usr_1" });
    expect(await trusting(during.publicKeys)(newToken)).toMatchObject({ id: "usr_1" });
    expect(await trusting(after.publicKeys)(newToken)).toMatchObject({ id: "usr_1" });
    await expect(trusting(after.publicKeys)(oldToken)).rejects.toMatchObject({ status: 401 });
  });
});

describe("a key rotation in three steps", () => {
  test("refuses no token while replicas at two consecutive steps run at the same time", async () => {
    const old = JSON.parse(await newSigningKey());
    const { d: _, ...oldPublic } = old;
    const next = JSON.parse(await newSigningKey());
    const { d: __, ...nextPublic } = next;
    const steps = await Promise.all(
      [{ keys: [old] }, { keys: [old, nextPublic] }, { keys: [next, oldPublic] }, { keys: [next] }].map(
        (set) => readSigningKeys(JSON.stringify(set)),
      ),
    );
    const accepts = async (verifier: SigningKeys, signer: SigningKeys) =>
      trusting(verifier.publicKeys)(await tokenSigner("accounts", signer)(claims)).then(
        () => true,
        () => false,
      );
    for (const [i, step] of steps.entries())
      for (const beside of steps.slice(i, i + 2))
        expect([i, await accepts(step, beside), await accepts(beside, step)]).toEqual([i, true, true]);
    const [first, , , last] = steps as [SigningKeys, SigningKeys, SigningKeys, SigningKeys];
    expect([await accepts(first, last), await accepts(last, first)]).toEqual([false, false]);
  });
});

describe("another service's keys", () => {
  test("are fetched once for many tokens at once", async () => {
    const accounts = await identityOf("accounts");
    const server = serveKeys(() => Response.json(accounts.keys.publicKeys));
    const verify = trusting({ url: server.url });
    const tokens = await Promise.all(
      Array.from({ length: 20 }, (_, i) => accounts.tokenFor(`usr_${i}`, "user", "here")),
    );
    await Promise.all(tokens.map(verify));
    await Promise.all(tokens.map(verify));
    expect(server.asked()).toBe(1);
  });

  test.each([
    ["answers 500", () => new Response("down", { status: 500 })],
    ["answers 404", () => new Response(null, { status: 404 })],
    ["answers with a page", () => new Response("<html>", { headers: { "content-type": "text/html" } })],
    ["answers with something else", () => Response.json({ status: "ok" })],
    ["redirects", () => Response.redirect("http://127.0.0.1:1/", 302)],
  ])("that cannot be fetched (%s) answer 503, as the token may be valid", async (_, answer) => {
    const accounts = await identityOf("accounts");
    const verify = trusting({ url: serveKeys(answer).url });
    await expect(verify(await accounts.tokenFor("usr_1", "user", "here"))).rejects.toMatchObject({
      status: 503,
      code: "KEYS_UNAVAILABLE",
    });
  });

  test("whose service is gone answer 503", async () => {
    const accounts = await identityOf("accounts");
    const verify = trusting({ url: "http://127.0.0.1:1" });
    await expect(verify(await accounts.tokenFor("usr_1", "user", "here"))).rejects.toMatchObject({
      status: 503,
    });
  });

  test("are fetched again once their service is back", async () => {
    const accounts = await identityOf("accounts");
    let up = false;
    const server = serveKeys(() =>
      up ? Response.json(accounts.keys.publicKeys) : new Response(null, { status: 503 }),
    );
    const verify = trusting({ url: server.url });
    const token = await accounts.tokenFor("usr_1", "user", "here");
    await expect(verify(token)).rejects.toMatchObject({ status: 503 });
    await verify(token).catch(() => undefined);
    up = true;
    expect(await eventually(() => verify(token).catch(() => undefined))).toMatchObject({ id: "usr_1" });
  });

  test("answer 401 for a token signed with another key", async () => {
    const [accounts, stranger] = [await identityOf("accounts"), await identityOf("accounts")];
    const server = serveKeys(() => Response.json(accounts.keys.publicKeys));
    const verify = trusting({ url: server.url });
    await expect(verify(await stranger.tokenFor("usr_1", "user", "here"))).rejects.toMatchObject({
      status: 401,
    });
  });

  test("are not fetched for a token of an untrusted issuer", async () => {
    const server = serveKeys(() => Response.json({ keys: [] }));
    const verify = trusting({ url: server.url });
    const elsewhere = await identityOf("elsewhere");
    const refused = await verify(await elsewhere.tokenFor("usr_1", "user", "here")).catch((error) => error);
    expect([refused.status, server.asked()]).toEqual([401, 0]);
  });
});
