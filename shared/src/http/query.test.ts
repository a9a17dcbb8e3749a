import { describe, expect, test } from "bun:test";
import { newId } from "../values/id.ts";
import { JSON_TYPE, outcome, problemOf, SECRET, startThings } from "./app.builder.ts";

const { url, post, issuer } = await startThings();
const get = (path: string, method = "GET") => fetch(`${url}${path}`, { method });
const REFUSED = [422, "VALIDATION_FAILED"];

describe("a query parameter", () => {
  test.each([
    ["unknown", "/things?foo=1"],
    ["unknown, without a value", "/things?foo"],
    ["unknown, without a name", "/things?=1"],
    ["unknown beside a known one", "/things?limit=1&foo=1"],
    ["known in another case", "/things?Limit=1"],
    ["named __proto__", "/things?__proto__=1"],
    ["named constructor", "/things?constructor=1"],
    ["doubled", "/things?limit=1&limit=1"],
    ["repeated in another encoding", "/things?limit=1&li%6Dit=1"],
    ["repeated, empty", "/things?cursor=a&cursor="],
    ["in the fragment", "/things?limit=1%23&foo=1"],
  ])("that is %s answers 422", async (_, path) => {
    expect(await outcome(await get(path))).toEqual(REFUSED);
  });

  test("answers 422 when the route declares none", async () => {
    const thing = `/things/${newId("thg")}`;
    expect(await outcome(await get(`${thing}?limit=1`))).toEqual(REFUSED);
    expect((await get(`${thing}?limit=1`, "HEAD")).status).toBe(422);
    expect(await outcome(await get(`${thing}/state?limit=1`, "PUT"))).toEqual(REFUSED);
    expect(await outcome(await post('{"name":"a"}', JSON_TYPE, "/things?dry=1"))).toEqual(REFUSED);
  });

  test("is reported without repeating the client's text", async () => {
    const unknown = await problemOf(await get(`/things/${newId("thg")}?${SECRET}=${SECRET}`));
    expect(unknown.details).toEqual([
      { pointer: "/query", detail: "Unknown parameter; known: none" },
    ] as never);
    const doubled = await problemOf(await get("/things?limit=1&limit=2"));
    expect(doubled.details).toEqual([{ pointer: "/query/limit", detail: "Given more than once" }] as never);
  });

  test.each(["limit=0", "limit=101", "limit=-1", "limit=1.5", "limit=many", "limit=1e9"])(
    "%s is reported with its name and what it may be",
    async (query) => {
      const { status, details } = await problemOf(await get(`/things?${query}`));
      expect([status, details]).toEqual([
        422,
        [{ pointer: "/query/limit", detail: "A whole number from 1 to 100" }] as never,
      ]);
    },
  );

  test.each([["cursor=%FF"], ["cursor=%ED%A0%80"], ["cursor=%"], ["cursor=%u0041"]])(
    "that is not percent-encoded UTF-8 (%s) answers 400",
    async (query) => {
      expect(await outcome(await get(`/things?${query}`))).toEqual([400, "MALFORMED_QUERY"]);
    },
  );

  test("is checked after the token", async () => {
    const body = '{"name":"a"}';
    const mine = `/mine/${newId("thg")}?foo=1`;
    expect(await outcome(await post(body, JSON_TYPE, mine))).toEqual([401, "INVALID_TOKEN"]);
    const authorization = `Bearer ${await issuer.tokenFor("usr_1", "user", "test")}`;
    expect(await outcome(await post(body, { ...JSON_TYPE, authorization }, mine))).toEqual(REFUSED);
  });
});

describe("an empty query", () => {
  test.each([["?"], ["?&"], ["?limit=2&"], [""]])("(%p) is accepted", async (query) => {
    expect((await get(`/things${query}`)).status).toBe(200);
  });
});

test("an unknown route answers 404 with any query", async () => {
  expect((await get("/nowhere?foo=1")).status).toBe(404);
});
