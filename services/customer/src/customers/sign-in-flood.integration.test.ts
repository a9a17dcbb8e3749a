// More sign-ins of strangers than a process works on, and what sign-ins cost.
import { beforeAll, beforeEach, expect, test } from "bun:test";
import { signInTurns } from "@food/shared/accounts/limits";
import {
  type Answer,
  call,
  describeWithDatabases,
  fromNewAddress,
  withRealHashes,
} from "@food/shared/testing/service";
import {
  anEmail,
  type CustomerService,
  PASSWORD,
  type Problem,
  startCustomerService,
  type Tokens,
  withoutId,
} from "../customer-service.builder.ts";

type SignedIn = Answer<Tokens & Problem & { deviceToken: string }>;
const WRONG = "wrong password";
/** Of a core: one turn at once, and the next one after minutes. */
const HARDLY = 0.01;

describeWithDatabases("more strangers than have a turn", () => {
  withRealHashes();
  let service: CustomerService;
  beforeAll(async () => {
    service = await startCustomerService();
  });
  const limitTurns = (percent: number) => Object.assign(service.base.signInTurns, signInTurns(percent));
  const unlimitTurns = () => limitTurns(Number.POSITIVE_INFINITY);
  beforeEach(unlimitTurns);
  const signIn = (email: string, password = PASSWORD, deviceToken?: string): Promise<SignedIn> =>
    call(service.url, "POST /v1/sessions", {
      body: { email, password, ...(deviceToken && { deviceToken }) },
      headers: fromNewAddress(),
    });
  const flood = (tries: number, email?: string) =>
    Promise.all(Array.from({ length: tries }, () => signIn(email ?? anEmail(), WRONG)));

  test("get 503 with Retry-After, whether or not the account exists, and do not use up its tries", async () => {
    const { email } = await service.signUp();
    limitTurns(HARDLY);
    const strangers = [...(await flood(40, email)), ...(await flood(40, email))];
    expect(strangers.map(({ status }) => status).sort()).toEqual([401, ...Array(79).fill(503)]);
    const refused = [await signIn(email), await signIn(anEmail())];
    for (const { headers } of refused) expect(headers.get("retry-after")).toBe("1");
    const [known, unknown] = refused.map((answer) => withoutId(answer as never));
    expect(known).toEqual({ status: 503, body: expect.objectContaining({ code: "OVERLOADED" }) });
    expect(known).toEqual(unknown);
    unlimitTurns();
    expect((await signIn(email)).status).toBe(201);
  });

  test("let in a known device, and one who is signed in may use their password", async () => {
    const [{ email }, { token }] = [await service.signUp(), await service.signUp()];
    const { deviceToken } = (await signIn(email)).body;
    limitTurns(HARDLY);
    await flood(5);
    expect((await signIn(email, PASSWORD, deviceToken)).status).toBe(201);
    limitTurns(HARDLY);
    await flood(5);
    const body = { currentPassword: WRONG, newPassword: "another battery horse" };
    const change = await call(service.url, "POST /v1/customers/me/password", { token, body });
    expect(change.body.code).toBe("INVALID_CREDENTIALS");
  });

  test("sign-ups are strangers, too", async () => {
    limitTurns(HARDLY);
    const signUp = () =>
      call(service.url, "POST /v1/customers", {
        body: { email: anEmail(), password: PASSWORD, name: "Ada" },
      });
    expect((await signUp()).status).toBe(201);
    const { status, body, headers } = await signUp();
    expect([status, body.code, headers.get("retry-after")]).toEqual([503, "OVERLOADED", "1"]);
  });

  test("those who wait are answered in turn, and a known device before them", async () => {
    const { email } = await service.signUp();
    const { deviceToken } = (await signIn(email)).body;
    limitTurns(10);
    const answered: string[] = [];
    const noted = async (who: string, answer: Promise<SignedIn>) => {
      const { status } = await answer;
      if (status !== 503) answered.push(who);
    };
    const strangers = Array.from({ length: 11 }, () => noted("stranger", signIn(anEmail(), WRONG)));
    await Promise.all([...strangers, noted("known", signIn(email, PASSWORD, deviceToken))]);
    expect(answered).toContain("known");
    expect(answered.at(-1)).toBe("stranger");
  });
});

describeWithDatabases("a refused sign-in", () => {
  withRealHashes();
  test("takes the same work for an account as for an unknown address", async () => {
    const service = await startCustomerService();
    const { email } = await service.signUp();
    const refusalMs = async (address: string) => {
      const body = { email: address, password: WRONG };
      const before = process.cpuUsage();
      const { status } = await call(service.url, "POST /v1/sessions", { body, headers: fromNewAddress() });
      expect(status).toBe(401);
      const { user, system } = process.cpuUsage(before);
      return (user + system) / 1_000;
    };
    const [account, unknown]: [number[], number[]] = [[], []];
    for (let i = 0; i < 30; i++) {
      account.push(await refusalMs(email));
      unknown.push(await refusalMs(anEmail()));
    }
    const median = (values: number[]) => values.sort((a, b) => a - b)[values.length / 2] ?? Number.NaN;
    expect(median(unknown) / median(account)).toBeWithin(0.8, 1.25);
  });
});
