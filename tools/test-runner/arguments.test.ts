import { describe, expect, test } from "bun:test";
import { join } from "node:path";
import { PARTS, readArguments, UsageError } from "./arguments.ts";

const read = (...words: string[]) => readArguments(words, PARTS, "times");

describe("the words after bun run test", () => {
  test("without any: every part, in the repository", () => {
    const nothing = read();
    expect(nothing).toMatchObject({ parts: [...PARTS], preference: undefined, times: undefined });
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

  test.each([
    [["unti"], "Unknown: unti. Known: check unit integration e2e"],
    [["--fast"], "Unknown: --fast."],
    [["--db=oracle"], "Unknown: --db=oracle."],
    [["--db"], "Unknown: --db."],
    [["--root=/nowhere"], "There is no folder /nowhere."],
    [["--but=nowhere"], "There is no folder "],
    [["--times=0"], "--times is 0: expected a whole number from 1 to 1000."],
    [["--times=two"], "--times is two: expected"],
  ])("%p is refused in one line", (words, line) => {
    expect(() => read(...words)).toThrow(UsageError);
    expect(() => read(...words)).toThrow(line);
    expect(() => read(...words)).not.toThrow("\n");
  });

  test("--times belongs to test:stress alone", () => {
    expect(() => readArguments(["--times=3"], PARTS)).toThrow("Unknown: --times=3.");
  });
});
