import { afterEach, beforeEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "@food/shared/testing/tools";

setDefaultTimeout(60_000);
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

async function runProgram(program: "test.ts" | "stress.ts", ...words: string[]) {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(BUN_)?TEST_/.test(name)));
  const main = join(import.meta.dir, program);
  const runner = Bun.spawn([process.execPath, main, `--root=${folder}`, ...words], {
    stdout: "pipe",
    stderr: "pipe",
    env,
  });
  const [output, complaint] = await Promise.all([
    new Response(runner.stdout).text(),
    new Response(runner.stderr).text(),
  ]);
  const lastLine = output.trimEnd().split("\n").at(-1) ?? "";
  return { output, complaint, lastLine, exitCode: await runner.exited };
}
const runTests = (...words: string[]) => runProgram("test.ts", ...words);

describe("the test runner", () => {
  test("counts what passed and names what was skipped", async () => {
    write("a.test.ts", 'test("one", () => {}); test.skip("two", () => {});');
    write("b.test.ts", 'test("three", () => {});');
    const { output, lastLine, exitCode } = await runTests("unit");
    expect([lastLine, exitCode]).toEqual(["2 passed, 0 failed, 1 skipped", 0]);
    expect(output).toMatch(/skipped: .*a\.test\.ts.* › two/);
  });

  test("fails when a test fails", async () => {
    write("a.test.ts", 'test("one", () => {}); test("two", () => { expect(1).toBe(2); });');
    const { output, lastLine, exitCode } = await runTests("unit");
    expect([lastLine, exitCode]).toEqual(["1 passed, 1 failed", 1]);
    expect(output).toMatch(
      /\nfailed: a\.test\.ts › two\n {4}AssertionError: .*\n[\s\S]*Received: 1[\s\S]*a\.test\.ts:2:/,
    );
  });

  test.each([0, 1])("fails when a file breaks before its tests, beside %p failed tests", async (others) => {
    write("a.test.ts", `test("one", () => {}); test.if(${others} > 0)("two", () => expect(1).toBe(2));`);
    write("b.test.ts", 'throw new Error("broken");');
    const { output, lastLine, exitCode } = await runTests("unit");
    expect([lastLine.replace(/, 1 skipped/, ""), exitCode]).toEqual([`1 passed, ${1 + others} failed`, 1]);
    expect(output).toMatch(/\nfailed: b\.test\.ts\n( {4}.*\n)+? {4}error: broken\n/);
  });

  test("fails when no test ran", async () => {
    const { output, lastLine, exitCode } = await runTests("unit");
    expect(output).toContain("No test ran.");
    expect([lastLine, exitCode]).toEqual(["0 passed, 0 failed", 1]);
  });

  test("hands over the databases it starts, and says which", async () => {
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
  });

  test.each(["test.ts", "stress.ts"] as const)("%s refuses words that it does not know", async (program) => {
    const { output, complaint, exitCode } = await runProgram(program, "unti");
    expect([output, complaint.split("\n").length]).toEqual(["", 2]);
    expect(complaint).toStartWith("There is no part unti: ");
    expect(exitCode).toBe(2);
  });
});

describe("the stress run", () => {
  test("runs every test as often as asked, and passes when all did", async () => {
    write("a.test.ts", 'test("one", () => {}); test("two", () => {});');
    const { output, lastLine, exitCode } = await runProgram("stress.ts", "--times=3");
    expect([lastLine, exitCode]).toEqual(["6 passed, 0 failed", 0]);
    expect(output).toMatch(/==== 3 of 3, \d+ processors kept busy/);
  });

  test("names each test that failed and how often", async () => {
    const seen = JSON.stringify(join(folder, "seen"));
    write(
      "a.test.ts",
      `const runs = await Bun.file(${seen}).text().catch(() => "");
      await Bun.write(${seen}, runs + "x");
      test("fine", () => {});
      test("from the second time on", () => expect(runs).toBe(""));`,
    );
    const { output, lastLine, exitCode } = await runProgram("stress.ts", "--times=3", "unit");
    expect([lastLine, exitCode]).toEqual(["4 passed, 2 failed", 1]);
    expect(output).toMatch(/failed 2 of 3: a\.test\.ts › from the second time on\n {4}AssertionError: /);
  });

  test("leaves nothing running when it is told to end", async () => {
    const alive = join(folder, "alive");
    write(
      "a.test.ts",
      `test("endless", async () => {
        await Bun.write(${JSON.stringify(alive)}, String(process.pid));
        await new Promise(() => {});
      });`,
    );
    const main = join(import.meta.dir, "stress.ts");
    const runner = Bun.spawn([process.execPath, main, `--root=${folder}`, "unit"], { stdout: "ignore" });
    const childrenOf = (pid: number) =>
      Bun.spawnSync(["ps", "-o", "pid=", "--ppid", `${pid}`])
        .stdout.toString()
        .match(/\d+/g) ?? [];
    await eventually(async () => existsSync(alive));
    const children = childrenOf(runner.pid);
    expect(children.length).toBeGreaterThan(1);
    runner.kill("SIGTERM");
    expect(await runner.exited).toBe(130);
    await eventually(async () => children.every((pid) => !existsSync(`/proc/${pid}`)));
  });
});
