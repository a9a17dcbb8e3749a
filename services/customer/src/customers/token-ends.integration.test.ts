// The access tokens of sessions that have ended.
import { beforeAll, expect, test } from "bun:test";
import { SESSIONS_MAX } from "@food/shared/accounts/sessions";
import type { EndedSessions } from "@food/shared/accounts/token-ends/schema";
import { newTokenEnds } from "@food/shared/auth/token-ends";
import { createMetrics } from "@food/shared/observe/metrics";
import { call, describeWithDatabases, eventually, listen } from "@food/shared/testing/service";
import { customerApp } from "../app.ts";
import {
  type CustomerService,
  PASSWORD,
  type SignedUp,
  startCustomerService,
  type Tokens,
} from "../customer-service.builder.ts";

const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString()) as { sid: string };

describeWithDatabases("the access tokens of a session", () => {
  let service: CustomerService;
  /** Another process with the same database. */
  let replica: string;
  beforeAll(async () => {
    service = await startCustomerService();
    const own = { metrics: createMetrics("customer"), tokenEnds: newTokenEnds() };
    const base = { ...service.base, ...own, tokenEndsEveryMs: 20 };
    replica = await listen(base, customerApp(base));
  });
  const meAt = async (url: string, token: string) =>
    (await call(url, "GET /v1/customers/me", { token })).status;
  const signIn = async ({ email }: SignedUp) =>
    (await call<Tokens>(service.url, "POST /v1/sessions", { body: { email, password: PASSWORD } })).body;
  const refresh = (refreshToken: string) =>
    call<Tokens>(service.url, "POST /v1/sessions/refresh", { body: { refreshToken } });
  const endedAfter = async (after = "") =>
    call<EndedSessions>(service.url, `GET /internal/token-ends${after && `?after=${after}`}`, {
      token: await service.order.serviceToken("customer"),
    });

  const ways: [string, (account: SignedUp) => Promise<unknown>][] = [
    [
      "the customer signs out",
      ({ refreshToken }) => call(service.url, "POST /v1/sessions/revoke", { body: { refreshToken } }),
    ],
    [
      "the password changes",
      ({ token }) =>
        call(service.url, "POST /v1/customers/me/password", {
          token,
          body: { currentPassword: PASSWORD, newPassword: "another battery horse" },
        }),
    ],
    [
      "a refresh token is used again",
      async ({ refreshToken }) => {
        await refresh((await refresh(refreshToken)).body.refreshToken);
        expect((await refresh(refreshToken)).status).toBe(401);
      },
    ],
    [
      "it is the least recently used of too many",
      async (account) => {
        for (let nth = 0; nth < SESSIONS_MAX; nth++) await signIn(account);
      },
    ],
  ];
  test.each(ways)("end when %s: here at once, in other processes soon", async (_, end) => {
    const ada = await service.signUp();
    expect([await meAt(service.url, ada.token), await meAt(replica, ada.token)]).toEqual([200, 200]);
    await end(ada);
    expect(await meAt(service.url, ada.token)).toBe(401);
    await eventually(async () => (await meAt(replica, ada.token)) === 401);
  });

  test("stay valid when another session of the account ends", async () => {
    const ada = await service.signUp();
    const other = await signIn(ada);
    await call(service.url, "POST /v1/sessions/revoke", { body: { refreshToken: other.refreshToken } });
    await eventually(async () => (await meAt(replica, other.accessToken)) === 401);
    expect([await meAt(service.url, ada.token), await meAt(replica, ada.token)]).toEqual([200, 200]);
  });

  test("GET /internal/token-ends answers 200 with the ended sessions, by the id in their tokens", async () => {
    const [first, second] = [await service.signUp(), await service.signUp()];
    for (const { refreshToken } of [first, second])
      await call(service.url, "POST /v1/sessions/revoke", { body: { refreshToken } });
    await Bun.sleep(2);
    await call(service.url, "POST /v1/sessions/revoke", { body: { refreshToken: first.refreshToken } });
    const ids = [first, second].map(({ token }) => claimsOf(token).sid);
    const all = await endedAfter();
    expect(all.status).toBe(200);
    const [one, two] = ids.map((id) => all.body.items.find(({ sessionId }) => sessionId === id));
    expect(Date.parse(one?.until ?? "") - Date.parse(one?.endedAt ?? "")).toBe(960_000);
    expect(Date.parse(one?.endedAt ?? "")).toBeLessThanOrEqual(Date.parse(two?.endedAt ?? ""));
    const later = await endedAfter(two?.endedAt);
    expect(later.body.items.map(({ sessionId }) => sessionId)).toContain(ids[1] ?? "");
    const never = await endedAfter(new Date(Date.now() + 60_000).toISOString());
    expect(never.body).toEqual({ items: [], more: false });
  });

  test("GET /internal/token-ends answers 401, 403 and 422 to what it refuses", async () => {
    const { token } = await service.signUp();
    expect((await call(service.url, "GET /internal/token-ends", {})).status).toBe(401);
    expect((await call(service.url, "GET /internal/token-ends", { token })).status).toBe(403);
    expect((await endedAfter("yesterday")).status).toBe(422);
  });

  test("an id in a token leads to no refresh token", async () => {
    const { token, refreshToken } = await service.signUp();
    const { sid } = claimsOf(token);
    expect(sid).toMatch(/^ses_[0-9a-z]{26}$/);
    await refresh(`${sid}.x`);
    await call(service.url, "POST /v1/sessions/revoke", { body: { refreshToken: `${sid}.x` } });
    expect(await meAt(service.url, token)).toBe(200);
    expect((await refresh(refreshToken)).status).toBe(200);
  });
});
