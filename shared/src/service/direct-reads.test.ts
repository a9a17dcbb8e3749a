import { describe, expect, test } from "bun:test";
import { Type } from "@sinclair/typebox";
import { Elysia } from "elysia";
import { runApp, silentLog } from "../../testing/running-app.ts";
import { type AccessTable, ANYONE } from "../auth/access.ts";
import { httpApp } from "../http/app.ts";
import { createLog } from "../observe/log.ts";
import { currentScope } from "../observe/request-scope.ts";
import { notFound, tooManyRequests, unavailable } from "../values/errors.ts";
import { idSchema, newId } from "../values/id.ts";
import { useRegion } from "../values/region.ts";
import { cachedResponse, withDirectReads } from "./direct-reads.ts";

const ROUTE = "/v1/things/:thingId/page";
const ThingId = idSchema("thg", "A thing");

/** The app, and who answered: a hook of the framework runs for each request that it gets. */
function thingApp({
  access = ANYONE,
  isPrepared = true,
  isFull = false,
  isLimited = true,
  log = silentLog,
} = {}) {
  const framework: string[] = [];
  const limits = { isLimited };
  const counted: string[] = [];
  const read = async (id: string) => {
    if (id.endsWith("2")) throw unavailable("DATABASE_UNAVAILABLE", "Try again.");
    if (id.endsWith("0")) throw notFound("THING_NOT_FOUND", "There is no such thing.");
    return { bytes: id, etag: '"1"' };
  };
  const app = httpApp(log)
    .onTransform({ as: "global" }, ({ path }) => void framework.push(path))
    .use(
      new Elysia().get(
        ROUTE,
        async ({ params, headers }) => cachedResponse(await read(params.thingId), headers["if-none-match"]),
        { params: Type.Object({ thingId: ThingId }) },
      ),
    );
  const base = {
    log,
    prepared: () => isPrepared,
    countRequest(route: string) {
      if (isFull) throw tooManyRequests("Wait.", 1);
      counted.push(route);
      const scope = currentScope();
      if (scope && limits.isLimited)
        scope.rateLimit = { policy: `"p";q=${counted.length}`, state: `"p";r=1` };
    },
  };
  const table: AccessTable = { [`GET ${ROUTE}`]: access };
  const direct = withDirectReads(app, base, table, [{ route: ROUTE, id: ThingId, read }]);
  const ask = async (path: string, options?: RequestInit) => {
    const response = await direct.fetch(new Request(`http://localhost${path}`, options));
    return { status: response.status, text: await response.text() };
  };
  return { direct, ask, framework, counted, limits };
}

const id = `${newId("thg").slice(0, -1)}1`;

describe("a direct read", () => {
  test("is answered and counted without the framework", async () => {
    const { ask, framework, counted } = thingApp();
    expect(await ask(`/v1/things/${id}/page`)).toEqual({ status: 200, text: id });
    const known = await ask(`/v1/things/${id}/page`, { headers: { "if-none-match": '"1"' } });
    expect(known).toEqual({ status: 304, text: "" });
    expect(counted).toEqual([ROUTE, ROUTE]);
    expect(framework).toEqual([]);
  });

  describe("from the server", () => {
    /** The answer's headers without those of the connection. */
    const headersFrom = async (
      app: ReturnType<typeof thingApp>,
      suffix = "",
      headers = {},
    ): Promise<Record<string, unknown>> => {
      const { url } = runApp(() => app.direct);
      const response = await fetch(`${url}/v1/things/${id}/page${suffix}`, { headers });
      const { date: _, "content-length": __, ...rest } = response.headers.toJSON();
      return { status: response.status, text: await response.text(), ...rest };
    };
    const sent = { "x-request-id": "r1", traceparent: `00-${"a".repeat(32)}-${"b".repeat(16)}-01` };
    const own = { traceparent: expect.stringMatching(/^00-a{32}-[0-9a-f]{16}-01$/), "x-request-id": "r1" };

    test.each([[{}], [{ "if-none-match": '"1"' }]])(
      "has the headers of the declared route: %p",
      async (condition) => {
        const app = thingApp({ isLimited: false });
        const direct = await headersFrom(app, "", { ...sent, ...condition });
        expect(app.framework).toEqual([]);
        const declared = await headersFrom(app, "?", { ...sent, ...condition });
        expect(app.framework).toHaveLength(1);
        expect(direct).toMatchObject(own);
        expect(direct).toEqual({ ...declared, traceparent: direct.traceparent });
      },
    );

    test("has the limits of its own request, and none of an earlier one", async () => {
      const app = thingApp();
      expect(await headersFrom(app)).toMatchObject({ "ratelimit-policy": '"p";q=1', ratelimit: '"p";r=1' });
      expect(await headersFrom(app)).toMatchObject({ "ratelimit-policy": '"p";q=2' });
      app.limits.isLimited = false;
      expect(await headersFrom(app)).not.toHaveProperty("ratelimit-policy");
    });
  });

  test("is refused like others: the handler's problem, and 429", async () => {
    const missing = await thingApp().ask(`/v1/things/${id.slice(0, -1)}0/page`);
    expect(missing.status).toBe(404);
    expect(JSON.parse(missing.text)).toMatchObject({ code: "THING_NOT_FOUND" });
    const tooMany = await thingApp({ isFull: true }).ask(`/v1/things/${id}/page`);
    expect(tooMany.status).toBe(429);
  });

  test("during an outage logs one line for all requests", async () => {
    const lines: string[] = [];
    const log = createLog("test", "info", { write: (line) => void lines.push(line) });
    const { ask, framework } = thingApp({ log });
    for (let i = 0; i < 3; i++) expect((await ask(`/v1/things/${id.slice(0, -1)}2/page`)).status).toBe(503);
    expect(framework).toEqual([]);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([{ code: "DATABASE_UNAVAILABLE" }]);
  });

  test("of an id of another region gets 404, as from the framework", async () => {
    useRegion("mun");
    const foreign = newId("thg");
    useRegion("ber");
    try {
      const { status, text } = await thingApp().ask(`/v1/things/${foreign}/page`);
      expect([status, JSON.parse(text).code]).toEqual([404, "WRONG_REGION"]);
    } finally {
      useRegion("");
    }
  });

  test.each([
    ["with a query", `/v1/things/${id}/page?a=1`, 422],
    ["with an empty query", `/v1/things/${id}/page?`, 200],
    ["with an escape", `/v1/things/${id}/p%61ge`, 404],
    ["with a slash at the end", `/v1/things/${id}/page/`, 200],
    ["of an impossible id", "/v1/things/thg_1/page", 404],
    ["of a longer path", `/v1/things/${id}/page/more`, 404],
  ])("%s is the framework's", async (_, path, status) => {
    const { ask, counted } = thingApp();
    expect((await ask(path)).status).toBe(status);
    expect(counted).toEqual([]);
  });

  test("with another method, or before the service is prepared, is the framework's", async () => {
    const { ask, counted } = thingApp();
    expect((await ask(`/v1/things/${id}/page`, { method: "POST" })).status).toBe(405);
    expect(counted).toEqual([]);
    const starting = thingApp({ isPrepared: false });
    await starting.ask(`/v1/things/${id}/page`);
    expect(starting.framework).toHaveLength(1);
  });

  test("of a route that checks a token stops the start", () => {
    const access = { roles: ["user"], owns: "self" } as never;
    expect(() => thingApp({ access })).toThrow("must be ANYONE");
  });
});
