import { afterEach, describe, expect, test } from "bun:test";
import { apiClient, findSilentUrl, retryDelayMs, routeOf, type ServiceUrls } from "./api.ts";
import { Session } from "./session.ts";

let server: ReturnType<typeof Bun.serve> | undefined;
afterEach(() => server?.stop(true));

/** A server that gives these answers for all services. */
function platform(answer: (request: Request) => Response | Promise<Response>): ServiceUrls {
  server = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: answer });
  const url = server.url.href;
  return { customer: url, restaurant: url, order: url, delivery: url };
}

describe("a call", () => {
  test("when answered 429 or 503, is retried with the same key, and counted", async () => {
    const keys: (string | null)[] = [];
    const urls = platform((request) => {
      keys.push(request.headers.get("idempotency-key"));
      return keys.length < 3
        ? Response.json({ code: "OVERLOADED" }, { status: 503, headers: { "retry-after": "0" } })
        : Response.json({ orderId: "ord_1" }, { status: 201 });
    });
    const api = apiClient(urls);
    const headers = { "idempotency-key": "mine" };
    const answer = await api.send({ service: "customer", method: "POST", path: "/v1/orders", headers });
    expect(answer).toMatchObject({ ok: true, body: { orderId: "ord_1" } });
    expect(keys).toEqual(["mine", "mine", "mine"]);
    expect([...api.traffic.retries]).toEqual([["503 OVERLOADED", 2]]);
    expect([api.traffic.calls, api.traffic.errorCount]).toEqual([3, 0]);
  });

  test("when refused unexpectedly, is counted by method, path and status", async () => {
    const urls = platform(() => Response.json({ code: "ILLEGAL_MOVE", detail: "No." }, { status: 409 }));
    const api = apiClient(urls);
    const call = { service: "restaurant", method: "POST", path: "/v1/orders/ord_0abc/ready" } as const;
    await api.send({ ...call, expected: [409] });
    expect(api.traffic.errorCount).toBe(0);
    await expect(api.require(call)).rejects.toThrow(
      "POST /v1/orders/:id/ready answered 409 ILLEGAL_MOVE No.",
    );
    expect([...api.traffic.errors]).toEqual([["POST /v1/orders/:id/ready 409 ILLEGAL_MOVE", 1]]);
  });

  test("is delayed by Retry-After within bounds, and without it by a growing delay", () => {
    expect(retryDelayMs("2", 1)).toBe(2000);
    expect(retryDelayMs("0", 1)).toBe(50);
    expect(retryDelayMs("3600", 1)).toBe(10_000);
    expect([1, 2, 3].map((tries) => retryDelayMs(null, tries))).toEqual([200, 400, 800]);
  });

  test("has a route name without ids and query", () => {
    expect(routeOf({ method: "GET", path: "/v1/deliveries/dlv_01k9?x=1" })).toBe("GET /v1/deliveries/:id");
  });
});

describe("a session", () => {
  function tokenServer(expiresIn: number) {
    const seen: string[] = [];
    let issued = 0;
    const urls = platform(async (request) => {
      const path = new URL(request.url).pathname;
      seen.push(path);
      if (path.startsWith("/v1/sessions"))
        return Response.json({ accessToken: `t${++issued}`, refreshToken: "r", expiresIn }, { status: 201 });
      if (path === "/v1/customers") return Response.json({}, { status: 409 });
      const isCurrent = request.headers.get("authorization") === `Bearer t${issued}`;
      return Response.json({}, { status: isCurrent ? 200 : 401 });
    });
    return { urls, seen, revoke: () => issued++ };
  }
  const account = { service: "customer", email: "ada@example.com", password: "correct horse" } as const;
  const me = { method: "GET", path: "/v1/customers/me" } as const;

  test("uses an existing account, and renews expired tokens once for all concurrent calls", async () => {
    const { urls, seen } = tokenServer(0);
    const session = await Session.register(apiClient(urls), account, "/v1/customers", { name: "Ada" });
    const answers = await Promise.all([session.send(me), session.send(me)]);
    expect(answers.map(({ ok }) => ok)).toEqual([true, true]);
    expect(seen.filter((path) => path === "/v1/sessions/refresh")).toHaveLength(1);
  });

  test("when a token is refused before it expires, renews it", async () => {
    const { urls, revoke } = tokenServer(900);
    const api = apiClient(urls);
    const session = await Session.register(api, account, "/v1/customers", { name: "Ada" });
    revoke();
    expect((await session.send(me)).ok).toBe(true);
    expect(api.traffic.errorCount).toBe(0);
  });
});

describe("findSilentUrl", () => {
  test("returns the URL of a service that does not answer", async () => {
    const urls = platform(() => new Response("ok"));
    expect(await findSilentUrl(urls)).toBeUndefined();
    const closed = Bun.serve({ port: 0, hostname: "127.0.0.1", fetch: () => new Response() });
    const silent = closed.url.href;
    await closed.stop(true);
    expect(await findSilentUrl({ ...urls, delivery: silent })).toBe(silent);
  });
});
