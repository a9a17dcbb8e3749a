import { beforeAll, expect, test } from "bun:test";
import { REFRESH_GRACE_MS } from "@food/shared/accounts/sessions";
import { type Answer, call, describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  type CustomerService,
  OPERATORS,
  PASSWORD,
  startCustomerService,
  type Tokens,
} from "../customer-service.builder.ts";

const NO_TOKENS: unknown[] = [...OPERATORS, "", null, 1, "x".repeat(201)];
const TABS = 8;

interface StoredSession {
  _id: string;
  accountId: string;
  tokenHash: string;
  previous?: { usedAt: Date };
}

describeWithDatabases("POST /v1/sessions/refresh", () => {
  let service: CustomerService;
  beforeAll(async () => {
    service = await startCustomerService();
  });
  type Refreshed = Answer<Tokens & { code: string }>;
  const refresh = (refreshToken: string): Promise<Refreshed> =>
    call(service.url, "POST /v1/sessions/refresh", { body: { refreshToken } });
  const signInAgain = async (email: string) =>
    (await call<Tokens>(service.url, "POST /v1/sessions", { body: { email, password: PASSWORD } })).body;
  const sessions = () => service.base.mongo.db.collection<StoredSession>("sessions");
  const familyOf = (refreshToken: string) => refreshToken.split(".")[0] ?? "";
  /** As if the last refresh had been that long ago. */
  const ageBy = (refreshToken: string, ms: number) =>
    sessions().updateOne(
      { _id: familyOf(refreshToken) },
      { $set: { "previous.usedAt": new Date(Date.now() - ms) } },
    );

  test("exchanges a refresh token for new tokens, which are valid", async () => {
    const { refreshToken } = await service.signUp();
    const second = await refresh(refreshToken);
    expect(second.status).toBe(200);
    expect(second.body.refreshToken).not.toBe(refreshToken);
    const me = await call(service.url, "GET /v1/customers/me", { token: second.body.accessToken });
    expect(me.status).toBe(200);
    expect((await refresh(second.body.refreshToken)).status).toBe(200);
  });

  test("gives the same successor to a repeat within the grace, and both access tokens are valid", async () => {
    const { refreshToken } = await service.signUp();
    const first = await refresh(refreshToken);
    const again = await refresh(refreshToken);
    expect([again.status, again.body.refreshToken]).toEqual([200, first.body.refreshToken]);
    for (const { body } of [first, again])
      expect((await call(service.url, "GET /v1/customers/me", { token: body.accessToken })).status).toBe(200);
    expect((await refresh(again.body.refreshToken)).status).toBe(200);
  });

  test("when eight tabs refresh at once, again and again, signs none of them out", async () => {
    let tabs = Array<string>(TABS).fill((await service.signUp()).refreshToken);
    for (let round = 0; round < 10; round++) {
      const answers = await Promise.all(tabs.map(refresh));
      expect(answers.map(({ status }) => status)).toEqual(Array(TABS).fill(200));
      tabs = answers.map(({ body }) => body.refreshToken);
      expect(new Set(tabs).size).toBe(1);
    }
  });

  test("answers 401 to a used token after the grace, and ends its session and no other", async () => {
    const { email, refreshToken } = await service.signUp();
    const other = (await signInAgain(email)).refreshToken;
    const second = (await refresh(refreshToken)).body.refreshToken;
    await ageBy(refreshToken, REFRESH_GRACE_MS + 1_000);
    const again = await refresh(refreshToken);
    expect([again.status, again.body.code]).toEqual([401, "INVALID_REFRESH_TOKEN"]);
    expect((await refresh(second)).status).toBe(401);
    expect((await refresh(other)).status).toBe(200);
  });

  test("answers 401 to a token two refreshes old, also within the grace, and ends its session", async () => {
    const { refreshToken } = await service.signUp();
    const second = (await refresh(refreshToken)).body.refreshToken;
    const third = (await refresh(second)).body.refreshToken;
    expect((await refresh(refreshToken)).status).toBe(401);
    for (const token of [second, third]) expect((await refresh(token)).status).toBe(401);
  });

  test("when a used token comes with its successor, ends the session whichever is first", async () => {
    for (let round = 0; round < 5; round++) {
      const { refreshToken } = await service.signUp();
      const second = (await refresh(refreshToken)).body.refreshToken;
      await ageBy(refreshToken, REFRESH_GRACE_MS + 1_000);
      const [stolen, honest] = await Promise.all([refresh(refreshToken), refresh(second)]);
      expect(stolen.status).toBe(401);
      for (const token of [refreshToken, second, honest.body.refreshToken ?? second])
        expect((await refresh(token)).status).toBe(401);
    }
  });

  test("does not take a guessed secret for a repeat", async () => {
    const { refreshToken } = await service.signUp();
    await refresh(refreshToken);
    expect((await refresh(`${familyOf(refreshToken)}.x`)).status).toBe(401);
  });

  test("answers 401 to the token of a session that has expired", async () => {
    const { refreshToken } = await service.signUp();
    await refresh(refreshToken);
    await sessions().updateOne(
      { _id: familyOf(refreshToken) },
      { $set: { expiresAt: new Date(0) } as never },
    );
    expect((await refresh(refreshToken)).status).toBe(401);
  });

  test("refreshes a session that an earlier version stored and rotated", async () => {
    const { refreshToken } = await service.signUp();
    const second = (await refresh(refreshToken)).body.refreshToken;
    // An earlier version replaces the hash and knows of nothing else.
    const third = `${familyOf(refreshToken)}.${newId("secret")}`;
    const tokenHash = new Bun.CryptoHasher("sha256").update(third.split(".")[1] ?? "").digest("base64url");
    await sessions().updateOne({ _id: familyOf(refreshToken) }, { $set: { tokenHash } });
    expect((await refresh(third)).status).toBe(200);
    expect((await refresh(second)).status).toBe(401);
  });

  test("does not revive the successor that an earlier version has rotated away", async () => {
    const { refreshToken } = await service.signUp();
    await refresh(refreshToken);
    await sessions().updateOne({ _id: familyOf(refreshToken) }, { $set: { tokenHash: "another" } });
    expect((await refresh(refreshToken)).status).toBe(401);
  });

  test.each([["x"], ["."], ["a.b"], ["a.b.c"], [newId("ses")]])("answers 401 to %p", async (token) => {
    expect((await refresh(token)).status).toBe(401);
  });

  test.each(NO_TOKENS.map((value): [unknown] => [value]))("answers 422 to %j", async (refreshToken) => {
    const body = { refreshToken };
    expect((await call(service.url, "POST /v1/sessions/refresh", { body })).status).toBe(422);
    expect((await call(service.url, "POST /v1/sessions/revoke", { body })).status).toBe(422);
  });

  test("stores no refresh token in plain text, neither the used nor the current one", async () => {
    const { refreshToken, customerId } = await service.signUp();
    const next = (await refresh(refreshToken)).body.refreshToken;
    const stored = await sessions().find({ accountId: customerId }).toArray();
    expect(stored).toHaveLength(1);
    for (const token of [refreshToken, next])
      expect(JSON.stringify(stored)).not.toContain(token.split(".")[1] ?? "none");
  });
});
