import { describe, expect, test } from "bun:test";
import { runApp, silentLog } from "../../testing/running-app.ts";
import { cleanUp, eventually, fakeService, identityOf } from "../../testing/service.ts";
import { createMetrics } from "../observe/metrics.ts";
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

  test("goes on serving, though no longer ready, while the news of it spreads", async () => {
    const { url, stop, lifecycle } = runApp((app) => app.get("/", () => "ok"));
    const stopped = stop(300);
    expect([lifecycle.isDraining, lifecycle.stopping.aborted]).toEqual([true, false]);
    const { status, headers } = await fetch(url);
    expect([status, headers.get("connection")]).toEqual([200, "close"]);
    await stopped;
    expect(lifecycle.stopping.aborted).toBe(true);
    await expect(fetch(url)).rejects.toThrow();
  });

  test("does not wait for connections that are merely kept open", async () => {
    const { url, stop } = runApp((app) => app.get("/", () => "ok"));
    await (await fetch(url)).text();
    const startedAt = performance.now();
    await stop();
    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });
});

describe("what is measured", () => {
  test("names the route's pattern and never the address", async () => {
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

  test("counts the requests that are being answered, but no probe and not the look at the count", async () => {
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

  test("counts down again when the app itself fails, and the client gets a problem", async () => {
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

test("the caller's ids and time travel through a service to its downstream service", async () => {
  const heard: Headers[] = [];
  const downstream = await fakeService("them", (request) => {
    heard.push(new Headers(request.headers));
    return Response.json({});
  });
  const me = await identityOf("me");
  const client = serviceClient({ to: "them", baseUrl: downstream.url, from: "me", signToken: me.sign });
  const { url } = runApp((app) => app.get("/", () => client.forward({ method: "GET", path: "/x" })));
  const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const ids = { "x-request-id": "req-7", traceparent, "x-request-timeout-ms": "700" };
  await fetch(url, { headers: { ...ids, "x-forwarded-for": "203.0.113.7" } });
  expect(heard[0]?.get("x-request-id")).toBe("req-7");
  expect(heard[0]?.get("traceparent")).toBe(traceparent);
  expect(Number(heard[0]?.get("x-request-timeout-ms"))).toBeWithin(1, 701);
  // With it the downstream service would take the call for one from outside.
  expect(heard[0]?.has("x-forwarded-for")).toBe(false);
});

describe("a Host header of nonsense", () => {
  test("gets an answer like any other", async () => {
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

describe("more requests at once than it takes", () => {
  test("are refused at once, while health and those under way are answered", async () => {
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
