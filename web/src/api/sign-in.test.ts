import { afterAll, expect, test } from "bun:test";
import { Api } from "./api.ts";
import type { SessionKeeper } from "./session-keeper.ts";

const TOKENS = { accessToken: "a", refreshToken: "r", expiresIn: 900 };
const asked: unknown[] = [];
let answer: object = TOKENS;
const server = Bun.serve({
  port: 0,
  async fetch(request) {
    asked.push(await request.json());
    return Response.json(answer, { status: 201 });
  },
});
afterAll(() => server.stop(true));

function newApi() {
  const started: unknown[] = [];
  const session = { start: (tokens: unknown) => started.push(tokens) } as unknown as SessionKeeper;
  const url = server.url.origin;
  const services = { customer: url, restaurant: url, order: url, delivery: url };
  return { started, api: new Api({ services }, "restaurant", { session, note: () => {} }) };
}

test("signs in with a code of six digits, or with a recovery code", async () => {
  const { api, started } = newApi();
  asked.length = 0;
  for (const code of [undefined, "123456", "k2m7-k2m7"]) await api.signIn("kim@example.com", "secret", code);
  const known = { email: "kim@example.com", password: "secret" };
  expect(asked).toEqual([known, { ...known, code: "123456" }, { ...known, recoveryCode: "k2m7-k2m7" }]);
  expect(started).toHaveLength(3);
});

test("does not sign in with tokens that can only set up a second factor, and says so", async () => {
  const { api, started } = newApi();
  answer = { ...TOKENS, next: "set_up_second_factor" };
  await expect(api.signIn("kim@example.com", "secret")).rejects.toMatchObject({
    code: "set_up_second_factor",
    message: expect.stringContaining("requires a second factor"),
  });
  expect(started).toEqual([]);
});
