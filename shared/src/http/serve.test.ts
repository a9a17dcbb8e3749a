import { describe, expect, test } from "bun:test";
import { runApp, silentLog } from "../../testing/running-app.ts";
import { cleanUp, eventually, fakeService, identityOf } from "../../testing/service.ts";
import { createLog } from "../observe/log.ts";
import { createMetrics } from "../observe/metrics.ts";
import { startTiming } from "../observe/server-timing.ts";
import { newLifecycle } from "../process/lifecycle.ts";
import { serve } from "./serve.ts";
import { serviceClient } from "./service-client.ts";

describe("stop", () => {
  test("waits for the requests in flight and refuses new ones", async () => {
    const gate = Promise.withResolvers<string>();
    let begun = 0;
    const { url, stop, lifecycle } = runApp((app) =>
      app.get("/slow", () => {
        begun++;
        return gate.promise;
      }),
    );
    const inFlight = fetch(`${url}/slow`);
    await eventually(async () => begun === 1);
    let stopped = false;
    const stopping = stop().then(() => {
      stopped = true;
    });
    expect(lifecycle.stopping.aborted).toBe(true);
    await eventually(async () =>
      fetch(`${url}/slow`).then(
        () => false,
        () => true,
      ),
    );
    expect([begun, stopped]).toEqual([1, false]);
    gate.resolve("done");
    const response = await inFlight;
    expect([response.status, await response.text()]).toEqual([200, "done"]);
    await stopping;
  });

  test("keeps serving during the drain, although not ready", async () => {
    const { url, stop, lifecycle } = runApp((app) => app.get("/", () => "ok"));
    const stopped = stop({ quietMs: 300, mostMs: 300 });
    expect([lifecycle.isDraining, lifecycle.stopping.aborted]).toEqual([true, false]);
    const { status, headers } = await fetch(url);
    expect([status, headers.get("connection")]).toEqual([200, "close"]);
    await stopped;
    expect(lifecycle.stopping.aborted).toBe(true);
    await expect(fetch(url)).rejects.toThrow();
  });

  test.each([
    ["while requests come, serves on up to the most, and says so", "/", 1],
    ["does not count probes as requests", "/health/live", 0],
  ])("%s", async (_, path, warnings) => {
    const warned: string[] = [];
    const log = createLog("test", "warn", { write: (line) => void warned.push(line) });
    const { url, stop } = runApp((app) => app.get("/", () => "ok").get("/health/live", () => "live"), {
      log,
    });
    let stopped = false;
    const stopping = stop({ quietMs: 200, mostMs: 2_000 }).then(() => {
      stopped = true;
    });
    while (!stopped) await Promise.race([stopping, fetch(`${url}${path}`).catch(() => undefined)]);
    expect(warned).toHaveLength(warnings);
  });

  test("does not wait for idle connections", async () => {
    const { url, stop } = runApp((app) => app.get("/", () => "ok"));
    await (await fetch(url)).text();
    const startedAt = performance.now();
    await stop();
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

describe("Server-Timing", () => {
  const timed = async (options: { showsTimings?: boolean }, headers: Record<string, string>) => {
    const { url } = runApp(
      (app) =>
        app.get("/things", () => {
          startTiming("db")?.();
          startTiming("db")?.();
          return "ok";
        }),
      options,
    );
    return (await fetch(`${url}/things`, { headers })).headers.get("server-timing");
  };
  const ASKS = { "x-server-timing": "1" };

  test("is sent to a request that asks, with what its calls took", async () => {
    expect(await timed({}, ASKS)).toMatch(/^db;dur=[\d.]+;desc="2 calls", total;dur=[\d.]+$/);
  });

  test("is not sent to other requests, nor in production", async () => {
    expect(await timed({}, {})).toBeNull();
    expect(await timed({ showsTimings: false }, ASKS)).toBeNull();
  });
});

describe("the request metrics", () => {
  test("have the route's pattern, not the path", async () => {
    const { url, metrics } = runApp((app) => app.get("/things/:id", () => "ok"));
    await fetch(`${url}/things/1`);
    await fetch(`${url}/things/2`);
    await fetch(`${url}/nowhere/secret`);
    const text = await metrics.registry.metrics();
    expect(text).toMatch(/http_request_duration_seconds_count\{.*route="\/things\/:id".*\} 2\n/);
    expect(text).toMatch(/route="unmatched",status="404"/);
    expect(text).not.toContain("secret");
    expect(text).toMatch(/http_requests_in_flight\{.*\} 0\n/);
  });

  test("have the method, while it is one of ours, and the code of a problem", async () => {
    const { url, metrics } = runApp((app) => app.get("/things/:id", () => "ok"));
    for (const method of ["PROPFIND", "MKCOL", "DELETE"]) await fetch(`${url}/things/1`, { method });
    const text = await metrics.render();
    expect(text).toMatch(/http_request_duration_seconds_count\{method="other",.*\} 2\n/);
    expect(text).toMatch(/http_request_duration_seconds_count\{method="DELETE",.*\} 1\n/);
    expect(text).toMatch(/http_problems_total\{code="METHOD_NOT_ALLOWED",.*\} 3\n/);
  });

  test("count requests in flight, without probes and scrapes", async () => {
    const gate = Promise.withResolvers<string>();
    const { url } = runApp((app, { metrics }) =>
      app
        .get("/slow", () => gate.promise)
        .get("/health/live", () => gate.promise)
        .get("/metrics", () => metrics.registry.metrics()),
    );
    const answers = ["/slow", "/slow", "/health/live"].map((path) => fetch(url + path));
    await eventually(async () =>
      /http_requests_in_flight\{.*\} 2\n/.test(await (await fetch(`${url}/metrics`)).text()),
    );
    gate.resolve("done");
    for (const { status } of await Promise.all(answers)) expect(status).toBe(200);
    expect(await (await fetch(`${url}/metrics`)).text()).toMatch(/http_requests_in_flight\{.*\} 0\n/);
  });

  test("when the app fails, count down again, and the client gets a problem", async () => {
    const metrics = createMetrics("test");
    const app = { fetch: () => Promise.reject(new Error("secret")) };
    const options = {
      app,
      hostname: "127.0.0.1",
      port: 0,
      log: silentLog,
      metrics,
      lifecycle: newLifecycle(),
    };
    const server = serve(options);
    cleanUp(server.stop);
    const response = await fetch(server.url);
    expect([response.status, response.headers.get("content-type")]).toEqual([
      500,
      "application/problem+json",
    ]);
    expect(await response.text()).not.toContain("secret");
    expect(await metrics.render()).toMatch(/^http_requests_in_flight\{.*\} 0$/m);
  });
});

test("a service passes the caller's request id, trace and deadline to its downstream service", async () => {
  const received: Headers[] = [];
  const downstream = await fakeService("them", (request) => {
    received.push(new Headers(request.headers));
    return Response.json({});
  });
  const me = await identityOf("me");
  const client = serviceClient({ to: "them", baseUrl: downstream.url, from: "me", signToken: me.sign });
  const { url } = runApp((app) => app.get("/", () => client.forward({ method: "GET", path: "/x" })));
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const ids = { "x-request-id": "req-7", traceparent, tracestate: "a=1", "x-request-timeout-ms": "700" };
  const { headers } = await fetch(url, { headers: { ...ids, "x-forwarded-for": "203.0.113.7" } });
  expect(received[0]?.get("x-request-id")).toBe("req-7");
  expect(received[0]?.get("tracestate")).toBe("a=1");
  const spans = [traceparent, headers.get("traceparent") ?? "", received[0]?.get("traceparent") ?? ""];
  for (const span of spans) expect(span).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
  // The caller's span, this service's own, and its call.
  expect(new Set(spans).size).toBe(3);
  expect(Number(received[0]?.get("x-request-timeout-ms"))).toBeWithin(1, 701);
  // With this header the downstream service would treat the call as one from outside.
  expect(received[0]?.has("x-forwarded-for")).toBe(false);
});

describe("an invalid Host header", () => {
  test("is answered like any other", async () => {
    const { url } = runApp((app) => app.get("/", () => "ok"));
    const { port } = new URL(url);
    const answer = Promise.withResolvers<string>();
    const socket = await Bun.connect({
      hostname: "127.0.0.1",
      port: Number(port),
      socket: { data: (_, bytes) => answer.resolve(bytes.toString()) },
    });
    socket.write("GET / HTTP/1.1\r\nHost: [\r\nConnection: close\r\n\r\n");
    expect(await answer.promise).toMatch(/^HTTP\/1\.1 (200|4\d\d) /);
  });
});

describe("requests above the maximum in flight", () => {
  test("are refused at once, while probes and requests in flight are answered", async () => {
    const gate = Promise.withResolvers<string>();
    const { url } = runApp((app) => app.get("/slow", () => gate.promise).get("/health/live", () => "live"), {
      inFlightMax: 20,
    });
    const burst = Array.from({ length: 50 }, () => fetch(`${url}/slow`));
    const refused = await Promise.race(burst);
    expect([refused.status, refused.headers.get("retry-after")]).toEqual([503, "1"]);
    expect(((await refused.json()) as { code: string }).code).toBe("OVERLOADED");
    expect((await fetch(`${url}/health/live`)).status).toBe(200);
    gate.resolve("done");
    const statuses = await Promise.all(burst.map(async (response) => (await response).status));
    expect(statuses.filter((status) => status === 200)).toHaveLength(20);
    expect(statuses.filter((status) => status === 503)).toHaveLength(30);
  });
});
