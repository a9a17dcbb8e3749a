import { beforeAll, describe, expect, test } from "bun:test";
import { MAILS_PER_HOUR, REQUESTS_PER_HOUR } from "@food/shared/accounts/links/mail-links";
import { type Inbox, mailConfig, mailsTo, tokenTo } from "@food/shared/testing/inbox";
import { runApp } from "@food/shared/testing/running-app";
import {
  call,
  describeWithDatabases,
  fromNewAddress,
  NO_DATABASES,
  testBase,
} from "@food/shared/testing/service";
import { customerApp } from "../app.ts";
import {
  anEmail,
  type CustomerService,
  OPERATORS,
  PASSWORD,
  type Problem,
  startCustomerService,
  startWithInbox,
  type Tokens,
  withoutId,
} from "../customer-service.builder.ts";

const NEW_PASSWORD = "a quite different horse";

describeWithDatabases("password resets", () => {
  let service: CustomerService;
  let inbox: Inbox;
  beforeAll(async () => {
    ({ service, inbox } = await startWithInbox());
  });
  /** Returns when the mail has been sent. */
  const request = async (email: unknown, headers = fromNewAddress()) => {
    const answer = await call(service.url, "POST /v1/password-resets", { body: { email }, headers });
    await service.base.mailer.idle();
    return answer;
  };
  const confirm = (token: unknown, newPassword: unknown = NEW_PASSWORD) =>
    call<Problem>(service.url, "POST /v1/password-resets/confirm", { body: { token, newPassword } });
  const signIn = (email: string, password: string) =>
    call<Tokens>(service.url, "POST /v1/sessions", { body: { email, password }, headers: fromNewAddress() });
  const linkFor = async (email: string) => {
    await request(email);
    return tokenTo(inbox, email);
  };

  describe("POST /v1/password-resets", () => {
    test("answers 202, the same for a known and an unknown address, and mails the known one a link", async () => {
      const { email } = await service.signUp();
      const stranger = anEmail();
      const [known, unknown] = [await request(email.toUpperCase()), await request(stranger)];
      expect(known.status).toBe(202);
      expect(withoutId(known)).toEqual(withoutId(unknown));
      expect(mailsTo(inbox, stranger)).toEqual([]);
      const [mail] = mailsTo(inbox, email);
      expect(mail?.subject).toBe("Set a new password");
      expect(mail?.links).toEqual([expect.stringMatching(/^https:\/\/web\.example\/reset-password#token=/)]);
    });

    test("answers without a question to the database, so that its time does not tell", async () => {
      const mongoUrl = NO_DATABASES.mongoUrl;
      const base = {
        ...service.base,
        ...(await testBase("customer", { mongoUrl, config: mailConfig(inbox) })),
      };
      const { app } = customerApp(base);
      await base.prepare(async () => undefined);
      const url = runApp(() => app).url;
      expect((await call(url, "POST /v1/password-resets", { body: { email: anEmail() } })).status).toBe(202);
    });

    test("answers 429 after too many requests of one client, and stops mailing one address silently", async () => {
      const { email } = await service.signUp();
      const headers = fromNewAddress();
      const statuses: number[] = [];
      for (let i = 0; i <= REQUESTS_PER_HOUR; i++) statuses.push((await request(email, headers)).status);
      expect(statuses).toEqual([...Array(REQUESTS_PER_HOUR).fill(202), 429]);
      expect(mailsTo(inbox, email)).toHaveLength(MAILS_PER_HOUR);
      expect((await request(email)).status).toBe(202);
      expect(mailsTo(inbox, email)).toHaveLength(MAILS_PER_HOUR);
    });

    test.each([...OPERATORS, "", "ada", null, `${"a".repeat(250)}@x.example`].map((one) => [one]))(
      "answers 422 for the address %j",
      async (email) => {
        const { status, body } = await request(email);
        expect([status, body.code, body.details]).toMatchObject([
          422,
          "VALIDATION_FAILED",
          [{ pointer: "/email" }],
        ]);
      },
    );

    test("answers 503 without a mail server, also for an unknown address", async () => {
      const { url, signUp } = await startCustomerService();
      for (const email of [(await signUp()).email, anEmail()]) {
        const { status, body, headers } = await call(url, "POST /v1/password-resets", { body: { email } });
        expect([status, body.code]).toEqual([503, "MAIL_NOT_CONFIGURED"]);
        expect(headers.get("retry-after")).toBe("3600");
      }
    });
  });

  describe("POST /v1/password-resets/confirm", () => {
    test("answers 204, sets the password, ends all sessions, and says so by mail", async () => {
      const { email, refreshToken } = await service.signUp();
      const token = await linkFor(email);
      expect((await confirm(token)).status).toBe(204);
      expect((await signIn(email, PASSWORD)).status).toBe(401);
      expect((await signIn(email, NEW_PASSWORD)).status).toBe(201);
      const again = await call(service.url, "POST /v1/sessions/refresh", { body: { refreshToken } });
      expect(again.status).toBe(401);
      await service.base.mailer.idle();
      expect(mailsTo(inbox, email)[0]?.subject).toBe("Your password was changed");
    });

    const refused = [422, "INVALID_LINK", ["/token"]];
    const outcome = ({ status, body }: { status: number; body: Problem }) => [
      status,
      body.code,
      body.details?.map(({ pointer }) => pointer),
    ];

    test("answers 422 the same for a link that is used, replaced by a change, expired, or unknown", async () => {
      const { email } = await service.signUp();
      const [used, other] = [await linkFor(email), await linkFor(email)];
      expect((await confirm(used)).status).toBe(204);
      expect(outcome(await confirm(used))).toEqual(refused);
      // Another link of the account, older than the change.
      expect(outcome(await confirm(other, "another password"))).toEqual(refused);
      expect((await signIn(email, NEW_PASSWORD)).status).toBe(201);
      const expired = await linkFor(email);
      await service.base.mongo.db
        .collection("links")
        .updateMany({}, { $set: { expiresAt: new Date(Date.now() - 1) } });
      expect(outcome(await confirm(expired))).toEqual(refused);
      expect(outcome(await confirm("x".repeat(43)))).toEqual(refused);
    });

    test("answers 422 for a link of another purpose, and for one that a change of the password made old", async () => {
      const { email, token, customerId } = await service.signUp();
      const links = service.base.mongo.db.collection<{ purpose: string; accountId: string }>("links");
      const foreign = await linkFor(email);
      await links.updateOne({ accountId: customerId }, { $set: { purpose: "sign-up" } });
      expect(outcome(await confirm(foreign))).toEqual(refused);
      const old = await linkFor(email);
      const changed = await call(service.url, "POST /v1/customers/me/password", {
        token,
        body: { currentPassword: PASSWORD, newPassword: NEW_PASSWORD },
      });
      expect(changed.status).toBe(204);
      expect(outcome(await confirm(old))).toEqual(refused);
    });

    test("of several at once with one link exactly one succeeds, and of those with two links at most one", async () => {
      for (const links of [1, 2]) {
        const { email } = await service.signUp();
        const tokens: string[] = [];
        for (let i = 0; i < links; i++) tokens.push(await linkFor(email));
        const passwords = Array.from({ length: 6 }, (_, i) => `${NEW_PASSWORD} ${i}`);
        const answers = await Promise.all(passwords.map((one, i) => confirm(tokens[i % links], one)));
        const won = passwords.filter((_, i) => answers[i]?.status === 204);
        expect(won).toHaveLength(1);
        expect((await signIn(email, won[0] ?? "")).status).toBe(201);
      }
    });

    test("keeps the link when the new password is refused", async () => {
      const { email } = await service.signUp();
      const token = await linkFor(email);
      expect(outcome(await confirm(token, "short"))).toEqual([422, "VALIDATION_FAILED", ["/newPassword"]]);
      expect((await confirm(token)).status).toBe(204);
    });

    test.each([...OPERATORS, "", null, "a b", "x".repeat(101)].map((one) => [one]))(
      "answers 422 for the token %j",
      async (token) => {
        expect(outcome(await confirm(token))).toEqual([422, "VALIDATION_FAILED", ["/token"]]);
      },
    );
  });
});
