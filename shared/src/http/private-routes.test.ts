import { describe, expect, test } from "bun:test";
import { askRaw } from "../../testing/raw-socket.ts";
import { runApp } from "../../testing/running-app.ts";
import { identityOf } from "../../testing/service.ts";
import { guard } from "../auth/guard.ts";
import { tokenVerifier } from "../auth/tokens.ts";

const FROM_OUTSIDE = "X-Forwarded-For: 203.0.113.7";

const verify = tokenVerifier("me", {
  them: { roles: ["service"], keys: (await identityOf("them")).keys.publicKeys },
});
const start = (trustedProxies: number) =>
  runApp(
    (app) =>
      app
        .get("/v1/things", () => "public")
        .get("/metrics", () => "private")
        .get("/health/ready", () => "private")
        .get("/internal/x", () => "private")
        .use(guard({ "GET /internal/with-token": { services: ["them"] } }, verify))
        .get("/internal/with-token", () => "private"),
    { trustedProxies: { count: trustedProxies, header: "x-forwarded-for" } },
  );

const behindProxy = start(1);
const withoutProxy = start(0);
const ask = (
  requestLine: string,
  headers: string[] = [FROM_OUTSIDE],
  { url } = behindProxy,
  host = "localhost",
) => askRaw(url, requestLine, [`Host: ${host}`, ...headers]);

describe("a request through a proxy", () => {
  test.each([
    ["/v1/..\\metrics"],
    ["/v1/%2e%2e/metrics"],
    ["/v1/../metrics"],
    ["/v1/..\\internal/x"],
    ["/v1\\..\\internal/x"],
    ["/v1/.%2E/health/ready"],
    ["/v1/../metrics?x=/v1/"],
    ["/v1/../metrics/"],
    ["/metrics"],
    ["/internal/x"],
    ["/internal/with-token"],
  ])("answers 404 at %s, which only services may call", async (path) => {
    const answer = await ask(`GET ${path}`);
    expect(answer).toStartWith("HTTP/1.1 404 ");
    expect(answer).toContain('"code":"ROUTE_NOT_FOUND"');
    expect(await ask(`DELETE ${path}`)).toStartWith("HTTP/1.1 404 ");
  });

  test("reaches no private route with a Host header that shifts the path", async () => {
    for (const host of ["a", "a/v1", "localhost/v1/..", "[", ""])
      for (const path of ["/metrics", "/xyz/metrics", "/v1/../metrics"])
        expect(await ask(`GET ${path}`, undefined, undefined, host)).not.toContain("private");
    expect(await ask("GET http://localhost/v1/../metrics")).not.toContain("private");
  });

  test("is told to use HTTPS alone, for a year and on every subdomain", async () => {
    const answer = await ask("GET /v1/things");
    expect(answer).toMatch(/^strict-transport-security: max-age=31536000; includeSubDomains\r$/im);
    expect(await ask("GET /v1/things", [], withoutProxy)).not.toMatch(/strict-transport-security/i);
  });

  test("reaches public routes", async () => {
    expect(await ask("GET /v1/things")).toEndWith("\r\npublic");
  });
});

test("a request with the other proxy header counts as through a proxy", async () => {
  expect(await ask("GET /metrics", ["Forwarded: for=203.0.113.7"])).toStartWith("HTTP/1.1 404 ");
});

describe("a request without a proxy", () => {
  test.each([["/metrics"], ["/health/ready"], ["/internal/x"]])("is answered at %s", async (path) => {
    expect(await ask(`GET ${path}`, [])).toEndWith("\r\nprivate");
    expect(await ask(`GET ${path}`, [FROM_OUTSIDE], withoutProxy)).toEndWith("\r\nprivate");
  });
});
