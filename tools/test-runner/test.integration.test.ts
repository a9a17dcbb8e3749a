import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const testTimeoutMs = 30_000;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "runner-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function write(name: string, body: string) {
  writeFileSync(join(folder, name), `import { expect, test } from "bun:test";\n${body}\n`);
}

async function runTests(...words: string[]): Promise<{ output: string; lastLine: string; exitCode: number }> {
  const { TEST_MONGODB_URL: _mongo, TEST_REDIS_URL: _redis, ...env } = process.env;
  const main = join(import.meta.dir, "test.ts");
  const runner = Bun.spawn([process.execPath, main, `--root=${folder}`, ...words], {
    stdout: "pipe",
    stderr: "pipe",
    env,
  });
  const output = await new Response(runner.stdout).text();
  return { output, lastLine: output.trimEnd().split("\n").at(-1) ?? "", exitCode: await runner.exited };
}

describe("the test runner", () => {
  test("counts what passed and names what was skipped", async () => {
    write("a.test.ts", 'test("one", () => {}); test.skip("two", () => {});');
    write("b.test.ts", 'test("three", () => {});');
    const { output, lastLine, exitCode } = await runTests("unit");
    expect([lastLine, exitCode]).toEqual(["2 passed, 0 failed, 1 skipped", 0]);
    expect(output).toMatch(/skipped: .*a\.test\.ts.* › two/);
  });

  test("fails when a test fails", async () => {
    write("a.test.ts", 'test("one", () => {}); test("two", () => expect(1).toBe(2));');
    expect(await runTests("unit")).toMatchObject({ lastLine: "1 passed, 1 failed", exitCode: 1 });
  });

  test("fails when a file breaks before its tests", async () => {
    write("a.test.ts", 'test("one", () => {});');
    write("b.test.ts", 'throw new Error("broken");');
    expect(await runTests("unit")).toMatchObject({ lastLine: "1 passed, 1 failed", exitCode: 1 });
  });

  test("fails when no test ran", async () => {
    const { output, lastLine, exitCode } = await runTests("unit");
    expect(output).toContain("No test ran.");
    expect([lastLine, exitCode]).toEqual(["0 passed, 0 failed", 1]);
  });

  test(
    "hands over the databases it starts, and says which",
    async () => {
      write("a.test.ts", 'test("not now", () => expect(1).toBe(2));');
      write(
        "a.integration.test.ts",
        `test("databases", () => {
          expect(process.env.TEST_MONGODB_URL).toStartWith("mongodb://127.0.0.1:");
          expect(process.env.TEST_REDIS_URL).toStartWith("redis://127.0.0.1:");
          expect(process.env.TEST_MONGODB_KIND).toBe("emulator");
          expect(process.env.TEST_REDIS_KIND).toBe("emulator");
        });`,
      );
      const { output, lastLine, exitCode } = await runTests("integration", "--db=emulator");
      expect([lastLine, exitCode]).toEqual(["1 passed, 0 failed", 0]);
      expect(output).toContain("Redis:   emulator, embedded emulator");
    },
    testTimeoutMs,
  );

  test("refuses words it does not know", async () => {
    const { output, exitCode } = await runTests("unti");
    expect(output).toStartWith("Unknown: unti.");
    expect(exitCode).toBe(2);
  });
});
