import { beforeAll, describe, expect, test } from "bun:test";
import { signInLimits } from "@food/shared/accounts/limits";
import { SESSIONS_MAX } from "@food/shared/accounts/sessions";
import {
  call,
  describeWithDatabases,
  fromNewAddress,
  metricIn,
  NO_REDIS,
} from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  anEmail,
  type CustomerService,
  OPERATORS,
  PASSWORD,
  startCustomerService,
  type Tokens,
  withoutId,
} from "../customer-service.builder.ts";

const partsOf = (token: string) =>
  token
    .split(".")
    .slice(0, 2)
    .map((part) => JSON.parse(Buffer.from(part, "base64url").toString()));

describeWithDatabases("sessions", () => {
  let service: CustomerService;
  beforeAll(async () => {
    service = await startCustomerService();
  });
  const headers = fromNewAddress();
  const signIn = (email: string, password = PASSWORD, from = headers) =>
    call<Tokens & { code: string }>(service.url, "POST /v1/sessions", {
      body: { email, password },
      headers: from,
    });
  const refresh = (refreshToken: string) =>
    call<Tokens & { code: string }>(service.url, "POST /v1/sessions/refresh", { body: { refreshToken } });
  const revoke = (refreshToken: string) =>
    call(service.url, "POST /v1/sessions/revoke", { body: { refreshToken } });

  describe("POST /v1/sessions", () => {
    test("answers 201 with a token for this customer", async () => {
      const { email, customerId } = await service.signUp();
      const { status, body } = await signIn(email.toUpperCase());
      expect(status).toBe(201);
      expect(body).toMatchObject({ tokenType: "Bearer", expiresIn: 900 });
      const [header, claims] = partsOf(body.accessToken);
      expect(header).toMatchObject({ alg: "EdDSA", typ: "at+jwt" });
      expect(claims).toMatchObject({
        iss: "customer",
        sub: customerId,
        role: "customer",
        aud: ["customer", "order"],
      });
      expect(claims.exp - claims.iat).toBe(900);
    });

    test("keeps the twenty most recently used sessions, also when many sign in at once", async () => {
      const { email, customerId, refreshToken } = await service.signUp();
      const sessions = service.base.mongo.db.collection<{ _id: string; accountId: string; expiresAt: Date }>(
        "sessions",
      );
      const idOf = (token: string) => token.split(".")[0] ?? "";
      const daysAhead = (days: number) => new Date(Date.now() + days * 86_400_000);
      await sessions.updateOne({ _id: idOf(refreshToken) }, { $set: { expiresAt: daysAhead(1) } });
      const others = Array.from({ length: SESSIONS_MAX - 2 }, (_, nth) => ({
        ...{ _id: newId("session"), accountId: customerId, tokenHash: "x" },
        expiresAt: daysAhead(2 + nth),
      }));
      await sessions.insertMany(others);
      expect((await signIn(email)).status).toBe(201);
      const { body: kept } = await refresh(refreshToken);
      const answers = await Promise.all(Array.from({ length: 4 }, () => signIn(email)));
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
      const left = await sessions.find({ accountId: customerId, endedAt: { $exists: false } }).toArray();
      expect(left).toHaveLength(SESSIONS_MAX);
      const ids = left.map(({ _id }) => _id);
      expect(others.slice(0, 4).some(({ _id }) => ids.includes(_id))).toBe(false);
      for (const { refreshToken: one } of [kept, ...answers.map(({ body }) => body)])
        expect(ids).toContain(idOf(one));
    });

    test("answers a wrong password and an unknown account alike", async () => {
      const { email } = await service.signUp();
      const wrong = await signIn(email, "wrong password");
      const unknown = await signIn(anEmail(), "wrong password");
      expect([wrong.status, wrong.body.code]).toEqual([401, "INVALID_CREDENTIALS"]);
      expect(withoutId(wrong as never)).toEqual(withoutId(unknown as never));
    });

    test("answers 429 with Retry-After after ten wrong tries, whether or not the account exists", async () => {
      const { email } = await service.signUp();
      for (const address of [email, anEmail()]) {
        const tries = await Promise.all(Array.from({ length: 10 }, () => signIn(address, "wrong password")));
        expect(new Set(tries.map(({ status }) => status))).toEqual(new Set([401]));
        const next = await signIn(address);
        expect([next.status, next.body.code]).toEqual([429, "TOO_MANY_REQUESTS"]);
        expect(Number(next.headers.get("retry-after"))).toBeWithin(60, 901);
      }
    });

    test("checks only ten of many concurrent wrong tries", async () => {
      const { email } = await service.signUp();
      const tries = await Promise.all(Array.from({ length: 40 }, () => signIn(email, "wrong password")));
      expect(tries.filter(({ status }) => status === 401)).toHaveLength(10);
    });

    test("limits the address that tried, whatever X-Forwarded-For it sends, and no other", async () => {
      const { email } = await service.signUp();
      const { "x-forwarded-for": address } = fromNewAddress();
      const signInFrom = (forwardedFor: string | undefined, password = PASSWORD) =>
        call(service.url, "POST /v1/sessions", {
          body: { email, password },
          ...(forwardedFor && { headers: { "x-forwarded-for": forwardedFor } }),
        });
      for (let i = 0; i < 10; i++)
        expect((await signInFrom(`10.0.0.${i}, ${address}`, "wrong password")).status).toBe(401);
      expect((await signInFrom(`10.0.0.99, ${address}`)).status).toBe(429);
      expect((await signInFrom(fromNewAddress()["x-forwarded-for"])).status).toBe(201);
      expect((await signInFrom(undefined)).status).toBe(201);
    });

    test("limits an address after a hundred wrong tries for different accounts, and no other", async () => {
      const { email } = await service.signUp();
      const from = fromNewAddress();
      // Checking a password is work for some tenths of a second.
      const limits = signInLimits(service.base);
      for (let i = 0; i < 95; i++) await limits.take({ perAddress: from["x-forwarded-for"] });
      const wrong = Array.from({ length: 10 }, () => signIn(anEmail(), "wrong password", from));
      const statuses = (await Promise.all(wrong)).map(({ status }) => status);
      expect(statuses.sort()).toEqual([...Array(5).fill(401), ...Array(5).fill(429)]);
      expect((await signIn(email, PASSWORD, from)).status).toBe(429);
      expect((await signIn(email)).status).toBe(201);
    });

    test("counts in the metrics by outcome, with the work for passwords", async () => {
      const figure = async (name: string, ...labels: string[]) =>
        metricIn(await service.base.metrics.render(), name, ...labels);
      const { email } = await service.signUp();
      const wrong = 'outcome="invalid_credentials"';
      const before = await figure("sign_ins_total", wrong);
      const hashes = await figure("password_hashes_total");
      await signIn(email, "wrong password");
      await signIn(email);
      expect(await figure("sign_ins_total", wrong)).toBe(before + 1);
      expect(await figure("sign_ins_total", 'outcome="success"')).toBeGreaterThan(0);
      expect(await figure("password_hashes_total")).toBe(hashes + 2);
      expect(await figure("password_queue", 'state="waiting"')).toBe(0);
    });

    test("does not count correct tries", async () => {
      const { email } = await service.signUp();
      for (let i = 0; i < 12; i++) expect((await signIn(email)).status).toBe(201);
    });

    test.each([
      ["no password", { email: "a@example.com" }],
      ["an invalid email", { email: "a", password: PASSWORD }],
      ["an unknown field", { email: "a@example.com", password: PASSWORD, admin: true }],
      ...OPERATORS.flatMap((operator): [string, object][] => [
        [`${JSON.stringify(operator)} for an email`, { email: operator, password: PASSWORD }],
        [`${JSON.stringify(operator)} for a password`, { email: "a@example.com", password: operator }],
      ]),
    ])("answers 422 for %s", async (_, body) => {
      expect((await call(service.url, "POST /v1/sessions", { body })).status).toBe(422);
    });
  });

  describe("POST /v1/sessions/revoke", () => {
    test("answers 204 and ends the session, also when there is none", async () => {
      const { refreshToken } = await service.signUp();
      expect((await revoke(refreshToken)).status).toBe(204);
      expect((await refresh(refreshToken)).status).toBe(401);
      expect((await revoke(refreshToken)).status).toBe(204);
      expect((await revoke("unknown")).status).toBe(204);
    });
  });

  describe("POST /v1/customers/me/password", () => {
    const change = (token: string | undefined, currentPassword: unknown, newPassword: unknown) =>
      call(service.url, "POST /v1/customers/me/password", {
        ...(token !== undefined && { token }),
        body: { currentPassword, newPassword },
      });

    test("answers 204, ends all sessions, and then only the new password is correct", async () => {
      const ada = await service.signUp();
      const other = (await signIn(ada.email)).body.refreshToken;
      expect((await change(ada.token, PASSWORD, "another password")).status).toBe(204);
      for (const token of [ada.refreshToken, other]) expect((await refresh(token)).status).toBe(401);
      expect((await signIn(ada.email)).status).toBe(401);
      expect((await signIn(ada.email, "another password")).status).toBe(201);
    });

    test("when two changes are concurrent, one wins, and no session of the old password remains", async () => {
      const ada = await service.signUp();
      const [first, second, ...signedIn] = await Promise.all([
        change(ada.token, PASSWORD, "first password"),
        change(ada.token, PASSWORD, "second password"),
        ...Array.from({ length: 5 }, () => signIn(ada.email)),
      ]);
      expect([first?.status, second?.status].sort()).toEqual([204, 401]);
      for (const { status, body } of signedIn)
        if (status === 201) expect((await refresh((body as Tokens).refreshToken)).status).toBe(401);
    });

    test("answers 401 for a wrong current password and changes nothing", async () => {
      const ada = await service.signUp();
      expect((await change(ada.token, "wrong password", "another password")).status).toBe(401);
      expect((await refresh(ada.refreshToken)).status).toBe(200);
    });

    test("answers 422 for a new password that is unchanged, too short, or an operator", async () => {
      const ada = await service.signUp();
      expect((await change(ada.token, PASSWORD, PASSWORD)).body.code).toBe("SAME_PASSWORD");
      expect((await change(ada.token, PASSWORD, "1234567")).status).toBe(422);
      for (const operator of OPERATORS) {
        expect((await change(ada.token, operator, "another password")).status).toBe(422);
        expect((await change(ada.token, PASSWORD, operator)).status).toBe(422);
      }
    });

    test("answers 401 without a token and to a refresh token", async () => {
      const { refreshToken } = await service.signUp();
      for (const token of [undefined, refreshToken])
        expect((await change(token, PASSWORD, "another password")).body.code).toBe("INVALID_TOKEN");
    });
  });
});

describeWithDatabases("sessions without Redis", () => {
  test("are still opened, refreshed and limited", async () => {
    const service = await startCustomerService({ redisUrl: NO_REDIS });
    const ada = await service.signUp();
    const renewed = await call(service.url, "POST /v1/sessions/refresh", {
      body: { refreshToken: ada.refreshToken },
    });
    expect(renewed.status).toBe(200);
    const body = { email: ada.email, password: "wrong password" };
    const tries = await Promise.all(
      Array.from({ length: 15 }, () => call(service.url, "POST /v1/sessions", { body })),
    );
    expect(tries.map(({ status }) => status).sort()).toEqual([...Array(10).fill(401), ...Array(5).fill(429)]);
  });
});
