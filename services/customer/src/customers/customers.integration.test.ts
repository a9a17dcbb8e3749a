import { beforeAll, describe, expect, test } from "bun:test";
import { call, describeWithDatabases, fromNewAddress, withRealHashes } from "@food/shared/testing/service";
import {
  anEmail,
  type CustomerService,
  OPERATORS,
  PASSWORD,
  type Problem,
  type SignedUp,
  startCustomerService,
} from "../customer-service.builder.ts";

describeWithDatabases("customers", () => {
  let service: CustomerService;
  let ada: SignedUp;
  beforeAll(async () => {
    service = await startCustomerService();
    ada = await service.signUp();
  });
  const register = (change: object = {}) =>
    call(service.url, "POST /v1/customers", {
      body: { email: anEmail(), password: PASSWORD, name: "Ada", ...change },
    });

  describe("POST /v1/customers", () => {
    test("answers 201 with the profile, without the password", async () => {
      const email = anEmail();
      const { status, body } = await register({ email, phone: "+49 30 1234567" });
      expect(status).toBe(201);
      expect(body).toEqual({
        customerId: expect.stringMatching(/^cus_[0-9a-z]{26}$/),
        email,
        name: "Ada",
        phone: "+49 30 1234567",
        createdAt: expect.stringMatching(/Z$/),
      });
    });

    describe("with a real hash", () => {
      withRealHashes();
      test("stores the password only as an argon2id hash", async () => {
        const { body } = await register();
        const stored = await service.base.mongo.db
          .collection<{ _id: string; passwordHash: string }>("customers")
          .findOne({ _id: String(body.customerId) });
        expect(stored?.passwordHash).toStartWith("$argon2id$v=19$m=19456,t=2,p=1$");
        expect(JSON.stringify(stored)).not.toContain(PASSWORD);
      });
    });

    test("answers 409 when the email address has an account, in any letter case", async () => {
      const email = anEmail();
      expect((await register({ email })).status).toBe(201);
      for (const again of [email, email.toUpperCase()]) {
        const { status, body } = await register({ email: again });
        expect([status, body.code]).toEqual([409, "EMAIL_TAKEN"]);
        expect(JSON.stringify(body).toLowerCase()).not.toContain(email);
      }
    });

    test("creates one account from ten concurrent sign-ups", async () => {
      const email = anEmail();
      const answers = await Promise.all(Array.from({ length: 10 }, () => register({ email })));
      expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(9).fill(409)]);
    });

    test("answers 429 with Retry-After when the hour's sign-ups from one address are used up", async () => {
      const { url } = await startCustomerService({ signUpsPerHour: 2 });
      const headers = fromNewAddress();
      const signUp = (from = headers) =>
        call(url, "POST /v1/customers", {
          body: { email: anEmail(), password: PASSWORD, name: "Ada" },
          headers: from,
        });
      expect([(await signUp()).status, (await signUp()).status]).toEqual([201, 201]);
      const spoofed = { "x-forwarded-for": `198.51.100.1, ${headers["x-forwarded-for"]}` };
      for (const again of [await signUp(), await signUp(spoofed)]) {
        expect([again.status, again.body.code]).toEqual([429, "TOO_MANY_REQUESTS"]);
        expect(Number(again.headers.get("retry-after"))).toBeWithin(60, 3_601);
      }
      expect((await signUp(fromNewAddress())).status).toBe(201);
    });

    test.each([
      ["no email", { email: undefined }],
      ["an invalid email", { email: "ada" }],
      ["a short password", { password: "1234567" }],
      ["an endless password", { password: "x".repeat(129) }],
      ["no name", { name: undefined }],
      ["a blank name", { name: "  " }],
      ["a name of two lines", { name: "a\nb" }],
      ["an invalid phone", { phone: "call me" }],
      ["an id of its own", { customerId: "cus_1" }],
      ["a database id", { _id: "1" }],
      ["a role", { role: "service" }],
      ["a hash of its own", { passwordHash: "x" }],
      ...["email", "password", "name", "phone"].flatMap((field) =>
        OPERATORS.map((operator): [string, object] => [
          `${JSON.stringify(operator)} for ${field}`,
          { [field]: operator },
        ]),
      ),
    ])("answers 422 for %s", async (_, change) => {
      const { status, body } = await register(change);
      expect([status, body.code]).toEqual([422, "VALIDATION_FAILED"]);
    });
  });

  describe("/v1/customers/me", () => {
    const patch = (body: object, token = ada.token) =>
      call(service.url, "PATCH /v1/customers/me", { token, body });

    test("answers 200 with my own profile", async () => {
      const { status, body } = await call(service.url, "GET /v1/customers/me", { token: ada.token });
      expect([status, body.customerId, body.email]).toEqual([200, ada.customerId, ada.email]);
      expect(Object.keys(body).sort()).toEqual(["createdAt", "customerId", "email", "name"]);
    });

    test("changes only the name, and sets and removes the phone", async () => {
      expect((await patch({ phone: "+49 30 1234567" })).body).toMatchObject({ phone: "+49 30 1234567" });
      expect((await patch({ name: "Ada L." })).body).toMatchObject({
        name: "Ada L.",
        phone: "+49 30 1234567",
      });
      const without = await patch({ phone: null });
      expect(without.status).toBe(200);
      expect(without.body).not.toHaveProperty("phone");
      expect((await patch({ name: "Ada", phone: null })).body.name).toBe("Ada");
      const { body } = await call(service.url, "GET /v1/customers/me", { token: ada.token });
      expect(body).toEqual((await patch({ name: "Ada" })).body);
    });

    test.each([
      ["nothing", {}],
      ["a name of null", { name: null }],
      ["an email", { email: "new@example.com" }],
      ["a password", { password: "new password" }],
      ["an operator", { $set: { email: "x" } }],
      ["a dotted name", { "addresses.0": {} }],
      ["addresses", { addresses: [] }],
      ...OPERATORS.map((operator): [string, object] => [
        JSON.stringify(operator),
        { name: operator, phone: operator },
      ]),
    ])("answers 422 to a change of %s", async (_, body) => {
      expect((await patch(body)).status).toBe(422);
    });

    test("answers 401 without a token, to a service's token and to a token of another service", async () => {
      const foreign = [
        await service.restaurant.tokenFor(ada.customerId, "customer", "customer"),
        await service.restaurant.serviceToken("customer"),
        await service.base.signToken({
          subject: "customer",
          role: "service",
          audience: ["customer"],
          ttlSeconds: 60,
        }),
        ada.refreshToken,
      ];
      for (const token of [undefined, ...foreign]) {
        const as = token === undefined ? {} : { token };
        const read = await call<Problem>(service.url, "GET /v1/customers/me", as);
        const change = await call<Problem>(service.url, "PATCH /v1/customers/me", {
          ...as,
          body: { name: "x" },
        });
        for (const { status, body } of [read, change])
          expect([status, body.code]).toEqual([401, "INVALID_TOKEN"]);
      }
    });
  });
});
