import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { Api } from "./api.ts";
import { RoleSession, type TokenStorage } from "./session.ts";

const TOKENS = { accessToken: "a", refreshToken: "r", expiresIn: 900 };
const KNOWN = { email: "kim@example.com", password: "secret" };
const asked: [path: string, body: object][] = [];
let answer: object;
let browser: TokenStorage;
const server = Bun.serve({
  port: 0,
  async fetch(request) {
    const { pathname } = new URL(request.url);
    asked.push([pathname, await request.json()]);
    return pathname === "/v1/sessions"
      ? Response.json(answer, { status: 201 })
      : new Response(null, { status: 204 });
  },
});
afterAll(() => server.stop(true));

function memory(): TokenStorage {
  const values = new Map<string, string>();
  return {
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
  };
}
function newTab(tab = memory()): Api {
  const url = server.url.origin;
  const services = { customer: url, restaurant: url, order: url, delivery: url };
  return new Api({ services }, "restaurant", new RoleSession("restaurant", { urls: services }, tab, browser));
}

beforeEach(() => {
  asked.length = 0;
  answer = TOKENS;
  browser = memory();
});

describe("signing in", () => {
  test("sends a code of six digits, or a recovery code", async () => {
    for (const code of [undefined, "123456", "k2m7-k2m7"])
      await newTab().signIn("kim@example.com", "secret", code);
    expect(asked.map(([, body]) => body)).toEqual([
      KNOWN,
      { ...KNOWN, code: "123456" },
      { ...KNOWN, recoveryCode: "k2m7-k2m7" },
    ]);
  });

  test("sends the device token of an earlier sign-in, in any tab and after signing out", async () => {
    answer = { ...TOKENS, deviceToken: "device" };
    const first = newTab();
    await first.signIn("kim@example.com", "secret");
    await first.signOut();
    await newTab().signIn("kim@example.com", "secret");
    expect(asked).toEqual([
      ["/v1/sessions", KNOWN],
      ["/v1/sessions/revoke", { refreshToken: "r" }],
      ["/v1/sessions", { ...KNOWN, deviceToken: "device" }],
    ]);
  });

  test("with tokens that can only set up a second factor ends their session, and says so", async () => {
    answer = { ...TOKENS, next: "set_up_second_factor" };
    const api = newTab();
    const heard: boolean[] = [];
    api.session.onChange(() => heard.push(api.session.isSignedIn));
    await expect(api.signIn("kim@example.com", "secret")).rejects.toMatchObject({
      code: "set_up_second_factor",
      message: expect.stringContaining("requires a second factor"),
    });
    expect([heard, asked[1]?.[0]]).toEqual([[false, false], "/v1/sessions/revoke"]);
  });
});

test("a session lives in its tab alone, and is told of", async () => {
  const tab = memory();
  const api = newTab(tab);
  const heard: boolean[] = [];
  api.session.onChange(() => heard.push(api.session.isSignedIn));
  await api.signIn("kim@example.com", "secret");
  expect([newTab(tab), newTab()].map(({ session }) => session.isSignedIn)).toEqual([true, false]);
  await api.signOut();
  expect([heard, newTab(tab).session.isSignedIn]).toEqual([[true, false], false]);
});
