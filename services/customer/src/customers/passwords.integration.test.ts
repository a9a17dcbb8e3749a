// What passwords may be, over HTTP: at sign-up, at sign-in and when they change.
import { beforeAll, expect, test } from "bun:test";
import { call, describeWithDatabases, fromNewAddress, withRealHashes } from "@food/shared/testing/service";
import {
  anEmail,
  type CustomerService,
  PASSWORD,
  type Problem,
  startCustomerService,
  type Tokens,
} from "../customer-service.builder.ts";

const COMPOSED = "Caf\u00e9 au lait";
const DECOMPOSED = "Cafe\u0301 au lait";

describeWithDatabases("passwords", () => {
  withRealHashes();
  let service: CustomerService;
  beforeAll(async () => {
    service = await startCustomerService();
  });
  const signUp = (body: object) =>
    call<Problem>(service.url, "POST /v1/customers", {
      body: { email: anEmail(), password: PASSWORD, name: "Ada Lovelace", ...body },
    });
  const signIn = (email: string, password: string) =>
    call<Tokens>(service.url, "POST /v1/sessions", { body: { email, password }, headers: fromNewAddress() });
  const change = (token: string, currentPassword: string, newPassword: string) =>
    call<Problem>(service.url, "POST /v1/customers/me/password", {
      token,
      body: { currentPassword, newPassword },
    });

  test.each<[{ email?: string; password: string }]>([
    [{ password: "password1234" }],
    [{ password: "PASSWORD1234" }],
    [{ password: "123456789012" }],
    [{ password: "aaaaaaaaaaaa" }],
    [{ password: "ada lovelace" }],
    [{ email: "ada.byron@example.com", password: "Ada.Byron@example.com" }],
    [{ email: "countess.ada@example.com", password: "countess.ada" }],
  ])("a sign-up with %j is answered 422 and makes no account", async (body) => {
    const { status, body: problem } = await signUp(body);
    expect([status, problem.code]).toEqual([422, "PASSWORD_EASY_TO_GUESS"]);
    expect(problem.details).toEqual([{ pointer: "/password", detail: expect.any(String) }]);
    expect(JSON.stringify(problem)).not.toContain(body.password);
    const stored = service.base.mongo.db.collection("customers");
    if (body.email) expect(await stored.countDocuments({ email: body.email })).toBe(0);
  });

  test("a change to a password that is easy to guess is answered 422, and ends nothing", async () => {
    const ada = await service.signUp();
    for (const newPassword of ["password1234", "aaaaaaaaaaaa", ada.email.toUpperCase()]) {
      const { status, body } = await change(ada.token, PASSWORD, newPassword);
      expect([status, body.code]).toEqual([422, "PASSWORD_EASY_TO_GUESS"]);
      expect(body.details).toEqual([{ pointer: "/newPassword", detail: expect.any(String) }]);
    }
    expect((await call(service.url, "GET /v1/customers/me", { token: ada.token })).status).toBe(200);
  });

  test("a wrong current password is answered 401, not with what is wrong with the new one", async () => {
    const ada = await service.signUp();
    expect((await change(ada.token, "wrong horse", "password1234")).status).toBe(401);
  });

  test.each([
    [COMPOSED, DECOMPOSED],
    [DECOMPOSED, COMPOSED],
  ])("set as %p and typed as %p: is the same at sign-in and at a change", async (set, typed) => {
    const email = anEmail();
    expect((await signUp({ email, password: set })).status).toBe(201);
    const { status, body } = await signIn(email, typed);
    expect(status).toBe(201);
    expect((await change(body.accessToken, typed, set)).body.code).toBe("SAME_PASSWORD");
    expect((await change(body.accessToken, typed, PASSWORD)).status).toBe(204);
    const again = await signIn(email, PASSWORD);
    expect((await change(again.body.accessToken, PASSWORD, typed)).status).toBe(204);
    expect((await signIn(email, set)).status).toBe(201);
  });

  test("that an earlier version accepted stay valid", async () => {
    const ada = await service.signUp();
    const passwordHash = await Bun.password.hash("password1234", "argon2id");
    const customers = service.base.mongo.db.collection("customers");
    await customers.updateOne({ email: ada.email }, { $set: { passwordHash } });
    expect((await signIn(ada.email, "password1234")).status).toBe(201);
  });

  test("are stored as argon2id with at least 19 456 KiB, two passes and a salt of their own", async () => {
    const [one, other] = [await service.signUp(), await service.signUp()];
    const customers = service.base.mongo.db.collection<{ email: string; passwordHash: string }>("customers");
    const hashes = await customers.find({ email: { $in: [one.email, other.email] } }).toArray();
    const parts = hashes.map(({ passwordHash }) => {
      const [, algorithm, version, costs = "", salt] = passwordHash.split("$");
      const { m, t, p } = Object.fromEntries(costs.split(",").map((cost) => cost.split("=")));
      return { algorithm, version, memory: Number(m), passes: Number(t), lanes: Number(p), salt };
    });
    expect(parts).toHaveLength(2);
    for (const { algorithm, version, memory, passes, lanes } of parts) {
      expect([algorithm, version]).toEqual(["argon2id", "v=19"]);
      expect([memory >= 19_456, passes >= 2, lanes >= 1]).toEqual([true, true, true]);
    }
    expect(parts[0]?.salt).not.toBe(parts[1]?.salt);
  });
});
