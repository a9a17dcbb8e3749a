import { beforeAll, describe, expect, test } from "bun:test";
import { MAILS_PER_HOUR, REQUESTS_PER_HOUR } from "@food/shared/accounts/links/mail-links";
import { type Inbox, mailsTo, tokenTo } from "@food/shared/testing/inbox";
import {
  call,
  describeWithDatabases,
  fromNewAddress,
  NO_DATABASES,
  testBase,
} from "@food/shared/testing/service";
import {
  anEmail,
  type CustomerService,
  OPERATORS,
  PASSWORD,
  type Problem,
  startCustomerService,
  startWithInbox,
  type Tokens,
} from "../customer-service.builder.ts";

const OTHER_PASSWORD = "a quite different horse";

describeWithDatabases("with email verification", () => {
  let service: CustomerService;
  let inbox: Inbox;
  beforeAll(async () => {
    ({ service, inbox } = await startWithInbox({ EMAIL_VERIFICATION: "required" }));
  });
  /** Returns when the mail has been sent. */
  async function post<T extends object = Problem>(path: `/${string}`, body: object) {
    const answer = await call<T>(service.url, `POST ${path}`, { body, headers: fromNewAddress() });
    await service.base.mailer.idle();
    return answer;
  }
  const signUp = (email: string, password = PASSWORD) =>
    post("/v1/customers", { email, password, name: "Ada" });
  const signIn = (email: string, password = PASSWORD) =>
    post<Tokens & Problem>("/v1/sessions", { email, password });
  const sendAgain = (email: unknown) => post("/v1/email-verifications", { email });
  const confirm = (token: unknown, password: unknown = PASSWORD) =>
    post<Problem & { customerId: string }>("/v1/email-verifications/confirm", { token, password });
  const outcome = ({ status, body }: { status: number; body: Problem }) => [status, body.code];
  async function customer(email = anEmail()) {
    await signUp(email);
    expect((await confirm(tokenTo(inbox, email))).status).toBe(201);
    return email;
  }

  describe("POST /v1/customers", () => {
    test("answers 202 the same for a free and a taken address, and mails them different things", async () => {
      const [free, taken] = [anEmail(), await customer()];
      const answers = [await signUp(free), await signUp(taken.toUpperCase(), OTHER_PASSWORD)];
      expect(answers[0]?.status).toBe(202);
      expect(answers[0]?.body).toEqual(answers[1]?.body as never);
      expect(answers[1]?.status).toBe(202);
      expect(mailsTo(inbox, free)[0]?.subject).toBe("Confirm your email address");
      const [mail] = mailsTo(inbox, taken);
      expect([mail?.subject, mail?.links]).toEqual(["You already have an account", []]);
      expect((await signIn(taken)).status).toBe(201);
      expect(outcome(await signIn(taken, OTHER_PASSWORD))).toEqual([401, "INVALID_CREDENTIALS"]);
    });

    test("keeps the password as a hash only, and makes no account", async () => {
      const email = anEmail();
      await signUp(email);
      const { db } = service.base.mongo;
      const stored = await db.collection("sign-ups").findOne({ email });
      expect(stored?.passwordHash).toStartWith("$argon2id$");
      expect(JSON.stringify(stored)).not.toContain(PASSWORD);
      expect(await db.collection("customers").findOne({ email })).toBeNull();
    });

    test("stops mailing one address silently", async () => {
      const email = anEmail();
      for (let i = 0; i <= MAILS_PER_HOUR; i++) expect((await signUp(email)).status).toBe(202);
      expect(mailsTo(inbox, email)).toHaveLength(MAILS_PER_HOUR);
    });
  });

  describe("POST /v1/email-verifications/confirm", () => {
    test("answers 201 with the profile, after which signing in works", async () => {
      const email = anEmail();
      await signUp(email);
      const [link] = mailsTo(inbox, email)[0]?.links ?? [];
      expect(link).toStartWith("https://web.example/confirm-email#token=");
      const { status, body } = await confirm(tokenTo(inbox, email));
      expect(status).toBe(201);
      expect(body).toMatchObject({ customerId: expect.stringMatching(/^cus_/), email, name: "Ada" });
      expect((await signIn(email)).status).toBe(201);
    });

    test("answers 422 for a link that is used, expired, of another purpose, or unknown", async () => {
      const [used, expired, foreign] = [anEmail(), anEmail(), anEmail()];
      for (const email of [used, expired, foreign]) await signUp(email);
      const { db } = service.base.mongo;
      const links = db.collection<{ purpose: string; accountId: string }>("links");
      const linkOf = async (email: string) => {
        const signUp = await db.collection<{ _id: string }>("sign-ups").findOne({ email });
        return { accountId: String(signUp?._id) };
      };
      await links.updateOne(await linkOf(expired), { $set: { expiresAt: new Date(Date.now() - 1) } });
      await links.updateOne(await linkOf(foreign), { $set: { purpose: "password-reset" } });
      const token = tokenTo(inbox, used);
      expect((await confirm(token)).status).toBe(201);
      for (const old of [token, tokenTo(inbox, expired), tokenTo(inbox, foreign), "x".repeat(43)]) {
        const { status, body } = await confirm(old);
        expect([status, body.code, body.details]).toMatchObject([
          422,
          "INVALID_LINK",
          [{ pointer: "/token" }],
        ]);
      }
    });

    test("answers 401 for another password and 429 after ten tries, and makes no account", async () => {
      const email = anEmail();
      await signUp(email);
      const token = tokenTo(inbox, email);
      const answers = [];
      for (let i = 0; i < 11; i++) answers.push(outcome(await confirm(token, OTHER_PASSWORD)));
      expect(answers).toEqual([...Array(10).fill([401, "INVALID_CREDENTIALS"]), [429, "TOO_MANY_REQUESTS"]]);
      expect(outcome(await signIn(email, OTHER_PASSWORD))).toEqual([401, "INVALID_CREDENTIALS"]);
    });

    test("of two sign-ups with one address, each link works with its own password, and the first makes the account", async () => {
      const email = anEmail();
      await signUp(email, OTHER_PASSWORD);
      const strangers = tokenTo(inbox, email);
      await signUp(email);
      const mine = tokenTo(inbox, email);
      expect(outcome(await confirm(strangers))).toEqual([401, "INVALID_CREDENTIALS"]);
      expect((await confirm(mine)).status).toBe(201);
      expect(outcome(await confirm(strangers, OTHER_PASSWORD))).toEqual([422, "INVALID_LINK"]);
      expect((await signIn(email)).status).toBe(201);
    });

    test("answers 409 to all but one of those who confirm one address at once", async () => {
      const email = anEmail();
      const tokens: string[] = [];
      for (let i = 0; i < 3; i++) {
        await signUp(email);
        tokens.push(tokenTo(inbox, email));
      }
      const answers = await Promise.all([...tokens, ...tokens].map((token) => confirm(token)));
      const statuses = answers.map(({ status }) => status);
      expect(statuses.filter((status) => status === 201)).toHaveLength(1);
      for (const answer of answers)
        if (answer.status !== 201)
          expect([
            [409, "EMAIL_TAKEN"],
            [422, "INVALID_LINK"],
          ]).toContainEqual(outcome(answer));
    });

    test.each([...OPERATORS, "", "a b", null].map((one) => [one]))("answers 422 for %j", async (value) => {
      expect(outcome(await confirm(value))).toEqual([422, "VALIDATION_FAILED"]);
      if (typeof value !== "string" || value === "")
        expect(outcome(await confirm("x", value))).toEqual([422, "VALIDATION_FAILED"]);
    });
  });

  describe("POST /v1/sessions before the confirmation", () => {
    test("answers 403 with the right password only, and 401 once the request has expired", async () => {
      const email = anEmail();
      await signUp(email);
      expect(outcome(await signIn(email))).toEqual([403, "EMAIL_NOT_VERIFIED"]);
      const wrong = await signIn(email, OTHER_PASSWORD);
      const unknown = await signIn(anEmail(), OTHER_PASSWORD);
      expect({ ...wrong.body, requestId: "" }).toEqual({ ...unknown.body, requestId: "" } as never);
      expect(outcome(wrong)).toEqual([401, "INVALID_CREDENTIALS"]);
      const expiresAt = new Date(Date.now() - 1);
      await service.base.mongo.db.collection("sign-ups").updateOne({ email }, { $set: { expiresAt } });
      expect(outcome(await signIn(email))).toEqual([401, "INVALID_CREDENTIALS"]);
    });
  });

  describe("POST /v1/email-verifications", () => {
    test("answers 202 the same for each address, and mails those that wait for a confirmation", async () => {
      const [waiting, unknown, taken] = [anEmail(), anEmail(), await customer()];
      await signUp(waiting);
      const mailed = mailsTo(inbox, taken).length;
      const answers = [await sendAgain(waiting), await sendAgain(unknown), await sendAgain(taken)];
      expect(answers.map(({ status, body }) => ({ status, body }))).toEqual(
        Array(3).fill({ status: 202, body: { next: "check_mail" } }),
      );
      expect([mailsTo(inbox, waiting), mailsTo(inbox, unknown)].map(({ length }) => length)).toEqual([2, 0]);
      expect(mailsTo(inbox, taken)).toHaveLength(mailed);
      expect((await confirm(tokenTo(inbox, waiting))).status).toBe(201);
    });

    test("answers 429 after too many requests of one client", async () => {
      const headers = fromNewAddress();
      const statuses: number[] = [];
      for (let i = 0; i <= REQUESTS_PER_HOUR; i++) {
        const body = { email: anEmail() };
        statuses.push((await call(service.url, "POST /v1/email-verifications", { body, headers })).status);
      }
      expect(statuses).toEqual([...Array(REQUESTS_PER_HOUR).fill(202), 429]);
    });

    test.each([...OPERATORS, "", "ada"].map((one) => [one]))(
      "answers 422 for the address %j",
      async (email) => {
        expect(outcome(await sendAgain(email))).toEqual([422, "VALIDATION_FAILED"]);
      },
    );

    test("answers 503 without a mail server", async () => {
      const { url } = await startCustomerService();
      const answer = await call<Problem>(url, "POST /v1/email-verifications", { body: { email: anEmail() } });
      expect(outcome(answer)).toEqual([503, "MAIL_NOT_CONFIGURED"]);
    });
  });

  test("a service does not start without a mail server", async () => {
    const config = { EMAIL_VERIFICATION: "required" };
    await expect(testBase("customer", { ...NO_DATABASES, config })).rejects.toThrow("MAIL_URL is not set");
  });
});
