import { describe, expect, test } from "bun:test";
import { runApp } from "../../testing/running-app.ts";
import { call, identityOf } from "../../testing/service.ts";
import { type AccessTable, ANYONE, mayForbid, requireAllowed, requireRows, rowsOf } from "./access.ts";
import { guard, withCaller } from "./guard.ts";
import { type Caller, tokenVerifier } from "./tokens.ts";

const table: AccessTable = {
  "GET /things": ANYONE,
  "POST /things": { roles: ["user"], owns: "own things" },
  "GET /things/:thingId": { roles: ["user", "agent"], owns: "own thing" },
  "PUT /things/:thingId": { roles: ["user"], owns: "own thing", staff: ["owner", "manager"] },
  "GET /internal/things": { services: ["partner"] },
};
const routes = Object.keys(table).map((route) => {
  const [method = "", path = ""] = route.split(" ");
  return { method, path };
});

describe("requireRows", () => {
  test("accepts exactly the routes of the table", () => {
    expect(() => requireRows(table, routes)).not.toThrow();
  });

  test("names a route without a row", () => {
    const more = [...routes, { method: "DELETE", path: "/things" }];
    expect(() => requireRows(table, more)).toThrow(
      /^The route DELETE \/things has no row in access.ts: say who may call it$/,
    );
  });

  test("names a row without a route, also when another method has one", () => {
    const fewer = routes.filter(({ method }) => method !== "POST");
    expect(() => requireRows(table, fewer)).toThrow(
      /^The row POST \/things in access.ts has no route: remove it$/,
    );
  });
});

test("rowsOf finds a row by method and pattern, and none of Object's own names", () => {
  const rowOf = rowsOf(table);
  expect(rowOf("GET", "/things/:thingId")).toBe(table["GET /things/:thingId"] as never);
  expect([rowOf("DELETE", "/things"), rowOf("GET", "toString"), rowOf("__proto__", "/things")]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

describe("requireAllowed", () => {
  const caller = (role: string, more: Partial<Caller> = {}): Caller => ({
    ...{ id: "one", issuer: "one", expiresAt: Infinity, role },
    ...more,
  });
  const codeFor = (route: keyof typeof table, who: Caller) => {
    const row = table[route];
    if (!row || "anyone" in row) throw new Error(`${route} is for anyone`);
    try {
      requireAllowed(row, who);
      return "allowed";
    } catch (error) {
      return (error as { code: string }).code;
    }
  };

  test.each([
    ["GET /things/:thingId", "user", "allowed"],
    ["GET /things/:thingId", "agent", "allowed"],
    ["GET /things/:thingId", "service", "WRONG_ROLE"],
    ["POST /things", "agent", "WRONG_ROLE"],
    ["GET /internal/things", "user", "WRONG_ROLE"],
    ["GET /internal/things", "partner", "WRONG_ROLE"],
  ] as const)("%s by the role %s: %s", (route, role, outcome) => {
    expect(codeFor(route, caller(role))).toBe(outcome);
  });

  test("admits only the services that the row names", () => {
    expect(codeFor("GET /internal/things", caller("service", { id: "partner" }))).toBe("allowed");
    expect(codeFor("GET /internal/things", caller("service", { id: "other" }))).toBe("WRONG_SERVICE");
  });

  test.each([
    ["owner", "allowed"],
    ["manager", "allowed"],
    [undefined, "allowed"],
    ["kitchen", "WRONG_STAFF_ROLE"],
    ["", "WRONG_STAFF_ROLE"],
    ["toString", "WRONG_STAFF_ROLE"],
    ["setup", "SECOND_FACTOR_SETUP_REQUIRED"],
  ])("a row for owners and managers, by the staff role %p: %s", (staffRole, outcome) => {
    const who = caller("user", staffRole === undefined ? {} : { staffRole });
    expect(codeFor("PUT /things/:thingId", who)).toBe(outcome);
    expect(codeFor("POST /things", who)).toBe("allowed");
  });
});

test("mayForbid says whether an accepted token can get 403", () => {
  const of = (given: AccessTable) => Object.values(given).map((row) => mayForbid(given, row));
  expect(of(table)).toEqual([false, true, true, true, true]);
  expect(of({ "GET /a": { roles: ["user"], owns: "self" }, "GET /b": ANYONE })).toEqual([false, false]);
  expect(of({ "GET /a": { roles: ["user"], owns: "self", staff: ["owner"] } })).toEqual([true]);
});

describe("the guard", async () => {
  const issuer = await identityOf("issuer");
  const verify = tokenVerifier("here", { issuer: { roles: ["user"], keys: issuer.keys.publicKeys } });
  const { url } = runApp((app) =>
    app
      .use(guard(table, verify))
      .get("/things", () => "public")
      .get("/forgotten", () => "private")
      .use(withCaller())
      .get("/things/:thingId", ({ caller }) => caller.id)
      .put("/things/:thingId", ({ caller }) => caller.id),
  );
  const ask = (route: `${string} /${string}`, token?: string) => call(url, route, token ? { token } : {});

  test("gives a route its caller, and keeps the callers of concurrent requests apart", async () => {
    const ids = Array.from({ length: 20 }, (_, i) => `usr_${i}`);
    const answers = ids.map(async (id) => ask("GET /things/1", await issuer.tokenFor(id, "user", "here")));
    expect((await Promise.all(answers)).map(({ body }): unknown => body)).toEqual(ids);
  });

  test("admits anyone to a public route, also with a bad token", async () => {
    expect((await ask("GET /things")).status).toBe(200);
    expect((await ask("GET /things", "a.b.c")).status).toBe(200);
  });

  test("refuses every caller of a route without a row", async () => {
    expect((await ask("GET /forgotten")).status).toBe(500);
  });

  test("guards HEAD as GET", async () => {
    const head = async (headers = {}) => (await fetch(`${url}/things/1`, { method: "HEAD", headers })).status;
    expect(await head()).toBe(401);
    const authorization = `Bearer ${await issuer.tokenFor("usr_1", "user", "here")}`;
    expect(await head({ authorization })).toBe(200);
  });

  test("reads the staff role from the token", async () => {
    const token = (staffRole?: string) =>
      issuer.sign({
        ...{ subject: "usr_1", role: "user", audience: ["here"], ttlSeconds: 60 },
        ...(staffRole && { actor: { id: "stf_1", staffRole } }),
      });
    expect((await ask("PUT /things/1", await token("kitchen"))).status).toBe(403);
    expect((await ask("PUT /things/1", await token("manager"))).status).toBe(200);
    expect((await ask("PUT /things/1", await token())).status).toBe(200);
    expect((await ask("GET /things/1", await token("kitchen"))).status).toBe(200);
  });
});
