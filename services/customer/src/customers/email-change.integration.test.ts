import { beforeAll, describe, expect, test } from "bun:test";
import { REQUESTS_PER_HOUR } from "@food/shared/accounts/links/mail-links";
import { type Inbox, mailsTo, tokenTo } from "@food/shared/testing/inbox";
import { call, describeWithDatabases, fromNewAddress } from "@food/shared/testing/service";
import {
  anEmail,
  type CustomerService,
  OPERATORS,
  PASSWORD,
  type Problem,
  type SignedUp,
  startCustomerService,
  startWithInbox,
} from "../customer-service.builder.ts";

type Outcome = Problem & { changed?: boolean };

describeWithDatabases("a change of email", () => {
  let service: CustomerService;
  let inbox: Inbox;
  beforeAll(async () => {
    ({ service, inbox } = await startWithInbox());
  });
  /** Returns when the mail has been sent. */
  async function request(
    { token }: SignedUp,
    newEmail: unknown,
    currentPassword: unknown = PASSWORD,
    headers = fromNewAddress(),
  ) {
    const body = { newEmail, currentPassword };
    const answer = await call<Problem>(service.url, "POST /v1/customers/me/email", { token, body, headers });
    await service.base.mailer.idle();
    return answer;
  }
  const confirm = (token: unknown) =>
    call<Outcome>(service.url, "POST /v1/email-changes/confirm", { body: { token } });
  const outcome = ({ status, body }: { status: number; body: Outcome }): unknown[] => [
    status,
    body.code ?? body.changed,
  ];
  const emailOf = async ({ token }: SignedUp) =>
    (await call(service.url, "GET /v1/customers/me", { token })).body.email;
  const signIn = (email: string, password = PASSWORD) =>
    call(service.url, "POST /v1/sessions", { body: { email, password }, headers: fromNewAddress() });
  async function requested() {
    const ada = await service.signUp();
    const newEmail = anEmail();
    expect((await request(ada, newEmail.toUpperCase())).status).toBe(202);
    const [old, fresh] = [tokenTo(inbox, ada.email), tokenTo(inbox, newEmail)];
    return { ada, newEmail, old, fresh };
  }
  const refused = [422, "INVALID_LINK"];

  describe("POST /v1/email-changes/confirm", () => {
    test.each(["old", "new"])(
      "answers 200 and changes with the second link, the %s one first",
      async (first) => {
        const { ada, newEmail, old, fresh } = await requested();
        const [one, other] = first === "old" ? [old, fresh] : [fresh, old];
        expect(outcome(await confirm(one))).toEqual([200, false]);
        expect(await emailOf(ada)).toBe(ada.email);
        expect(outcome(await confirm(one))).toEqual(refused);
        expect(outcome(await confirm(other))).toEqual([200, true]);
        // The session goes on.
        expect(await emailOf(ada)).toBe(newEmail);
        expect([(await signIn(ada.email)).status, (await signIn(newEmail)).status]).toEqual([401, 201]);
        expect(outcome(await confirm(other))).toEqual(refused);
        const activity = await call<{ items: { action: string }[] }>(
          service.url,
          "GET /v1/customers/me/activity",
          { token: ada.token },
        );
        expect(activity.body.items.map(({ action }) => action)).toContain("email.changed");
      },
    );

    test("with both links at once, and each of them several times, changes once", async () => {
      const { ada, newEmail, old, fresh } = await requested();
      const answers = await Promise.all([old, fresh, old, fresh, old, fresh].map(confirm));
      const changes = answers.filter(({ body }) => body.changed === true);
      expect(changes).toHaveLength(1);
      expect(await emailOf(ada)).toBe(newEmail);
    });

    test("answers 422 for a link that was replaced by a later request, is expired, foreign, or unknown", async () => {
      const { ada, old, fresh } = await requested();
      await request(ada, anEmail());
      for (const token of [old, fresh, "x".repeat(43)])
        expect(outcome(await confirm(token))).toEqual(refused);
      const { ada: eve, old: expired, fresh: foreign } = await requested();
      const links = service.base.mongo.db.collection<{ accountId: string; purpose: string }>("links");
      await links.updateOne(
        { accountId: eve.customerId, "data.side": "old" },
        { $set: { expiresAt: new Date(Date.now() - 1) } },
      );
      await links.updateOne(
        { accountId: eve.customerId, "data.side": "new" },
        { $set: { purpose: "password-reset" } },
      );
      for (const token of [expired, foreign]) expect(outcome(await confirm(token))).toEqual(refused);
      expect([await emailOf(ada), await emailOf(eve)]).toEqual([ada.email, eve.email]);
    });

    test("answers 422 when the password was changed since, and keeps the address", async () => {
      const { ada, old, fresh } = await requested();
      expect((await confirm(old)).status).toBe(200);
      const body = { currentPassword: PASSWORD, newPassword: "a quite different horse" };
      await call(service.url, "POST /v1/customers/me/password", { token: ada.token, body });
      expect(outcome(await confirm(fresh))).toEqual(refused);
      expect((await signIn(ada.email, body.newPassword)).status).toBe(201);
    });

    test("answers 409 when somebody else got the new address meanwhile", async () => {
      const { ada, newEmail, old, fresh } = await requested();
      await confirm(old);
      const other = { email: newEmail, password: PASSWORD, name: "Eve" };
      expect((await call(service.url, "POST /v1/customers", { body: other })).status).toBe(201);
      expect(outcome(await confirm(fresh))).toEqual([409, "EMAIL_TAKEN"]);
      expect(await emailOf(ada)).toBe(ada.email);
    });

    test("ends links to reset the password that went to the old address", async () => {
      const { ada, old, fresh } = await requested();
      await call(service.url, "POST /v1/password-resets", { body: { email: ada.email } });
      await service.base.mailer.idle();
      const reset = tokenTo(inbox, ada.email);
      for (const token of [old, fresh]) await confirm(token);
      const body = { token: reset, newPassword: "a quite different horse" };
      const answer = await call<Problem>(service.url, "POST /v1/password-resets/confirm", { body });
      expect(outcome(answer)).toEqual(refused);
    });

    test.each([...OPERATORS, "", "a b"].map((one) => [one]))(
      "answers 422 for the token %j",
      async (token) => {
        expect(outcome(await confirm(token))).toEqual([422, "VALIDATION_FAILED"]);
      },
    );
  });

  describe("POST /v1/customers/me/email", () => {
    test("answers 202 the same when the address is taken, whose owner gets a mail without a link", async () => {
      const [ada, bob] = [await service.signUp(), await service.signUp()];
      const free = await request(ada, anEmail());
      const taken = await request(ada, bob.email);
      expect([taken.status, taken.body]).toEqual([free.status, free.body]);
      const [mail] = mailsTo(inbox, bob.email);
      expect([mail?.subject, mail?.links]).toEqual(["You already have an account", []]);
      expect(outcome(await confirm(tokenTo(inbox, ada.email)))).toEqual([200, false]);
      expect(await emailOf(ada)).toBe(ada.email);
    });

    test("answers 401 for a wrong password, and 429 after too many", async () => {
      const ada = await service.signUp();
      const answers = [];
      for (let i = 0; i < 11; i++) answers.push(outcome(await request(ada, anEmail(), "wrong password")));
      expect(answers[0]).toEqual([401, "INVALID_CREDENTIALS"]);
      expect(answers[10]).toEqual([429, "TOO_MANY_REQUESTS"]);
    });

    test("answers 429 after too many requests of one client", async () => {
      const ada = await service.signUp();
      const headers = fromNewAddress();
      const body = { email: ada.email };
      for (let i = 0; i < REQUESTS_PER_HOUR; i++)
        await call(service.url, "POST /v1/password-resets", { body, headers });
      const answer = await request(ada, anEmail(), PASSWORD, headers);
      expect(outcome(answer)).toEqual([429, "TOO_MANY_REQUESTS"]);
    });

    test("answers 422 for the account's own address, with a pointer", async () => {
      const ada = await service.signUp();
      const { status, body } = await request(ada, ada.email.toUpperCase());
      expect([status, body.code, body.details]).toMatchObject([
        422,
        "SAME_EMAIL",
        [{ pointer: "/newEmail" }],
      ]);
    });

    test.each([...OPERATORS, "", "ada"].map((one) => [one]))(
      "answers 422 for the address %j",
      async (email) => {
        const { status, body } = await request(await service.signUp(), email);
        expect([status, body.details]).toMatchObject([422, [{ pointer: "/newEmail" }]]);
      },
    );

    test("answers 503 without a mail server", async () => {
      const without = await startCustomerService();
      const { token } = await without.signUp();
      const body = { newEmail: anEmail(), currentPassword: PASSWORD };
      const answer = await call<Problem>(without.url, "POST /v1/customers/me/email", { token, body });
      expect(outcome(answer)).toEqual([503, "MAIL_NOT_CONFIGURED"]);
    });
  });
});
