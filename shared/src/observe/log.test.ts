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

test("logging does not change the logged object", async () => {
  const [line] = await logged(`
    const body = { password: "hidden" };
    log.info({ body }, "one");
    log.info({ kept: body.password.length }, "two");
  `).then((lines) => lines.slice(1));
  expect(line).toMatchObject({ kept: "hidden".length });
});
