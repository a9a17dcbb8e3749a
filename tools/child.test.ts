import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually } from "@food/shared/testing/tools";
import { startChild } from "./child.ts";

const BYTES_MAX = 1_000;

describe("a process's log", () => {
  let folder: string;
  let logFile: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "child-"));
    logFile = join(folder, "logs", "one.log");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const start = (script: string) =>
    startChild({ name: "one", command: ["sh", "-c", script], logFile, logBytesMax: BYTES_MAX });
  const read = (path: string) => readFileSync(path, "utf8");
  async function run(script: string) {
    const child = start(script);
    await child.exited;
    return child;
  }

  test("has what earlier ones printed, too", async () => {
    await run("echo first");
    await run("echo second; echo third >&2");
    expect(read(logFile)).toBe("first\nsecond\nthird\n");
  });

  test("gives the last line of this process alone", async () => {
    expect((await run("echo first; echo second")).lastLogLine()).toBe("second");
    expect((await run("true")).lastLogLine()).toBe("it printed nothing");
    expect((await run("echo 'error: no port'; echo 'Bun v1'")).lastLogLine()).toBe("error: no port");
  });

  test("is kept beside the new one when it is full at the start, and the one before goes", async () => {
    for (const word of ["a", "b", "c"]) await run(`printf '${word.repeat(BYTES_MAX + 1)}'`);
    await run("echo last");
    expect(read(logFile)).toBe("last\n");
    expect(read(`${logFile}.1`)).toBe("c".repeat(BYTES_MAX + 1));
  });

  test("is bounded while the process runs, which goes on writing into the new one", async () => {
    const child = start(`printf '%01500d\\n' 0; while [ ! -e '${folder}/go' ]; do sleep 0.02; done; echo on`);
    await eventually(async () => existsSync(`${logFile}.1`) && statSync(logFile).size === 0);
    expect(child.lastLogLine()).toBe("it printed nothing");
    await Bun.write(join(folder, "go"), "");
    await child.exited;
    expect(child.lastLogLine()).toBe("on");
    expect(read(logFile)).toBe("on\n");
  });
});
