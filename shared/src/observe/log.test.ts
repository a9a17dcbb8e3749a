import { expect, test } from "bun:test";

/** The lines that a process logs. */
async function logged(program: string): Promise<Record<string, unknown>[]> {
  const source = `const { createLog } = await import("${import.meta.dir}/log.ts"); const log = createLog("test", "info"); ${program}`;
  const { stdout } = Bun.spawnSync([process.execPath, "-e", source]);
  return stdout
    .toString()
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

test("a line has no password, token or authorization, at the top, in a field or in an error", async () => {
  const secrets = `{ password: "hidden", refreshToken: "hidden", authorization: "hidden", shown: 1 }`;
  const [own, field, error] = await logged(`
    log.info(${secrets}, "own");
    log.info({ headers: ${secrets} }, "field");
    log.error({ err: Object.assign(new Error("E"), { command: "AUTH hidden" }, ${secrets}) }, "error");
  `);
  const redacted = "[Redacted]";
  const shown = { password: redacted, refreshToken: redacted, authorization: redacted, shown: 1 };
  expect(own).toMatchObject({ level: "info", service: "test", msg: "own", ...shown });
  expect(field).toMatchObject({ headers: shown });
  expect(error).toMatchObject({ level: "error", err: { type: "Error", message: "E", ...shown } });
  expect(JSON.stringify([own, field, error])).not.toContain("hidden");
});

test("a line has its time in UTC", async () => {
  const [line] = await logged('log.info("now")');
  expect(line?.time).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/);
});

test("a line of a request has its ids, and one of work that it caused has its trace", async () => {
  const lines = await logged(`
    const { inBackground, runInScope, scopeOf } = await import("${import.meta.dir}/request-scope.ts");
    const headers = { "x-request-id": "a", traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01" };
    runInScope(scopeOf(new Headers(headers), () => "", 0), () => {
      log.info("request");
      inBackground(() => log.info("work"));
    });
    log.info("neither");
  `);
  const trace = {
    trace_id: "0af7651916cd43dd8448eb211c80319c",
    span_id: expect.stringMatching(/^[0-9a-f]{16}$/),
  };
  expect(lines).toMatchObject([{ msg: "request", requestId: "a", ...trace }, { msg: "work", ...trace }, {}]);
  expect(lines.map((line) => "requestId" in line)).toEqual([true, false, false]);
  expect(lines[2]).not.toHaveProperty("trace_id");
});

test("logging does not change the logged object", async () => {
  const [line] = await logged(`
    const body = { password: "hidden" };
    log.info({ body }, "one");
    log.info({ kept: body.password.length }, "two");
  `).then((lines) => lines.slice(1));
  expect(line).toMatchObject({ kept: "hidden".length });
});

test("the line of a request has the fields of other lines, the request's ids and its own fields", async () => {
  const scopes = `const { runInScope, scopeOf } = await import("${import.meta.dir}/request-scope.ts");
    const scope = scopeOf(new Headers({ "x-request-id": "r1" }), () => "", 0);`;
  const path = String.raw`/v1/a"b\\c`;
  const fields = { method: "GET", path, route: "/v1/:a", status: 200, ms: 0.5 };
  const [own, usual] = await logged(`${scopes}
    const fields = ${JSON.stringify(fields)};
    runInScope(scope, () => { log.request(fields); log.info(fields, "request"); });
  `);
  const { time, ...rest } = own ?? {};
  expect(time).toMatch(/Z$/);
  expect(rest).toMatchObject({ level: "info", service: "test", requestId: "r1", ...fields, msg: "request" });
  expect({ ...own, time: "" }).toEqual({ ...usual, time: "" });
});

test("at level warn no request is logged", async () => {
  const lines = await logged(`
    log.level = "warn";
    log.request({ method: "GET", path: "/", route: "/", status: 200, ms: 1 });
    log.warn("after");
  `);
  expect(lines.map(({ msg }) => msg)).toEqual(["after"]);
});
