import { describe, expect, test } from "bun:test";
import { openRawSocket } from "../../testing/raw-socket.ts";
import { runApp } from "../../testing/running-app.ts";
import { eventually } from "../../testing/service.ts";
import { eventStream } from "../live/sse.ts";
import { CommonConfig } from "../process/config.ts";
import { KEEP_ALIVE_SECONDS } from "./serve.ts";

const RUNTIME_IS_EARLY_SECONDS = 4;
const LOAD_BALANCERS_KEEP_SECONDS = 60;

const REQUEST = (method: string, path: string) => `${method} ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;

/** An app with a stream without events. */
const runStreams = (keepAliveSeconds: number) =>
  runApp(
    (app, context) =>
      app
        .get("/", () => "ok")
        .get("/events", () => eventStream(context, { id: "me", expiresAt: Infinity }, () => () => undefined)),
    { keepAliveSeconds },
  );

describe("an idle connection", () => {
  test("by default stays open longer than a load balancer's", () => {
    expect(KEEP_ALIVE_SECONDS - RUNTIME_IS_EARLY_SECONDS).toBeGreaterThan(LOAD_BALANCERS_KEEP_SECONDS);
    expect(CommonConfig.KEEP_ALIVE_SECONDS.default).toBe(KEEP_ALIVE_SECONDS);
  });

  test.each([
    ["GET", "/"],
    ["HEAD", "/events"],
  ])(
    "is closed after the configured time: %s %s",
    async (method, path) => {
      const { url } = runStreams(2);
      const socket = await openRawSocket(url);
      socket.write(REQUEST(method, path));
      await eventually(async () => socket.received().startsWith("HTTP/1.1 200 "));
      await eventually(async () => socket.isClosed(), 9_000);
    },
    60_000,
  );

  test("is closed, and the connection of an open stream is not", async () => {
    const { url } = runStreams(1);
    const [stream, idle] = [await openRawSocket(url), await openRawSocket(url)];
    stream.write(REQUEST("GET", "/events"));
    await eventually(async () => stream.received().includes("retry: "));
    idle.write(REQUEST("GET", "/"));
    await eventually(async () => idle.isClosed(), 9_000);
    expect(stream.isClosed()).toBe(false);
    stream.close();
  }, 60_000);
});

// Streams rely on it: their heartbeats keep the connection open (see STREAM_IDLE_SECONDS).
test("each write of a response starts the idle time of its connection anew", async () => {
  let writing: ReturnType<typeof setInterval> | undefined;
  const written = () =>
    new ReadableStream<string>({
      start(controller) {
        writing = setInterval(() => controller.enqueue("."), 200);
      },
      cancel: () => clearInterval(writing),
    });
  const { url } = runApp((app) => app.get("/", () => "ok").get("/written", () => new Response(written())), {
    // Below five seconds the runtime closes the connection despite the writes.
    keepAliveSeconds: 5,
  });
  const busy = await openRawSocket(url);
  busy.write(REQUEST("GET", "/written"));
  await eventually(async () => busy.received().includes("."));
  const idle = await openRawSocket(url);
  idle.write(REQUEST("GET", "/"));
  await eventually(async () => idle.isClosed(), 30_000);
  // Without the writes it would have been closed with the other one, or before.
  await fetch(url);
  expect(busy.isClosed()).toBe(false);
  busy.close();
}, 60_000);

// The runtime closes the connection when a request arrives before the previous one is answered:
// https://github.com/oven-sh/bun/pull/38128. When this test fails, the runtime is fixed: delete this test and the
// paragraph about pipelining in docs/operate/configure.md.
describe("a pipelined request", () => {
  test.each([["GET"], ["HEAD"]])(
    "closes the connection at once, without any response (%s)",
    async (method) => {
      const { url } = runApp((app) => app.get("/", () => Bun.sleep(1).then(() => "ok")));
      const socket = await openRawSocket(url);
      socket.write(REQUEST(method, "/").repeat(2));
      await eventually(async () => socket.isClosed());
      expect(socket.received()).toBe("");
    },
  );
});
