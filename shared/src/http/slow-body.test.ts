import { describe, expect, test } from "bun:test";
import { Type } from "@sinclair/typebox";
import { openRawSocket } from "../../testing/raw-socket.ts";
import { runApp } from "../../testing/running-app.ts";
import { cleanUp, eventually, identityOf } from "../../testing/service.ts";
import { authenticated } from "../auth/authenticated.ts";
import { tokenVerifier } from "../auth/tokens.ts";

const IN_FLIGHT_MAX = 5;
const keys = (await identityOf("them")).keys.publicKeys;
const verify = tokenVerifier("me", { them: { roles: ["user"], keys } });
const body = Type.Object({ name: Type.String() });

const start = (bodyMsMax: number) =>
  runApp(
    (app) =>
      app
        .get("/", () => "ok")
        .post("/things", () => "taken", { body })
        .use(authenticated(verify, "user"))
        .post("/mine", () => "taken", { body }),
    { inFlightMax: IN_FLIGHT_MAX, bodyMsMax },
  );

/** Sends the head and then a byte at a time, until nobody takes them any more. */
async function trickle(url: string, path = "/things", headers: string[] = []) {
  const socket = await openRawSocket(url);
  cleanUp(socket.close);
  const head = [`POST ${path} HTTP/1.1`, "Host: localhost", "Content-Type: application/json", ...headers];
  socket.write([...head, "Content-Length: 60000", "", "{"].join("\r\n"));
  const timer = setInterval(() => (socket.isClosed() ? clearInterval(timer) : socket.write(" ")), 10);
  cleanUp(() => clearInterval(timer));
  return socket;
}

describe("a body that trickles", () => {
  test.each([["/things"], ["/mine"]])("to %s is answered 408 and loses its connection", async (path) => {
    const { url } = start(100);
    const socket = await trickle(url, path);
    await eventually(async () => socket.isClosed());
    expect(socket.received()).toStartWith("HTTP/1.1 408 ");
    expect(socket.received()).toMatch(/\r\nconnection: close\r\n/i);
    expect(socket.received()).toContain('"code":"BODY_TOO_SLOW"');
  });

  test("gets no more time than the caller itself gives the request", async () => {
    const { url } = start(60_000);
    const socket = await trickle(url, "/things", ["X-Request-Timeout-Ms: 100"]);
    await eventually(async () => socket.isClosed());
    expect(socket.received()).toStartWith("HTTP/1.1 408 ");
  });

  test("leaves its place to others", async () => {
    const { url, metrics } = start(300);
    await Promise.all(Array.from({ length: IN_FLIGHT_MAX }, () => trickle(url)));
    await eventually(async () => metrics.requestsInFlight === IN_FLIGHT_MAX);
    expect((await fetch(url)).status).toBe(503);
    await eventually(async () => (await fetch(url)).status === 200);
    await eventually(async () => metrics.requestsInFlight === 0);
  });

  test("is taken when it comes to its end in time", async () => {
    const { url } = start(60_000);
    const socket = await trickle(url);
    socket.write(`"name":"Ada"}${" ".repeat(60_000)}`);
    await eventually(async () => socket.received().includes("taken"));
    expect(socket.received()).toStartWith("HTTP/1.1 200 ");
  });
});
