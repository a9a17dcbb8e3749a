// Router, guard, log and metrics use the same path of a request, with any Host.
import { describe, expect, test } from "bun:test";
import { Type } from "@sinclair/typebox";
import { openRawSocket } from "../../testing/raw-socket.ts";
import { silentLog } from "../../testing/running-app.ts";
import { cleanUp, eventually } from "../../testing/service.ts";
import type { Log } from "../observe/log.ts";
import { createMetrics } from "../observe/metrics.ts";
import { newLifecycle } from "../process/lifecycle.ts";
import { httpApp } from "./app.ts";
import { serve } from "./serve.ts";

const lines: { path: string; route: string; status: number }[] = [];
const log = Object.create(silentLog, {
  request: { value: (fields: (typeof lines)[number]) => lines.push(fields) },
}) as Log;
const metrics = createMetrics("test");
const aborted: string[] = [];

const app = httpApp(log)
  .get("/v1/things/:id", ({ params }) => params.id, { params: Type.Object({ id: Type.String() }) })
  .post("/v1/things", ({ body }) => body.name, { body: Type.Object({ name: Type.String() }) })
  .get("/v1/slow", ({ request }) => {
    const gone = Promise.withResolvers<string>();
    request.signal.addEventListener("abort", () => {
      aborted.push("/v1/slow");
      gone.resolve("");
    });
    return gone.promise;
  })
  .get("/metrics", () => metrics.render())
  .get("/health/live", () => "live");

const server = serve({
  app,
  hostname: "127.0.0.1",
  port: 0,
  log,
  metrics,
  lifecycle: newLifecycle(),
  trustedProxies: { count: 1, header: "x-forwarded-for" },
});
cleanUp(() => server.stop());

/** The response's status and body, and the request's log line. */
async function ask(requestLine: string, host: string | undefined, headers: string[] = [], body = "") {
  lines.length = 0;
  const socket = await openRawSocket(server.url);
  const hostHeader = host === undefined ? [] : [`Host: ${host}`];
  const version = host === undefined ? "1.0" : "1.1";
  const head = [`${requestLine} HTTP/${version}`, ...hostHeader, ...headers, "Connection: close", "", ""];
  socket.write(head.join("\r\n") + body);
  await eventually(async () => socket.isClosed());
  const received = socket.received();
  const { path, route, status } = lines[0] ?? {};
  return {
    status: Number(received.split(" ")[1]),
    body: received.slice(received.indexOf("\r\n\r\n") + 4),
    logged: { path, route, status },
  };
}

const FROM_OUTSIDE = "X-Forwarded-For: 203.0.113.7";
const HOSTS = [
  "localhost",
  "api",
  "a",
  "abcd",
  "",
  undefined,
  "a/b",
  "[",
  "a b",
  "longer/metrics?",
  "x:99999",
];
const named = HOSTS.map((host): [string, string | undefined] => [
  host === undefined ? "HTTP/1.0 without a Host" : `Host: ${host}`,
  host,
]);

describe.each(named)("%s", (_, host) => {
  test("matches a route by the path of the request line", async () => {
    expect(await ask("GET /v1/things/7", host)).toMatchObject({
      status: 200,
      logged: { path: "/v1/things/7", route: "/v1/things/:id", status: 200 },
    });
  });

  test("keeps the request's body", async () => {
    const body = JSON.stringify({ name: "spoon" });
    const headers = ["Content-Type: application/json", `Content-Length: ${body.length}`];
    expect(await ask("POST /v1/things", host, headers, body)).toMatchObject({ status: 200, body: "spoon" });
  });

  test("answers 404 for a path without its first part, and logs and counts the request", async () => {
    for (const path of ["/health/v1/things/7", "/x/metrics", "/healthx", "/metricsx", "/health"])
      expect(await ask(`GET ${path}`, host)).toMatchObject({
        status: 404,
        logged: { path, route: "unmatched", status: 404 },
      });
  });

  test("answers 404 for private routes from outside, and logs the request", async () => {
    for (const path of ["/metrics", "/health/live", "/x/metrics"])
      expect(await ask(`GET ${path}`, host, [FROM_OUTSIDE])).toMatchObject({
        status: 404,
        logged: { path, status: 404 },
      });
  });

  test("aborts the request when the client disconnects", async () => {
    aborted.length = 0;
    const socket = await openRawSocket(server.url);
    const hostHeader = host === undefined ? "" : `Host: ${host}\r\n`;
    socket.write(`GET /v1/slow HTTP/${host === undefined ? "1.0" : "1.1"}\r\n${hostHeader}\r\n`);
    await eventually(async () => metrics.requestsInFlight === 1);
    socket.close();
    await eventually(async () => aborted.length === 1);
    await eventually(async () => metrics.requestsInFlight === 0);
  });
});

test("probes and scrapes are neither logged nor counted as in flight", async () => {
  for (const path of ["/health/live", "/metrics"]) {
    const { status, logged } = await ask(`GET ${path}`, "localhost");
    expect([status, logged.path]).toEqual([200, undefined]);
  }
});
