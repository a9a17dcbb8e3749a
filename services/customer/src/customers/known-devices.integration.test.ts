// Wrong passwords for one account from many addresses, and the devices that the account knows.
import { beforeAll, expect, test } from "bun:test";
import { signInLimits } from "@food/shared/accounts/limits";
import { hashOf } from "@food/shared/accounts/refresh-tokens";
import { type Inbox, tokenTo } from "@food/shared/testing/inbox";
import {
  type Answer,
  call,
  describeWithDatabases,
  fromNewAddress,
  NO_REDIS,
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
  withoutId,
} from "../customer-service.builder.ts";

type SignedIn = Answer<Tokens & Problem & { deviceToken: string }>;
const STRANGERS_MAX = 50;
const DEVICE_MAX = 10;

describeWithDatabases("signing in from many addresses", () => {
  let service: CustomerService;
  let inbox: Inbox;
  beforeAll(async () => {
    ({ service, inbox } = await startWithInbox());
  });
  /** From an address that was not used before. */
  const signIn = (email: string, deviceToken?: unknown, password = PASSWORD): Promise<SignedIn> =>
    call(service.url, "POST /v1/sessions", {
      body: { email, password, ...(deviceToken !== undefined && { deviceToken }) },
      headers: fromNewAddress(),
    });
  const deviceOf = async (email: string) => (await signIn(email)).body.deviceToken;
  const statusesOf = (answers: SignedIn[]) => answers.map(({ status }) => status).sort();
  const many = (tries: number, run: () => Promise<SignedIn>) =>
    Promise.all(Array.from({ length: tries }, run));
  /** All tries of strangers but some. Checking a password is work for some tenths of a second. */
  const useUp = async (email: string, left = 0) => {
    const limits = signInLimits(service.base);
    for (let i = left; i < STRANGERS_MAX; i++) await limits.take({ strangers: hashOf(email) });
  };

  test("answers 429 with Retry-After after fifty wrong tries, to the right password and to an unknown account alike", async () => {
    const { email } = await service.signUp();
    const unknown = anEmail();
    const refused: SignedIn[] = [];
    for (const address of [email, unknown]) {
      await useUp(address, 3);
      expect(statusesOf(await many(6, () => signIn(address, undefined, "wrong password")))).toEqual([
        ...[401, 401, 401],
        ...[429, 429, 429],
      ]);
      refused.push(await signIn(address.toUpperCase()));
    }
    const [known, other] = refused.map((answer) => withoutId(answer as never));
    expect(known).toEqual({ status: 429, body: expect.objectContaining({ code: "TOO_MANY_REQUESTS" }) });
    expect(known).toEqual(other);
    for (const { headers } of refused) expect(Number(headers.get("retry-after"))).toBeWithin(60, 901);
    expect((await signIn((await service.signUp()).email)).status).toBe(201);
  });

  test("lets a known device in meanwhile, again and again", async () => {
    const { email } = await service.signUp();
    const device = await deviceOf(email);
    await useUp(email);
    expect((await signIn(email)).status).toBe(429);
    expect(statusesOf(await many(DEVICE_MAX + 2, () => signIn(email, device)))).not.toContain(401);
    const { status, body } = await signIn(email, device);
    expect(status).toBe(201);
    expect((await signIn(email, body.deviceToken)).status).toBe(201);
  });

  test("does not count the wrong passwords of a known device as those of strangers, and checks ten of them", async () => {
    const { email } = await service.signUp();
    const device = await deviceOf(email);
    await useUp(email, 1);
    const wrong = await many(DEVICE_MAX + 2, () => signIn(email, device, "wrong password"));
    expect(statusesOf(wrong)).toEqual([...Array(DEVICE_MAX).fill(401), 429, 429]);
    expect((await signIn(email, device)).status).toBe(429);
    expect((await signIn(email)).status).toBe(201);
  });

  test("takes what is no device token of the account for a stranger", async () => {
    const [ada, eve] = [await service.signUp(), await service.signUp()];
    const { body } = await signIn(ada.email);
    const [head = "", payload = ""] = body.deviceToken.split(".");
    await useUp(ada.email);
    for (const token of [await deviceOf(eve.email), body.accessToken, `${head}.${payload}.x`, "a.b.c"])
      expect((await signIn(ada.email, token)).status).toBe(429);
    expect((await signIn(ada.email, body.deviceToken)).status).toBe(201);
    expect((await signIn(eve.email, "a.b.c")).status).toBe(201);
  });

  test("knows no device any more once the password was changed", async () => {
    const { email, token } = await service.signUp();
    const device = await deviceOf(email);
    const body = { currentPassword: PASSWORD, newPassword: "another battery horse" };
    await call(service.url, "POST /v1/customers/me/password", { token, body });
    await useUp(email);
    expect((await signIn(email, device, "another battery horse")).status).toBe(429);
  });

  test("knows no device any more once the password was reset by mail", async () => {
    const { email } = await service.signUp();
    const device = await deviceOf(email);
    await call(service.url, "POST /v1/password-resets", { body: { email } });
    await service.base.mailer.idle();
    const body = { token: tokenTo(inbox, email), newPassword: "another battery horse" };
    expect((await call(service.url, "POST /v1/password-resets/confirm", { body })).status).toBe(204);
    await useUp(email);
    expect((await signIn(email, device, "another battery horse")).status).toBe(429);
  });

  test("a device token opens no route, and a refresh gives none", async () => {
    const { email } = await service.signUp();
    const { deviceToken, refreshToken } = (await signIn(email)).body;
    const asAccess = await call(service.url, "GET /v1/customers/me", { token: deviceToken });
    expect([asAccess.status, asAccess.body.code]).toEqual([401, "INVALID_TOKEN"]);
    for (const token of [refreshToken, deviceToken]) {
      const answer = await call(service.url, "POST /v1/sessions/refresh", { body: { refreshToken: token } });
      expect(answer.body.deviceToken).toBeUndefined();
    }
  });

  test.each([...OPERATORS, "", "x".repeat(2_000), null].map((value): [unknown] => [value]))(
    "answers 422 to %j for a device token",
    async (token) => expect((await signIn(anEmail(), token)).status).toBe(422),
  );
});

describeWithDatabases("signing in from many addresses without Redis", () => {
  test("is held back by strangers, and a known device is not", async () => {
    const service = await startCustomerService({ redisUrl: NO_REDIS });
    const { email } = await service.signUp();
    const signIn = (password: string, deviceToken?: string) =>
      call<{ deviceToken: string }>(service.url, "POST /v1/sessions", {
        body: { email, password, ...(deviceToken && { deviceToken }) },
        headers: fromNewAddress(),
      });
    const { deviceToken } = (await signIn(PASSWORD)).body;
    const tries = await Promise.all(
      Array.from({ length: STRANGERS_MAX + 5 }, () => signIn("wrong password")),
    );
    expect(tries.filter(({ status }) => status === 429)).toHaveLength(5);
    expect([(await signIn(PASSWORD)).status, (await signIn(PASSWORD, deviceToken)).status]).toEqual([
      429, 201,
    ]);
  });
});
