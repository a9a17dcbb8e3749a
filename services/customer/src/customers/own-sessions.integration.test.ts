import { beforeAll, describe, expect, test } from "bun:test";
import type { OwnSession } from "@food/shared/accounts/own-sessions/schema";
import { SESSIONS_MAX } from "@food/shared/accounts/sessions";
import { call, describeWithDatabases, eventually } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import type { Page } from "@food/shared/values/page";
import {
  type CustomerService,
  OPERATORS,
  PASSWORD,
  type Problem,
  type SignedUp,
  startCustomerService,
  type Tokens,
  withoutId,
} from "../customer-service.builder.ts";

const DAY_MS = 86_400_000;
const PHONE = "FoodApp/2.1 (iPhone; iOS 18.6)";
const BROWSER = "Mozilla/5.0 (Windows NT 10.0; rv:143.0) Gecko/20100101 Firefox/143.0";

interface StoredSession {
  _id: string;
  createdAt?: Date;
  lastUsedAt?: Date;
}

describeWithDatabases("my sessions", () => {
  let service: CustomerService;
  beforeAll(async () => {
    service = await startCustomerService();
  });
  const signIn = async ({ email }: SignedUp, userAgent = BROWSER, address = "203.0.113.7") =>
    (
      await call<Tokens>(service.url, "POST /v1/sessions", {
        body: { email, password: PASSWORD },
        headers: { "user-agent": userAgent, "x-forwarded-for": address },
      })
    ).body;
  const refresh = (refreshToken: string, headers: Record<string, string> = {}) =>
    call<Tokens & Problem>(service.url, "POST /v1/sessions/refresh", { body: { refreshToken }, headers });
  const list = async (token: string) => {
    const answer = await call<Page<OwnSession>>(service.url, "GET /v1/sessions", { token });
    expect([answer.status, answer.body.nextCursor]).toEqual([200, null]);
    return answer.body.items;
  };
  const end = (token: string, sessionId: string, currentPassword: unknown = PASSWORD) =>
    call<Problem>(service.url, `DELETE /v1/sessions/${sessionId}`, { token, body: { currentPassword } });
  const currentOf = async (token: string) =>
    (await list(token)).find(({ current }) => current)?.sessionId ?? "none";
  const meAt = async (token: string) => (await call(service.url, "GET /v1/customers/me", { token })).status;
  const sessions = () => service.base.mongo.db.collection<StoredSession>("sessions");
  const familyOf = (refreshToken: string) => refreshToken.split(".")[0] ?? "";

  describe("GET /v1/sessions", () => {
    test("answers 200 with each session, newest first, and marks that of the token", async () => {
      const ada = await service.signUp();
      const [phone, browser] = [await signIn(ada, PHONE, "10.1.2.3"), await signIn(ada)];
      const items = await list(phone.accessToken);
      expect(items).toMatchObject([
        { device: "Firefox on Windows", addressClass: "internet", current: false },
        { device: "FoodApp on iPhone", addressClass: "private_network", current: true },
        { addressClass: "this_machine", current: false },
      ]);
      for (const { sessionId, createdAt, lastUsedAt = "" } of items) {
        expect(sessionId).toMatch(/^ses_[0-9a-z]{26}$/);
        expect([createdAt, Math.abs(Date.parse(lastUsedAt) - Date.now()) < 60_000]).toEqual([
          lastUsedAt,
          true,
        ]);
      }
      expect((await list(browser.accessToken)).map(({ current }) => current)).toEqual([true, false, false]);
      expect(await list((await service.signUp()).token)).toHaveLength(1);
    });

    test("has the last use, the device and the rough place of the last refresh", async () => {
      const ada = await service.signUp();
      const before = (await list(ada.token))[0];
      await sessions().updateOne({ _id: familyOf(ada.refreshToken) }, { $set: { lastUsedAt: new Date(0) } });
      await refresh(ada.refreshToken, { "user-agent": PHONE, "x-forwarded-for": "203.0.113.7" });
      const [after] = await list(ada.token);
      expect(after).toMatchObject({ device: "FoodApp on iPhone", addressClass: "internet", current: true });
      expect([after?.sessionId, after?.createdAt]).toEqual([before?.sessionId ?? "", before?.createdAt]);
      expect(Date.parse(after?.lastUsedAt ?? "")).toBeGreaterThan(Date.now() - 60_000);
    });

    test("has no session that has ended or expired, and at most twenty", async () => {
      const ada = await service.signUp();
      const [ended, expired] = [await signIn(ada), await signIn(ada)];
      const body = { refreshToken: ended.refreshToken };
      await call(service.url, "POST /v1/sessions/revoke", { body });
      const past = { $set: { expiresAt: new Date(Date.now() - 1) } };
      await sessions().updateOne({ _id: familyOf(expired.refreshToken) }, past);
      expect(await list(ada.token)).toHaveLength(1);
      const { customerId: accountId } = ada;
      const others = Array.from({ length: SESSIONS_MAX }, () => ({
        ...{
          _id: newId("family"),
          accountId,
          createdAt: new Date(),
          expiresAt: new Date(Date.now() + DAY_MS),
        },
      }));
      await sessions().insertMany(others);
      expect(await list(ada.token)).toHaveLength(SESSIONS_MAX);
    });

    test("has sessions that an earlier version stored, and they go on", async () => {
      const ada = await service.signUp();
      const newer = await signIn(ada);
      const unset = { createdAt: "", lastUsedAt: "", device: "", addressClass: "" } as const;
      await sessions().updateOne({ _id: familyOf(ada.refreshToken) }, { $unset: unset });
      const [, old] = await list(newer.accessToken);
      expect(old).toEqual({ sessionId: await currentOf(ada.token), current: false });
      expect((await refresh(ada.refreshToken)).status).toBe(200);
      const createdAt = (await list(ada.token)).find(({ current }) => current)?.createdAt;
      expect(Date.parse(createdAt ?? "")).toBeGreaterThan(Date.now() - 60_000);
    });

    test("a session is stored without the token and without the User-Agent", async () => {
      const ada = await service.signUp();
      const { refreshToken } = await signIn(ada, `${PHONE} ${"x".repeat(2_000)}`);
      const stored = JSON.stringify(await sessions().findOne({ _id: familyOf(refreshToken) }));
      expect(stored).toContain("FoodApp on iPhone");
      for (const text of ["iOS 18.6", "xxx", refreshToken.split(".")[1] ?? "none"])
        expect(stored).not.toContain(text);
    });
  });

  describe("DELETE /v1/sessions/:sessionId", () => {
    test("answers 204, ends that session with its access token and no other, and is recorded", async () => {
      const ada = await service.signUp();
      const phone = await signIn(ada, PHONE);
      const sessionId = await currentOf(phone.accessToken);
      expect((await end(ada.token, sessionId)).status).toBe(204);
      expect([await meAt(phone.accessToken), (await refresh(phone.refreshToken)).status]).toEqual([401, 401]);
      expect([await meAt(ada.token), (await refresh(ada.refreshToken)).status]).toEqual([200, 200]);
      expect(await list(ada.token)).toHaveLength(1);
      const activity = await call(service.url, "GET /v1/customers/me/activity", { token: ada.token });
      expect(activity.body).toMatchObject({
        items: [{ action: "session.closed", subject: sessionId }, {}, {}, {}],
      });
    });

    test("ends its own session as well", async () => {
      const ada = await service.signUp();
      expect((await end(ada.token, await currentOf(ada.token))).status).toBe(204);
      expect([await meAt(ada.token), (await refresh(ada.refreshToken)).status]).toEqual([401, 401]);
    });

    test("answers 404 alike for a session that is another's, has ended, or never was", async () => {
      const [ada, eve] = [await service.signUp(), await service.signUp()];
      const gone = await signIn(eve);
      const ended = await currentOf(gone.accessToken);
      await end(eve.token, ended);
      const answers = await Promise.all(
        [await currentOf(ada.token), ended, newId("ses")].map((id) => end(eve.token, id)),
      );
      for (const answer of answers) {
        expect([answer.status, answer.body.code]).toEqual([404, "SESSION_NOT_FOUND"]);
        expect(withoutId(answer as never)).toEqual(withoutId(answers[0] as never));
      }
      expect([await meAt(ada.token), (await refresh(ada.refreshToken)).status]).toEqual([200, 200]);
    });

    test("answers 401 for a wrong password and ends nothing, and 429 after too many", async () => {
      const ada = await service.signUp();
      const sessionId = await currentOf(ada.token);
      const tries = await Promise.all(
        Array.from({ length: 11 }, () => end(ada.token, sessionId, "wrong one")),
      );
      expect(tries.map(({ status }) => status).sort()).toEqual([...Array(10).fill(401), 429]);
      expect(await list(ada.token)).toHaveLength(1);
    });

    test("answers 422 for a password that is none, and 404 for another form of id", async () => {
      const ada = await service.signUp();
      expect((await end(ada.token, "ses_x")).status).toBe(404);
      const sessionId = await currentOf(ada.token);
      for (const password of [...OPERATORS, null])
        expect((await end(ada.token, sessionId, password)).status).toBe(422);
    });

    test("when two devices end each other at once, both are signed out", async () => {
      for (let round = 0; round < 5; round++) {
        const ada = await service.signUp();
        const devices = await Promise.all([signIn(ada), signIn(ada)]);
        const [one, other] = devices.map(({ accessToken }) => accessToken) as [string, string];
        const [oneId, otherId] = [await currentOf(one), await currentOf(other)];
        const answers = await Promise.all([end(one, otherId), end(other, oneId)]);
        expect(answers.map(({ status }) => status)).toEqual([204, 204]);
        expect([await meAt(one), await meAt(other)]).toEqual([401, 401]);
        for (const { refreshToken } of devices) expect((await refresh(refreshToken)).status).toBe(401);
      }
    });

    test("when the session is being refreshed, none of its tokens outlives it", async () => {
      for (let round = 0; round < 10; round++) {
        const ada = await service.signUp();
        let { refreshToken, accessToken } = await signIn(ada);
        const ending = end(ada.token, await currentOf(accessToken));
        // Until the end: some of these refreshes are before it, and one is under way.
        for (
          let renewed = await refresh(refreshToken);
          renewed.status === 200;
          renewed = await refresh(refreshToken)
        )
          ({ refreshToken, accessToken } = renewed.body);
        expect((await ending).status).toBe(204);
        expect([await meAt(accessToken), (await refresh(refreshToken)).status]).toEqual([401, 401]);
      }
    });
  });

  describe("the age of a session", () => {
    /** As if it had been opened so many days ago. */
    const ageTo = (refreshToken: string, days: number) =>
      sessions().updateOne(
        { _id: familyOf(refreshToken) },
        { $set: { createdAt: new Date(Date.now() - days * DAY_MS) } },
      );

    test("when it reaches SESSION_MAX_DAYS, it cannot be refreshed, and is listed no more", async () => {
      const [ada, eve] = [await service.signUp(), await service.signUp()];
      await ageTo(ada.refreshToken, service.base.SESSION_MAX_DAYS - 0.01);
      const { refreshToken } = (await refresh(ada.refreshToken)).body;
      expect(await list(ada.token)).toHaveLength(1);
      await ageTo(refreshToken, service.base.SESSION_MAX_DAYS);
      expect(await list(ada.token)).toEqual([]);
      // A repeat within the grace as well.
      expect((await refresh(ada.refreshToken)).body.code).toBe("INVALID_REFRESH_TOKEN");
      expect((await refresh(refreshToken)).status).toBe(401);
      await eventually(async () => (await meAt(ada.token)) === 401);
      expect((await refresh(eve.refreshToken)).status).toBe(200);
    });
  });
});
