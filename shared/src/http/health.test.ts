import { describe, expect, test } from "bun:test";
import { runApp } from "../../testing/running-app.ts";
import { call } from "../../testing/service.ts";
import { healthRoutes } from "./health.ts";

function startHealth() {
  const up = { database: true, cache: true };
  const check = (name: keyof typeof up) => async () => {
    if (!up[name]) throw new Error("secret reason");
  };
  const app = runApp((base, { lifecycle, metrics }) =>
    base.use(
      healthRoutes({
        lifecycle,
        metrics,
        required: { database: check("database") },
        optional: { cache: check("cache") },
      }),
    ),
  );
  const ready = async () => {
    const { status, body } = await call(app.url, "GET /health/ready");
    return [status, body] as const;
  };
  return { ...app, up, ready };
}

describe("GET /health/ready", () => {
  test("answers 200 while all checks succeed", async () => {
    const { ready } = startHealth();
    expect(await ready()).toEqual([200, { status: "ready", checks: { database: "up", cache: "up" } }]);
  });

  test("answers 200 degraded when an optional check fails", async () => {
    const { ready, up } = startHealth();
    up.cache = false;
    expect(await ready()).toEqual([200, { status: "degraded", checks: { database: "up", cache: "down" } }]);
  });

  test("answers 503 when a required check fails, and 200 when it succeeds again", async () => {
    const { ready, up } = startHealth();
    up.database = false;
    expect(await ready()).toEqual([503, { status: "not ready", checks: { database: "down", cache: "up" } }]);
    up.database = true;
    expect((await ready())[0]).toBe(200);
  });

  test("answers 503 while the process stops, although all checks succeed", async () => {
    const { ready, lifecycle } = startHealth();
    lifecycle.beginStop();
    expect(await ready()).toEqual([503, { status: "stopping", checks: { database: "up", cache: "up" } }]);
  });
});

test("GET /health/live answers 200 also when all checks fail", async () => {
  const { url, up } = startHealth();
  up.database = false;
  expect(await call(url, "GET /health/live")).toMatchObject({ status: 200, body: { status: "live" } });
});

test("GET /metrics answers in the Prometheus text format", async () => {
  const { url } = startHealth();
  const { headers, body } = await call<string>(url, "GET /metrics");
  expect(headers.get("content-type")).toStartWith("text/plain");
  expect(body).toContain("# TYPE http_requests_in_flight gauge");
});
