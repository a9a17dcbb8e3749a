import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { UsageError } from "../command-line.ts";
import { PARTS, readArguments } from "./arguments.ts";

const read = (...words: string[]) => readArguments(words, PARTS, true);

describe("the words after bun run test", () => {
  test("without any: every part, in the repository", () => {
    const nothing = read();
    expect(nothing).toMatchObject({ parts: [...PARTS], preference: undefined, times: 10 });
    expect(nothing.root).toBe(join(import.meta.dir, "../.."));
  });

  test("parts run in their own order, however they are named", () => {
    expect(read("e2e", "unit").parts).toEqual(["unit", "e2e"]);
  });

  test("options take their value after = or a space", () => {
    expect(read("--times=3", "--db", "emulator", "--but=tools/")).toMatchObject({
      times: 3,
      preference: "emulator",
      but: "tools",
    });
  });

  test("--only takes folders and files, with commas between", () => {
    expect(read().only).toEqual([]);
    expect(read("--only=tools/,package.json").only).toEqual(["tools", "package.json"]);
  });

  test.each([
    [["unti"], "There is no part unti: check, unit, integration, e2e"],
    [["--fast"], "the flags are --db, --root, --but, --only, --times"],
    [["--db=oracle"], "There is no database oracle: container, server, emulator, real"],
    [["--db"], "the flags are"],
    [["--root=/nowhere"], "There is no folder /nowhere"],
    [["--but=nowhere"], "There is no folder "],
    [["--only=tools,nowhere"], "There is neither a folder nor a file nowhere"],
    [["--times=0"], "--times expects a whole number from 1 to 1000, not 0"],
    [["--times=two"], "--times expects a number, not"],
  ])("%p is refused in one line", (words, line) => {
    expect(() => read(...words)).toThrow(UsageError);
    expect(() => read(...words)).toThrow(line);
    expect(() => read(...words)).not.toThrow("\n");
  });

  test("--times belongs to test:stress alone", () => {
    expect(() => readArguments(["--times=3"], PARTS)).toThrow("the flags are --db, --root, --but, --only");
  });
});
