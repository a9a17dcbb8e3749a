import { afterEach, beforeEach, expect, test } from "bun:test";
import { startProxy, type TcpProxy } from "./proxy.ts";

let servers: Bun.Server<undefined>[];
let proxy: TcpProxy;
let seen: string[];
const serverNamed = (name: string) =>
  Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      const body = await request.text();
      seen.push(body);
      return new Response(`${name}:${body.length}`);
    },
  });
const post = (body = "", signal?: AbortSignal) =>
  fetch(`http://127.0.0.1:${proxy.port}/`, {
    method: "POST",
    body,
    headers: { connection: "close" },
    ...(signal && { signal }),
  }).then((response) => response.text());

beforeEach(async () => {
  seen = [];
  servers = [serverNamed("a"), serverNamed("b")];
  proxy = await startProxy(servers.map(({ port }) => `127.0.0.1:${port}`));
});
afterEach(() => {
  proxy.close();
  for (const server of servers) void server.stop(true);
});

test("uses its targets in turn, and passes large bodies unchanged", async () => {
  const large = "x".repeat(3_000_000);
  expect([await post(large), await post("1"), await post("22")]).toEqual(["a:3000000", "b:1", "a:2"]);
});

test("skips a target that refuses connections", async () => {
  await servers[0]?.stop(true);
  expect([await post(), await post(), await post()]).toEqual(["b:0", "b:0", "b:0"]);
});

test("refuses connections while down, and serves again when healed", async () => {
  proxy.suffer({ kind: "down" });
  await expect(post()).rejects.toThrow();
  proxy.heal();
  expect(await post()).toBe("a:0");
});

test("holds every byte while stalled, and sends it when healed", async () => {
  proxy.suffer({ kind: "stalled" });
  const answer = post("late");
  await Bun.sleep(100);
  expect(seen).toEqual([]);
  proxy.heal();
  expect(await answer).toBe("a:4");
});

test("while deaf, passes the request and drops the answer", async () => {
  proxy.suffer({ kind: "deaf" });
  await expect(post("sent")).rejects.toThrow();
  proxy.heal();
  expect([await post("again"), seen]).toEqual(["b:5", ["sent", "again"]]);
});

test("a tap sees both ways and may drop a chunk with its connection", async () => {
  const seenChunks: string[] = [];
  proxy.tap = {
    toServer: (_, chunk) => !seenChunks.push(chunk.toString().slice(0, 4)) || !chunk.includes("forbidden"),
    toClient: (_, chunk) => seenChunks.push(chunk.toString().slice(0, 8)) > 0,
  };
  expect(await post("fine")).toBe("a:4");
  expect(seenChunks).toEqual(["POST", "HTTP/1.1"]);
  await expect(post("forbidden")).rejects.toThrow();
  expect(seen).toEqual(["fine"]);
});

test("leaves no connection open", async () => {
  await Promise.all(Array.from({ length: 20 }, () => post("1")));
  const until = Date.now() + 5_000;
  while (proxy.openConnections() > 0 && Date.now() < until) await Bun.sleep(10);
  expect(proxy.openConnections()).toBe(0);
});
