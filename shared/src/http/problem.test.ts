import { beforeAll, describe, expect, test } from "bun:test";
import {
  MongoNetworkError,
  MongoNetworkTimeoutError,
  MongoNotConnectedError,
  MongoServerError,
  MongoTopologyClosedError,
} from "mongodb";
import { silentLog } from "../../testing/running-app.ts";
import { call } from "../../testing/service.ts";
import { createLog } from "../observe/log.ts";
import { repeatedFailures } from "../observe/repeated-failures.ts";
import { notFound, unavailable } from "../values/errors.ts";
import { newId } from "../values/id.ts";
import { chunked, JSON_TYPE, outcome, problemOf, SECRET, startThings } from "./app.builder.ts";
import { answerError } from "./problem.ts";

const { url, post, issuer } = await startThings();

async function said(error: Error): Promise<[number, string]> {
  const answer = answerError(error, undefined, silentLog, repeatedFailures(silentLog));
  const text = await answer.text();
  expect(text).not.toContain(SECRET);
  return [answer.status, JSON.parse(text).code];
}

describe("an error", () => {
  test.each([["thrown"], ["text"], ["shape"], ["own"]])(
    "of our own (%s) answers 500 without internal details",
    async (kind) => {
      const response = await fetch(`${url}/faults/${kind}`);
      expect(await outcome(response)).toEqual([500, "INTERNAL_ERROR"]);
    },
  );

  test("of a dependency answers 503 with Retry-After, without internal details", async () => {
    const response = await fetch(`${url}/faults/away`);
    expect(response.headers.get("retry-after")).toBe("1");
    expect(await outcome(response)).toEqual([503, "DATABASE_UNAVAILABLE"]);
  });

  test.each(
    [
      new MongoNetworkError(SECRET),
      new MongoNetworkTimeoutError(SECRET),
      new MongoNotConnectedError(SECRET),
      new MongoTopologyClosedError(SECRET),
      // A pool that is cleared during a command: the driver does not export this error.
      Object.assign(new Error(SECRET), { name: "PoolClearedOnNetworkError" }),
      new MongoServerError({ message: SECRET, code: 10_107 }),
    ].map((error): [string, Error] => [error.name, error]),
  )("of an unreachable MongoDB (%s) answers 503", async (_, error) => {
    expect(await said(error)).toEqual([503, "DATABASE_UNAVAILABLE"]);
  });

  test("of MongoDB about the command itself answers 500", async () => {
    expect(await said(new MongoServerError({ message: SECRET, code: 9 }))).toEqual([500, "INTERNAL_ERROR"]);
  });

  test("has its extra fields", async () => {
    const problem = await problemOf(await fetch(`${url}/faults/conflict`));
    expect(problem).toMatchObject({
      status: 409,
      code: "WRONG_STATE",
      currentStatus: "open",
      allowedActions: ["close"],
    });
  });

  test("429 has Retry-After in whole seconds", async () => {
    const response = await fetch(`${url}/faults/busy`);
    expect(response.headers.get("retry-after")).toBe("2");
    const problem = await problemOf(response);
    expect(problem.retryAfterSeconds).toBeUndefined();
  });
});

describe("a route that needs a token", () => {
  let token: string;
  beforeAll(async () => {
    token = await issuer.tokenFor("usr_1", "user", "test");
  });
  const good = `/mine/${newId("thg")}`;

  test.each([
    ["invalid JSON", good, "{", JSON_TYPE],
    ["another type", good, "{}", { "content-type": "text/plain" }],
    ["another shape", good, "{}", JSON_TYPE],
    ["a body too large in chunks", good, undefined, JSON_TYPE],
    ["an impossible id", "/mine/1", '{"name":"a"}', JSON_TYPE],
  ])("answers 401 before it checks %s", async (_, path, body, headers) => {
    const response = await post(body ?? chunked(100_000), headers, path);
    expect(await outcome(response)).toEqual([401, "INVALID_TOKEN"]);
    expect(response.headers.get("www-authenticate")).toBe("Bearer");
  });

  test("reports what is wrong once the caller is authenticated", async () => {
    const as = { ...JSON_TYPE, authorization: `Bearer ${token}` };
    expect((await post("{", as, good)).status).toBe(400);
    expect((await post("{}", as, good)).status).toBe(422);
    expect((await post('{"name":"a"}', as, "/mine/1")).status).toBe(404);
    expect((await post('{"name":"a"}', as, good)).status).toBe(201);
  });
});

describe("every response", () => {
  const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  test.each(["/things", "/nowhere", "/faults/thrown", "/things/1"])(
    "of %s has the request's id and the security headers",
    async (path) => {
      const { headers } = await call(url, `GET ${path}`, {
        headers: { "x-request-id": "req-7", traceparent: TRACE },
      });
      expect(headers.get("x-request-id")).toBe("req-7");
      expect(headers.get("traceparent")).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-01$/);
      expect(headers.get("x-content-type-options")).toBe("nosniff");
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("referrer-policy")).toBe("no-referrer");
      const policy = headers.get("content-security-policy") ?? "";
      for (const part of ["default-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "sandbox"])
        expect(policy.split("; ")).toContain(part);
      expect(headers.get("strict-transport-security")).toBeNull();
    },
  );

  test("repeats no part of the request", async () => {
    const headers = {
      "x-request-id": `${SECRET} with space`,
      traceparent: SECRET,
      authorization: `Bearer ${SECRET}`,
      cookie: `a=${SECRET}`,
      "x-other": SECRET,
      ...JSON_TYPE,
    };
    const bodies = [
      { name: SECRET.repeat(3) },
      { name: 1, email: SECRET },
      { name: "a", parts: SECRET },
      [SECRET],
      SECRET,
    ];
    for (const body of bodies)
      for (const path of [
        "/things",
        `/things?limit=${SECRET}`,
        `/mine/${SECRET}`,
        `/${SECRET}`,
        `/things/${SECRET}`,
      ]) {
        const response = await post(JSON.stringify(body), headers, path);
        expect(response.status).toBeWithin(400, 500);
        expect(JSON.stringify([...response.headers]) + (await response.text())).not.toContain(SECRET);
      }
  });
});

describe("the log of a failed request", () => {
  const logged = (error: unknown) => {
    const lines: string[] = [];
    const log = createLog("test", "trace", { write: (line) => void lines.push(line) });
    const { status } = answerError(error, undefined, log, repeatedFailures(log));
    return { status, lines: lines.map((line) => JSON.parse(line)) };
  };

  test("when a dependency is away, is one line with the reason and no stack", () => {
    const { status, lines } = logged(
      unavailable("DEPENDENCY_UNAVAILABLE", "Try again.", new Error("it hangs")),
    );
    expect([status, lines.length]).toEqual([503, 1]);
    expect(lines[0]).toMatchObject({ level: "warn", code: "DEPENDENCY_UNAVAILABLE", reason: "it hangs" });
    expect(JSON.stringify(lines)).not.toContain("stack");
  });

  test("when the error is unexpected, has the whole error", () => {
    const { status, lines } = logged(new TypeError("of null"));
    expect([status, lines.length]).toEqual([500, 1]);
    expect(lines[0]).toMatchObject({ level: "error", err: { type: "TypeError", message: "of null" } });
    expect(lines[0].err.stack).toContain("TypeError");
  });

  test("is empty for a client error", () => {
    expect(logged(notFound("NO_SUCH", "None."))).toEqual({ status: 404, lines: [] });
  });
});
