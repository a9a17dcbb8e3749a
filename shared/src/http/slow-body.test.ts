import { describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { Type } from "@sinclair/typebox";
import { openRawSocket, type RawSocket } from "../../testing/raw-socket.ts";
import { runApp } from "../../testing/running-app.ts";
import { cleanUp, eventually, identityOf } from "../../testing/service.ts";
import { guard } from "../auth/guard.ts";
import { tokenVerifier } from "../auth/tokens.ts";
import { createLog } from "../observe/log.ts";
import type { httpApp } from "./app.ts";
import { UNFINISHED_BODIES, UNREAD_ANSWERS } from "./waiting-clients.ts";

const IN_FLIGHT_MAX = 5;
const ONE_PROXY = { count: 1, header: "x-forwarded-for" } as const;
const keys = (await identityOf("them")).keys.publicKeys;
const verify = tokenVerifier("me", { them: { roles: ["user"], keys } });
const body = Type.Object({ name: Type.String() });

/** The end of a slow body. */
const REST = `"name":"Ada"}${" ".repeat(60_000)}`;

type App = ReturnType<typeof httpApp>;

const start = (
  bodyMsMax: number,
  more: (app: App) => unknown = (app) => app,
  options: Parameters<typeof runApp>[1] = {},
) =>
  runApp(
    (app) =>
      (more(app) as App)
        .get("/", () => "ok")
        .post("/things", () => "taken", { body })
        .use(guard({ "POST /mine": { roles: ["user"], owns: "self" } }, verify))
        .post("/mine", () => "taken", { body }),
    { inFlightMax: IN_FLIGHT_MAX, bodyMsMax, ...options },
  );

/** Sends the head and then a byte at a time, until the connection closes. */
async function trickle(url: string, path = "/things", headers: string[] = []) {
  const socket = await openRawSocket(url);
  cleanUp(socket.close);
  const head = [`POST ${path} HTTP/1.1`, "Host: localhost", "Content-Type: application/json", ...headers];
  socket.write([...head, "Content-Length: 60000", "", "{"].join("\r\n"));
  const timer = setInterval(() => (socket.isClosed() ? clearInterval(timer) : socket.write(" ")), 10);
  cleanUp(() => clearInterval(timer));
  return socket;
}

describe("a slow body", () => {
  test.each([["/things"], ["/mine"]])("to %s answers 408 and closes the connection", async (path) => {
    const { url } = start(100);
    const socket = await trickle(url, path);
    await eventually(async () => socket.isClosed());
    expect(socket.received()).toStartWith("HTTP/1.1 408 ");
    expect(socket.received()).toMatch(/\r\nconnection: close\r\n/i);
    expect(socket.received()).toContain('"code":"BODY_TOO_SLOW"');
  });

  test("gets no more time than the request's deadline", async () => {
    const { url } = start(60_000);
    const socket = await trickle(url, "/things", ["X-Request-Timeout-Ms: 100"]);
    await eventually(async () => socket.isClosed());
    expect(socket.received()).toStartWith("HTTP/1.1 408 ");
  });

  test("does not count as in flight, so that others are answered", async () => {
    const { url, metrics } = start(60_000);
    const sockets = await Promise.all(Array.from({ length: 4 * IN_FLIGHT_MAX }, () => trickle(url)));
    const statuses = async () =>
      (await Promise.all(sockets.map(() => fetch(url)))).map(({ status }) => status);
    expect(new Set(await statuses())).toEqual(new Set([200]));
    expect([metrics.requestsInFlight, sockets.some((socket) => socket.isClosed())]).toEqual([0, false]);
  });

  test("counts as in flight once complete, if there is room", async () => {
    const gate = Promise.withResolvers<string>();
    const { url, metrics } = start(60_000, (app) => app.get("/slow", () => gate.promise));
    const socket = await trickle(url);
    const busy = Array.from({ length: IN_FLIGHT_MAX }, () => fetch(`${url}/slow`));
    await eventually(async () => metrics.requestsInFlight === IN_FLIGHT_MAX);
    socket.write(REST);
    await eventually(async () => socket.received().includes("OVERLOADED"));
    expect(socket.received()).toStartWith("HTTP/1.1 503 ");
    expect(metrics.requestsInFlight).toBe(IN_FLIGHT_MAX);
    gate.resolve("done");
    expect((await Promise.all(busy)).map(({ status }) => status)).toEqual(busy.map(() => 200));
    expect(metrics.requestsInFlight).toBe(0);
  });

  test("when its address has too many, is given up, and no other address's is", async () => {
    const { url } = start(60_000, (app) => app, { trustedProxies: ONE_PROXY });
    const from = (address: string) => trickle(url, "/things", [`X-Forwarded-For: ${address}`]);
    const modest = await from("192.0.2.1");
    const first = await from("192.0.2.2");
    const others = await Promise.all(
      Array.from({ length: UNFINISHED_BODIES.maxPerAddress }, () => from("192.0.2.2")),
    );
    await eventually(async () => first.isClosed());
    expect(first.received()).toStartWith("HTTP/1.1 408 ");
    expect([modest, ...others].filter((socket) => socket.isClosed())).toEqual([]);
    modest.write(REST);
    await eventually(async () => modest.received().startsWith("HTTP/1.1 200 "));
  });

  test("is accepted when it completes in time", async () => {
    const { url } = start(60_000);
    const socket = await trickle(url);
    socket.write(REST);
    await eventually(async () => socket.received().includes("taken"));
    expect(socket.received()).toStartWith("HTTP/1.1 200 ");
  });
});

describe("a client that disconnects during its body", () => {
  test.each([
    ["closes", (socket: RawSocket) => socket.close()],
    ["sends an invalid chunk", (socket: RawSocket) => socket.write("\r\nno number\r\n")],
  ])("and %s is not logged as our error", async (_, go) => {
    const errors: unknown[] = [];
    const log = createLog("test", "silent");
    log.error = (...words: unknown[]) => void errors.push(words);
    const { url, metrics } = start(60_000, (app) => app, { log });
    const socket = await openRawSocket(url);
    const head = ["POST /mine HTTP/1.1", "Host: localhost", "Content-Type: application/json"];
    socket.write([...head, "Transfer-Encoding: chunked", "", "1", "{"].join("\r\n"));
    await eventually(async () => (await fetch(url)).status === 200);
    go(socket);
    await eventually(async () => /route="\/mine",status="400"[^}]*\} 1\n/.test(await metrics.render()));
    expect(await metrics.render()).not.toContain('status="500"');
    expect([errors, metrics.requestsInFlight]).toEqual([[], 0]);
  });
});

/** The test transfers 500 MB. */
const TRANSFER_MS = 60_000;

describe("unread responses", () => {
  test(
    "block their address, and no other, until they are read",
    async () => {
      const bytes = new Uint8Array(8 * 1024 * 1024);
      const { url } = start(60_000, (app) => app.get("/big", () => new Response(bytes)), {
        trustedProxies: ONE_PROXY,
        inFlightMax: 512,
      });
      const ask = (address: string) => fetch(url, { headers: { "x-forwarded-for": address } });
      const readers = Array.from({ length: 2 * UNREAD_ANSWERS.maxPerAddress + 5 }, () => {
        const socket = connect(Number(new URL(url).port), "127.0.0.1");
        socket.once("data", () => socket.pause());
        socket.write("GET /big HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n");
        return socket;
      });
      await eventually(async () => (await ask("192.0.2.1")).status === 429, TRANSFER_MS);
      const refused = await ask("192.0.2.1");
      expect([refused.status, refused.headers.get("connection")]).toEqual([429, "close"]);
      expect((await ask("192.0.2.2")).status).toBe(200);
      for (const reader of readers) reader.resume();
      await eventually(async () => (await ask("192.0.2.1")).status === 200, TRANSFER_MS);
      for (const reader of readers) reader.destroy();
    },
    2 * TRANSFER_MS,
  );
});
