import { afterAll, describe, expect, test } from "bun:test";
import { postTo } from "./post.ts";

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
const send = (url: string, targets: "public" | "any", ...addresses: string[]) =>
  postTo({ targets, timeoutMs: TIMEOUT_MS, resolve: async () => addresses })(url, {}, "{}");

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
