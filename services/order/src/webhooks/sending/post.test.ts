import { afterAll, describe, expect, test } from "bun:test";
import { selfSigned } from "@food/shared/testing/certificate";
import { cleanUp, eventually } from "@food/shared/testing/service";
import { type PostDeps, postTo } from "./post.ts";

let requests = 0;
const server = Bun.serve({
  ...{ hostname: "127.0.0.1", port: 0 },
  fetch(request) {
    requests++;
    const { pathname } = new URL(request.url);
    if (pathname === "/moved") return Response.redirect("/here", 307);
    return Response.json({ host: request.headers.get("host") });
  },
});
afterAll(() => server.stop(true));

const TIMEOUT_MS = 5_000;
const sendBy = (deps: Partial<PostDeps>, url: string) =>
  postTo({ targets: "any", timeoutMs: TIMEOUT_MS, resolve: async () => ["127.0.0.1"], ...deps })(
    url,
    {},
    "{}",
  );
const send = (url: string, targets: "public" | "any", ...addresses: string[]) =>
  sendBy({ targets, resolve: async () => addresses }, url);

/** Answers each connection with these bytes, then with `more` as fast as they are read. */
function startStream(first: string, more: string) {
  const state = { bytes: 0, open: 0, opened: 0 };
  const pump = (socket: { write: (text: string) => number }) => {
    for (let written = 1; written > 0; state.bytes += written) written = socket.write(more);
  };
  const listener = Bun.listen({
    ...{ hostname: "127.0.0.1", port: 0 },
    socket: {
      open: () => void [state.open++, state.opened++],
      data(socket) {
        socket.write(first);
        pump(socket);
      },
      drain: pump,
      close: () => void state.open--,
    },
  });
  cleanUp(() => listener.stop(true));
  return { url: `http://hooks.example.com:${listener.port}/`, state };
}

describe("a request to a webhook", () => {
  test("goes to the checked address, under the name of the URL", async () => {
    const before = requests;
    const url = `http://hooks.example.com:${server.port}/`;
    expect(await send(url, "any", "127.0.0.1")).toMatchObject({ statusCode: 200 });
    expect(requests).toBe(before + 1);
  });

  test("follows no redirect", async () => {
    const before = requests;
    const answer = await send(`http://hooks.example.com:${server.port}/moved`, "any", "127.0.0.1");
    expect(answer).toMatchObject({ statusCode: 307, error: "status" });
    expect(requests).toBe(before + 1);
  });

  test("resolves the name once, so that a name with another address a moment later (DNS rebinding) changes nothing", async () => {
    let resolved = 0;
    const resolve = async () => (resolved++ === 0 ? ["127.0.0.1"] : ["127.0.0.2"]);
    const url = `http://hooks.example.com:${server.port}/`;
    expect(await sendBy({ resolve }, url)).toMatchObject({ statusCode: 200 });
    expect(resolved).toBe(1);
  });

  test("checks the addresses again at the next attempt", async () => {
    let resolved = 0;
    const resolve = async () => (resolved++ === 0 ? [] : ["10.0.0.1"]);
    const deps = { targets: "public", resolve } as const;
    for (let i = 0; i < 2; i++)
      expect(await sendBy(deps, "https://hooks.example.com/")).toMatchObject({ error: "address" });
    expect(resolved).toBe(2);
  });

  test("ends in time when the name is not resolved", async () => {
    const resolve = () => new Promise<never>(() => undefined);
    expect(await sendBy({ resolve, timeoutMs: 30 }, "https://hooks.example.com/")).toMatchObject({
      error: "timeout",
    });
  });

  test("reads no body: an endless one is cut off", async () => {
    const { url, state } = startStream("HTTP/1.1 200 OK\r\n\r\n", "x".repeat(65_536));
    expect(await sendBy({}, url)).toMatchObject({ statusCode: 200 });
    await eventually(async () => state.open === 0);
    expect(state.opened).toBe(1);
    expect(state.bytes).toBeLessThan(32 * 1024 * 1024);
  });

  test("endless headers are cut off", async () => {
    const { url, state } = startStream("HTTP/1.1 200 OK\r\n", `x-more: ${"x".repeat(8_000)}\r\n`);
    expect(await sendBy({ timeoutMs: 500 }, url)).toHaveProperty("error");
    await eventually(async () => state.open === 0);
    expect(state.bytes).toBeLessThan(32 * 1024 * 1024);
  });

  describe("over TLS", () => {
    const trusted = selfSigned("hooks.example.com");
    test.each([
      ["with a certificate for the name", trusted, trusted.cert, { statusCode: 200 }],
      ["with a certificate that nobody trusts", trusted, undefined, { error: "certificate" }],
      ["with one for another name", selfSigned("other.example.com"), "own", { error: "certificate" }],
      ["with one for the address", selfSigned("127.0.0.1"), "own", { error: "certificate" }],
      ["with one that has expired", selfSigned("hooks.example.com", -1_000), "own", { error: "certificate" }],
    ])("%s", async (_, certificate, given, expected) => {
      const received: string[] = [];
      const secure = Bun.serve({
        ...{ hostname: "127.0.0.1", port: 0, tls: certificate },
        fetch(request) {
          received.push(request.url);
          return new Response();
        },
      });
      cleanUp(() => secure.stop(true));
      const ca = given === "own" ? certificate.cert : given;
      const outcome = await sendBy(ca ? { ca } : {}, `https://hooks.example.com:${secure.port}/`);
      expect(outcome).toMatchObject(expected);
      expect(received).toHaveLength("statusCode" in expected ? 1 : 0);
    });
  });

  test.each([
    [["127.0.0.1"]],
    [["8.8.8.8", "10.0.0.1"]],
    [["::ffff:127.0.0.1"]],
    [["fd00::1"]],
    [["169.254.169.254"]],
    [[]],
  ])("a name with a private address among its addresses is not connected to: %j", async (addresses) => {
    expect(await send("https://hooks.example.com/", "public", ...addresses)).toMatchObject({
      error: "address",
    });
  });

  test.each(["http://hooks.example.com/", "https://127.0.0.1/", "https://hooks.example.com:8443/"])(
    "to %s is not made, whatever the name resolves to",
    async (url) => {
      expect(await send(url, "public", "8.8.8.8")).toMatchObject({ error: "address" });
    },
  );
});
