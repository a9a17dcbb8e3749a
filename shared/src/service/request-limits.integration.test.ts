import { beforeAll, expect, test } from "bun:test";
import { runApp, silentLog } from "../../testing/running-app.ts";
import { describeWithDatabases, type Identity, identityOf, NO_REDIS } from "../../testing/service.ts";
import { type AccessTable, ANYONE } from "../auth/access.ts";
import { guard } from "../auth/guard.ts";
import { tokenVerifier } from "../auth/tokens.ts";
import { connectRedis } from "../storage/redis.ts";
import { requestLimits } from "./request-limits.ts";

const ACCESS: AccessTable = {
  "GET /v1/public": ANYONE,
  "GET /v1/own": { roles: ["user"], owns: "self" },
  "GET /internal/work": { services: ["issuer"] },
  "GET /health/live": ANYONE,
};
const BYTES = JSON.stringify({ cached: true });

describeWithDatabases("the limits of requests", () => {
  let issuer: Identity;
  beforeAll(async () => {
    issuer = await identityOf("issuer");
  });

  function start(limits = { REQUESTS_PER_MINUTE: 3, ANONYMOUS_REQUESTS_PER_MINUTE: 3 }) {
    const trusted = { issuer: { roles: ["user", "service"], keys: issuer.keys.publicKeys } };
    const countRequest = requestLimits(connectRedis(NO_REDIS, silentLog), "test", limits);
    const options = {
      trustedProxies: { count: 1, header: "x-forwarded-for" },
      corsOrigins: "https://a.example",
    };
    const { url } = runApp(
      (app) =>
        app
          .use(guard(ACCESS, tokenVerifier("test", trusted), { countRequest }))
          .get("/v1/public", () => new Response(BYTES))
          .get("/v1/own", () => "own")
          .get("/internal/work", () => "work")
          .get("/health/live", () => "live"),
      options as Parameters<typeof runApp>[1],
    );
    return (
      path: string,
      token?: string,
      headers: Record<string, string> = { "x-forwarded-for": "203.0.113.1" },
    ) => fetch(url + path, { headers: { ...headers, ...(token && { authorization: `Bearer ${token}` }) } });
  }
  type Ask = ReturnType<typeof start>;
  const statuses = async (ask: Ask, path: string, token?: string, headers?: Record<string, string>) => {
    const all: number[] = [];
    for (let n = 0; n < 5; n++) all.push((await ask(path, token, headers)).status);
    return all;
  };
  // A window of the clock may end within a test: then a second set of requests is all in the next one.
  async function inOneWindow(check: () => Promise<void>) {
    try {
      await check();
    } catch {
      await check();
    }
  }

  test("an account gets its requests, then 429 with Retry-After, and others are not affected", () =>
    inOneWindow(async () => {
      const ask = start();
      const token = await issuer.tokenFor("usr_1", "user", "test");
      expect(await statuses(ask, "/v1/own", token)).toEqual([200, 200, 200, 429, 429]);
      const refused = await ask("/v1/own", token);
      expect(Number(refused.headers.get("retry-after"))).toBeWithin(1, 61);
      expect(await refused.json()).toMatchObject({ code: "TOO_MANY_REQUESTS", status: 429 });
      // A second token and another address of the same account change nothing.
      const again = await issuer.sign({ subject: "usr_1", role: "user", audience: ["test"], ttlSeconds: 99 });
      expect((await ask("/v1/own", again, { "x-forwarded-for": "203.0.113.9" })).status).toBe(429);
      expect((await ask("/v1/own", await issuer.tokenFor("usr_2", "user", "test"))).status).toBe(200);
      expect((await ask("/v1/public")).status).toBe(200);
    }));

  test("an address gets its requests without a valid token, and its accounts are not affected", () =>
    inOneWindow(async () => {
      const ask = start();
      expect(await statuses(ask, "/v1/public")).toEqual([200, 200, 200, 429, 429]);
      expect(await statuses(ask, "/v1/own", undefined, { "x-forwarded-for": "203.0.113.2" })).toEqual([
        ...[401, 401, 401, 429, 429],
      ]);
      const v6 = (end: number) => ({ "x-forwarded-for": `2001:db8:1:2::${end}` });
      for (const end of [1, 2, 3]) expect((await ask("/v1/public", undefined, v6(end))).status).toBe(200);
      expect((await ask("/v1/public", undefined, v6(4))).status).toBe(429);
      expect((await ask("/v1/own", await issuer.tokenFor("usr_3", "user", "test"))).status).toBe(200);
    }));

  test("every counted answer says the policy and what is left, to browsers too, and keeps its bytes", () =>
    inOneWindow(async () => {
      const ask = start();
      const headers = { "x-forwarded-for": "203.0.113.1", origin: "https://a.example" };
      const seen: (string | null)[] = [];
      for (let n = 0; n < 4; n++) {
        const response = await ask("/v1/public", undefined, headers);
        if (n < 3) expect(await response.text()).toBe(BYTES);
        expect(response.headers.get("ratelimit-policy")).toBe('"anonymous";q=3;w=60');
        expect(response.headers.get("access-control-expose-headers")).toContain(
          "RateLimit, RateLimit-Policy",
        );
        seen.push(response.headers.get("ratelimit")?.replace(/t=([1-9]|[1-5]\d|60)$/, "t=…") ?? null);
      }
      expect(seen).toEqual([2, 1, 0, 0].map((left) => `"anonymous";r=${left};t=…`));
      const own = await ask("/v1/own", await issuer.tokenFor("usr_4", "user", "test"));
      expect(own.headers.get("ratelimit-policy")).toBe('"caller";q=3;w=60');
    }));

  test("health checks and services are not counted", async () => {
    const ask = start();
    const token = await issuer.serviceToken("test");
    for (let n = 0; n < 5; n++)
      for (const response of [
        await ask("/health/live", undefined, {}),
        await ask("/internal/work", token, {}),
      ])
        expect([response.status, response.headers.get("ratelimit")]).toEqual([200, null]);
  });

  test("without limits nothing is counted", async () => {
    const ask = start({} as never);
    expect(await statuses(ask, "/v1/public")).toEqual([200, 200, 200, 200, 200]);
    expect((await ask("/v1/public")).headers.get("ratelimit")).toBeNull();
  });
});
