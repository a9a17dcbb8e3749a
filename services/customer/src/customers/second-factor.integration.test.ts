import { beforeAll, describe, expect, test } from "bun:test";
import { CODE_TRIES } from "@food/shared/accounts/second-factor/second-factor";
import { codeAt } from "@food/shared/accounts/second-factor/totp";
import { type Inbox, mailsTo, tokenTo } from "@food/shared/testing/inbox";
import { call, describeWithDatabases, fromNewAddress } from "@food/shared/testing/service";
import {
  type CustomerService,
  OPERATORS,
  PASSWORD,
  type Problem,
  type SignedUp,
  startWithInbox,
} from "../customer-service.builder.ts";

interface Begun {
  secret: string;
  uri: string;
}
type Path = "" | "/confirm" | "/disable";

describeWithDatabases("a second factor", () => {
  let service: CustomerService;
  let inbox: Inbox;
  beforeAll(async () => {
    ({ service, inbox } = await startWithInbox());
  });
  const ask = <T = Problem>({ token }: SignedUp, path: Path, body: object) =>
    call<T>(service.url, `POST /v1/customers/me/second-factor${path}`, { token, body });
  const begin = (who: SignedUp, currentPassword: unknown = PASSWORD) =>
    ask<Begun & Problem>(who, "", { currentPassword });
  const confirm = (who: SignedUp, code: unknown) =>
    ask<{ recoveryCodes: string[] } & Problem>(who, "/confirm", { code });
  const disable = (who: SignedUp, given: object, currentPassword = PASSWORD) =>
    ask(who, "/disable", { currentPassword, ...given });
  const signIn = ({ email }: SignedUp, given: object = {}, password = PASSWORD) =>
    call<Problem>(service.url, "POST /v1/sessions", {
      body: { email, password, ...given },
      headers: fromNewAddress(),
    });
  const state = async ({ token }: SignedUp) =>
    (await call(service.url, "GET /v1/customers/me/second-factor", { token })).body;
  const outcome = ({ status, body }: { status: number; body: Problem }): unknown[] => [status, body?.code];
  const stored = () => service.base.mongo.db.collection<{ _id: string }>("second-factors");

  /** The code of the current step, or of one nearby. */
  const codeOf = (secret: string, steps = 0) => codeAt(secret, new Date(Date.now() + steps * 30_000));
  /** A code that this secret does not have now. */
  const wrongFor = (secret: string) => {
    const right = [-2, -1, 0, 1, 2].map((steps) => codeOf(secret, steps));
    return ["000000", "111111", "222222", "333333", "444444", "555555"].find((code) => !right.includes(code));
  };
  /** As after the steps of the codes that were used. */
  const forgetStep = ({ customerId }: SignedUp) =>
    stored().updateOne({ _id: customerId }, { $set: { lastStep: 0 } });

  async function withFactor() {
    const ada = await service.signUp();
    const { secret } = (await begin(ada)).body;
    const { status, body } = await confirm(ada, codeOf(secret));
    expect(status).toBe(200);
    await forgetStep(ada);
    // The mail that says so comes before those of what follows.
    await service.base.mailer.idle();
    return { ada, secret, recoveryCodes: body.recoveryCodes };
  }
  const WRONG = [401, "INVALID_SECOND_FACTOR"];

  describe("POST /v1/sessions", () => {
    test("answers 401 SECOND_FACTOR_REQUIRED to the right password alone, and 201 with the code", async () => {
      const { ada, secret } = await withFactor();
      expect(outcome(await signIn(ada))).toEqual([401, "SECOND_FACTOR_REQUIRED"]);
      expect(outcome(await signIn(ada, {}, "wrong password"))).toEqual([401, "INVALID_CREDENTIALS"]);
      const code = codeOf(secret);
      expect(outcome(await signIn(ada, { code }, "wrong password"))).toEqual([401, "INVALID_CREDENTIALS"]);
      expect((await signIn(ada, { code })).status).toBe(201);
    });

    test("accepts each code once, also by five at once, and none of an earlier step", async () => {
      const { ada, secret } = await withFactor();
      const code = codeOf(secret, 1);
      const answers = await Promise.all(Array.from({ length: 5 }, () => signIn(ada, { code })));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, 401, 401, 401, 401]);
      expect(outcome(await signIn(ada, { code: codeOf(secret) }))).toEqual(WRONG);
    });

    test("accepts each recovery code once, also by two at once, and says so by mail", async () => {
      const { ada, recoveryCodes } = await withFactor();
      const [first = "", second = ""] = recoveryCodes;
      const both = await Promise.all([1, 2].map(() => signIn(ada, { recoveryCode: first })));
      expect(both.map(({ status }) => status).sort()).toEqual([201, 401]);
      const typed = second.toUpperCase().replaceAll("-", "");
      expect((await signIn(ada, { recoveryCode: typed })).status).toBe(201);
      expect(await state(ada)).toEqual({ enabled: true, recoveryCodesLeft: 8 });
      await service.base.mailer.idle();
      expect(mailsTo(inbox, ada.email)[0]?.subject).toBe("A recovery code was used");
    });

    test("still needs a code after a reset of the password", async () => {
      const { ada, secret } = await withFactor();
      const newPassword = "a quite different horse";
      await call(service.url, "POST /v1/password-resets", { body: { email: ada.email } });
      await service.base.mailer.idle();
      const body = { token: tokenTo(inbox, ada.email), newPassword };
      expect((await call(service.url, "POST /v1/password-resets/confirm", { body })).status).toBe(204);
      expect(outcome(await signIn(ada, {}, newPassword))).toEqual([401, "SECOND_FACTOR_REQUIRED"]);
      expect((await signIn(ada, { code: codeOf(secret) }, newPassword)).status).toBe(201);
    });

    test("answers 429 after too many wrong codes from any addresses, and a recovery code still works", async () => {
      const { ada, secret, recoveryCodes } = await withFactor();
      const code = wrongFor(secret);
      for (let i = 0; i < CODE_TRIES.max; i++) expect(outcome(await signIn(ada, { code }))).toEqual(WRONG);
      expect((await signIn(ada, { code: codeOf(secret) })).status).toBe(429);
      expect((await signIn(ada, { recoveryCode: recoveryCodes[0] })).status).toBe(201);
    });

    test("counts a wrong code like a wrong password of this client", async () => {
      const { ada } = await withFactor();
      const headers = fromNewAddress();
      const body = { email: ada.email, password: PASSWORD, recoveryCode: "wrong" };
      const statuses: number[] = [];
      for (let i = 0; i < 11; i++)
        statuses.push((await call(service.url, "POST /v1/sessions", { body, headers })).status);
      expect(statuses).toEqual([...Array(10).fill(401), 429]);
    });

    test.each([...OPERATORS, "12345", "1234567", "12345a", " 12345", null].map((one) => [one]))(
      "answers 422 for the code %j",
      async (code) => {
        const { email } = { email: "ada@example.com" };
        const answer = await signIn({ email } as SignedUp, { code });
        expect([answer.status, answer.body.details]).toMatchObject([422, [{ pointer: "/code" }]]);
      },
    );
  });

  describe("POST /v1/customers/me/second-factor", () => {
    test("answers 201 with a secret and its URI, and changes nothing until a code confirms it", async () => {
      const ada = await service.signUp();
      const { status, body } = await begin(ada);
      expect([status, new URL(body.uri).searchParams.get("secret")]).toEqual([201, body.secret]);
      expect(await state(ada)).toEqual({ enabled: false, recoveryCodesLeft: 0 });
      expect((await signIn(ada)).status).toBe(201);
    });

    test("answers 401 for a wrong password, and 409 when one is on", async () => {
      const { ada } = await withFactor();
      expect(outcome(await begin(ada, "wrong password"))).toEqual([401, "INVALID_CREDENTIALS"]);
      expect(outcome(await begin(ada))).toEqual([409, "SECOND_FACTOR_ON"]);
    });

    test.each([...OPERATORS, null].map((one) => [one]))(
      "answers 422 for the password %j",
      async (password) => {
        const { status, body } = await begin(await service.signUp(), password);
        expect([status, body.details]).toMatchObject([422, [{ pointer: "/currentPassword" }]]);
      },
    );
  });

  describe("POST /v1/customers/me/second-factor/confirm", () => {
    test("answers 200 with ten recovery codes, of which only hashes are stored, and says so by mail", async () => {
      const { ada, recoveryCodes } = await withFactor();
      expect(recoveryCodes).toHaveLength(10);
      expect(await state(ada)).toEqual({ enabled: true, recoveryCodesLeft: 10 });
      const document = JSON.stringify(await stored().findOne({ _id: ada.customerId }));
      for (const code of recoveryCodes) expect(document).not.toContain(code.replaceAll("-", ""));
      await service.base.mailer.idle();
      expect(mailsTo(inbox, ada.email)[0]?.subject).toBe("Your second factor is on");
    });

    test("uses its code up", async () => {
      const ada = await service.signUp();
      const { secret } = (await begin(ada)).body;
      const code = codeOf(secret);
      await confirm(ada, code);
      expect(outcome(await signIn(ada, { code }))).toEqual(WRONG);
    });

    test("answers 401 for a wrong code and that of an earlier secret, and 429 after too many", async () => {
      const ada = await service.signUp();
      const earlier = (await begin(ada)).body.secret;
      const { secret } = (await begin(ada)).body;
      expect(outcome(await confirm(ada, codeOf(earlier)))).toEqual(WRONG);
      for (let i = 1; i < CODE_TRIES.max; i++)
        expect(outcome(await confirm(ada, wrongFor(secret)))).toEqual(WRONG);
      expect((await confirm(ada, codeOf(secret))).status).toBe(429);
      expect(await state(ada)).toMatchObject({ enabled: false });
    });

    test("answers 409 when nothing was begun, and to all but one of several at once", async () => {
      const ada = await service.signUp();
      expect(outcome(await confirm(ada, "000000"))).toEqual([409, "SECOND_FACTOR_NOT_BEGUN"]);
      const { secret } = (await begin(ada)).body;
      const answers = await Promise.all([1, 2, 3].map(() => confirm(ada, codeOf(secret))));
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
    });

    test("answers 422 for a code that is none", async () => {
      const { status, body } = await confirm(await service.signUp(), { $gt: "" });
      expect([status, body.details]).toMatchObject([422, [{ pointer: "/code" }]]);
    });
  });

  describe("POST /v1/customers/me/second-factor/disable", () => {
    test("answers 204 with password and code, or with password and recovery code", async () => {
      for (const kind of ["code", "recoveryCode"]) {
        const { ada, secret, recoveryCodes } = await withFactor();
        const given = kind === "code" ? { code: codeOf(secret) } : { recoveryCode: recoveryCodes[3] };
        expect((await disable(ada, given)).status).toBe(204);
        expect((await signIn(ada)).status).toBe(201);
        expect(await state(ada)).toEqual({ enabled: false, recoveryCodesLeft: 0 });
      }
    });

    test("answers 401 without the code, with a wrong one, and with a wrong password", async () => {
      const { ada, secret } = await withFactor();
      expect(outcome(await disable(ada, {}))).toEqual([401, "SECOND_FACTOR_REQUIRED"]);
      expect(outcome(await disable(ada, { code: wrongFor(secret) }))).toEqual(WRONG);
      const code = codeOf(secret);
      expect(outcome(await disable(ada, { code }, "wrong password"))).toEqual([401, "INVALID_CREDENTIALS"]);
      expect(await state(ada)).toMatchObject({ enabled: true });
    });

    test("answers 422 for a recovery code that is none", async () => {
      const { status, body } = await disable(await service.signUp(), { recoveryCode: ["x"] });
      expect([status, body.details]).toMatchObject([422, [{ pointer: "/recoveryCode" }]]);
    });
  });
});
