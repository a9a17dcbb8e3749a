import { expect, test } from "bun:test";
import { joinedLines } from "./joined-lines.ts";

const nextTurn = () => new Promise<void>((done) => setImmediate(done));

test("lines of one turn of the event loop go out as one write, in order", async () => {
  const written: string[] = [];
  const { write } = joinedLines((text) => written.push(text));
  for (const line of ["one\n", "two\n", "three\n"]) write(line);
  expect(written).toEqual([]);
  await nextTurn();
  expect(written).toEqual(["one\ntwo\nthree\n"]);
  write("four\n");
  await nextTurn();
  expect(written).toEqual(["one\ntwo\nthree\n", "four\n"]);
});

test("a turn with very many lines does not keep them all in memory", async () => {
  const written: string[] = [];
  const { write } = joinedLines((text) => written.push(text));
  const line = `${"x".repeat(999)}\n`;
  for (let n = 0; n < 1_000; n++) write(line);
  expect(written.length).toBeGreaterThan(1);
  await nextTurn();
  expect(written.join("")).toBe(line.repeat(1_000));
});

/** What a process has on stdout after its exit. */
function outputOf(program: string): string {
  const source = `const { createLog } = await import("${import.meta.dir}/log.ts"); const log = createLog("test", "info"); ${program}`;
  return Bun.spawnSync([process.execPath, "-e", source]).stdout.toString();
}

test.each([
  ["exits", "process.exit(3)"],
  ["throws", `throw new Error("uncaught")`],
  ["rejects", `await Promise.reject(new Error("uncaught"))`],
  ["ends", ""],
])("the last lines of a process that %s are written", (_, end) => {
  const output = outputOf(`for (let n = 0; n < 100; n++) log.info({ n }, "last"); ${end}`);
  expect(output.trim().split("\n")).toHaveLength(100);
});
