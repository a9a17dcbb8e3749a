import { describe, expect, test } from "bun:test";
import { openRawSocket } from "../../testing/raw-socket.ts";
import { eventually } from "../../testing/service.ts";
import { newId } from "../values/id.ts";
import { chunked, JSON_TYPE, outcome, problemOf, SECRET, startThings } from "./app.builder.ts";

const { url, post } = await startThings();

describe("a body", () => {
  test.each([
    ["{"],
    [" "],
    [`{"name":"${SECRET}"`],
    [`{'name':'${SECRET}'}`],
    ["NaN"],
    [`{"name":"a"}{"name":"${SECRET}"}`],
    [`${SECRET}`],
  ])("that is not JSON (%p) answers 400", async (body) => {
    expect(await outcome(await post(body))).toEqual([400, "MALFORMED_JSON"]);
  });

  test.each([
    ["text/plain"],
    ["application/x-www-form-urlencoded"],
    ["multipart/form-data; boundary=x"],
    ["application/jsonp"],
    [`application/${SECRET}`],
    [""],
  ])("as %p answers 415", async (type) => {
    expect(await outcome(await post('{"name":"a"}', { "content-type": type }))).toEqual([
      415,
      "UNSUPPORTED_MEDIA_TYPE",
    ]);
  });

  test("may name its character set", async () => {
    expect((await post('{"name":"a"}', { "content-type": "Application/JSON; charset=utf-8" })).status).toBe(
      201,
    );
  });

  test("that is required and missing answers 422, with any content type", async () => {
    for (const headers of [{}, { "content-type": "application/json" }, { "content-type": "text/plain" }])
      expect(await outcome(await post(null, headers as Record<string, string>))).toEqual([
        422,
        "VALIDATION_FAILED",
      ]);
  });

  test.each([["gzip"], ["GZIP"], ["br"], ["gzip, identity"]])(
    "with the content coding %p answers 415 with the supported one",
    async (coding) => {
      const response = await post('{"name":"a"}', { ...JSON_TYPE, "content-encoding": coding });
      expect(response.headers.get("accept-encoding")).toBe("identity");
      expect(await outcome(response)).toEqual([415, "UNSUPPORTED_CONTENT_ENCODING"]);
    },
  );

  test("may have the content coding identity", async () => {
    expect((await post('{"name":"a"}', { ...JSON_TYPE, "content-encoding": "identity" })).status).toBe(201);
  });

  test.each([
    ["a length of zero", "Content-Length: 0", ""],
    ["no chunk", "Transfer-Encoding: chunked", "0\r\n\r\n"],
    ["no chunk and a type", "Transfer-Encoding: chunked\r\nContent-Type: application/json", "0\r\n\r\n"],
  ])("of %s is empty", async (_, head, body) => {
    const answer = async (path: string) => {
      const socket = await openRawSocket(url);
      socket.write(`PUT ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n${head}\r\n\r\n${body}`);
      await eventually(async () => socket.isClosed());
      return socket.received();
    };
    expect(await answer(`/things/${newId("thg")}/state`)).toStartWith("HTTP/1.1 200 ");
    expect(await answer("/things")).toStartWith("HTTP/1.1 405 ");
  });

  test.each([
    ["just too large", () => JSON.stringify({ name: "x".repeat(64 * 1024) })],
    ["of several megabytes", () => JSON.stringify({ name: SECRET.repeat(400_000) })],
    ["in chunks", () => chunked(100_000)],
    ["of several megabytes in chunks", () => chunked(5_000_000)],
  ])("%s answers 413", async (_, body) => {
    expect(await outcome(await post(body()))).toEqual([413, "BODY_TOO_LARGE"]);
  });

  test("of the maximum size is read", async () => {
    const padding = " ".repeat(64 * 1024 - 12);
    expect((await post(`{"name":"a"}${padding}`)).status).toBe(201);
    expect((await post(`{"name":"a"}${padding} `)).status).toBe(413);
  });

  test.each([
    ["lists", "[".repeat(17) + "]".repeat(17)],
    ["objects", `${'{"a":'.repeat(17)}1${"}".repeat(17)}`],
    ["very deep", "[".repeat(30_000) + "]".repeat(30_000)],
  ])("that nests too deep (%s) answers 400", async (_, body) => {
    expect(await outcome(await post(body))).toEqual([400, "JSON_TOO_DEEP"]);
  });

  test.each([
    ["an unknown field", { name: "a", admin: true }, "/admin"],
    ["a missing field", {}, "/name"],
    ["a field of another type", { name: 1 }, "/name"],
    ["an operator", { name: { $ne: null } }, "/name"],
    ["a nested fault", { name: "a", parts: [{ size: 1 }, { size: "2" }] }, "/parts/1/size"],
    ["a list", [], ""],
    ["null", null, ""],
  ])("with %s answers 422 with a pointer to it", async (_, body, pointer) => {
    const response = await post(JSON.stringify(body));
    const problem = await problemOf(response);
    expect([response.status, problem.code]).toEqual([422, "VALIDATION_FAILED"]);
    expect(problem.details?.map((fault) => fault.pointer)).toContain(pointer);
  });

  test("cannot reach a prototype", async () => {
    expect((await post('{"name":"a","__proto__":{"admin":true}}')).status).toBe(422);
    expect((await post('{"name":"a","constructor":{"prototype":{}}}')).status).toBe(422);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test("reports at most twenty faults", async () => {
    const body = Object.fromEntries(Array.from({ length: 500 }, (_, i) => [`f${i}`, 1]));
    expect((await problemOf(await post(JSON.stringify(body)))).details).toHaveLength(20);
  });

  test("does not get an unusual field name back", async () => {
    const name = `<img src=x onerror=${SECRET}>`;
    const { details } = await problemOf(
      await post(JSON.stringify({ name: "a", [name]: 1, [SECRET.repeat(9)]: 1 })),
    );
    expect(details?.map(({ pointer }) => pointer)).not.toContain(`/${name}`);
  });
});

describe("a path", () => {
  test.each([
    ["GET", `/${SECRET}`],
    ["GET", "/"],
    ["DELETE", "/nowhere"],
    ["GET", "/things/a/b/c"],
    ["GET", "/%E0%A4%A"],
  ])("without a route (%s %s) answers 404", async (method, path) => {
    expect(await outcome(await fetch(`${url}${path}`, { method }))).toEqual([404, "ROUTE_NOT_FOUND"]);
  });

  test.each([
    ["DELETE", "/things", "GET, POST, HEAD"],
    ["OPTIONS", "/things", "GET, POST, HEAD"],
    ["POST", "/things/", undefined],
    ["POST", `/things/${newId("thg")}`, "GET, HEAD"],
    ["GET", `/things/${newId("thg")}/state`, "PUT"],
    ["DELETE", "/things/own", "POST"],
    ["DELETE", "/things/", "GET, POST, HEAD"],
  ])(
    "with an unsupported method (%s %s) answers 405 with the supported ones",
    async (method, path, allow) => {
      const response = await fetch(`${url}${path}`, { method });
      if (allow === undefined) return expect(response.status).toBe(422);
      expect(await outcome(response)).toEqual([405, "METHOD_NOT_ALLOWED"]);
      expect(response.headers.get("allow")).toBe(allow);
    },
  );

  test.each([["1"], [SECRET], ["thg_1"], ["%00"], ["%E0%A4%A"], ["[$ne]=1"], [newId("oth")]])(
    "with an impossible id (%p) answers 404",
    async (id) => {
      expect(await outcome(await fetch(`${url}/things/${id}`))).toEqual([404, "NOT_FOUND"]);
    },
  );

  test.each([
    ["limit=0"],
    ["limit=101"],
    [`limit=${SECRET}`],
    ["limit=1.5"],
    ["cursor="],
    [`unknown=${SECRET}`],
  ])("with the query %p answers 422", async (query) => {
    expect(await outcome(await fetch(`${url}/things?${query}`))).toEqual([422, "VALIDATION_FAILED"]);
  });

  test("answers HEAD like GET, without a body", async () => {
    const path = `${url}/things?limit=7`;
    const [head, get] = [await fetch(path, { method: "HEAD" }), await fetch(path)];
    expect([head.status, await head.text()]).toEqual([200, ""]);
    expect(head.headers.get("content-length")).toBe(String((await get.text()).length));
  });
});
