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
      const { url } = runApp(
        (app, context) =>
          app
            .get("/", () => "ok")
            .get("/events", () =>
              eventStream(context, { id: "me", expiresAt: Infinity }, () => () => undefined),
            ),
        { keepAliveSeconds: 2 },
      );
      const socket = await openRawSocket(url);
      socket.write(REQUEST(method, path));
      await eventually(async () => socket.received().startsWith("HTTP/1.1 200 "));
      await eventually(async () => socket.isClosed(), 9_000);
    },
    60_000,
  );
});

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
