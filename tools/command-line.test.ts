import { describe, expect, test } from "bun:test";
import { readFlags, UsageError } from "./command-line.ts";

const defaults = { seconds: 2, out: "", keep: false };

describe("readFlags", () => {
  test("without flags: returns the defaults", () => {
    expect(readFlags([], defaults)).toEqual({ flags: defaults, names: [] });
  });

  test("reads each flag as the type of its default, and names beside them", () => {
    const argv = ["a", "--seconds", "0.5", "--out=b", "--keep", "c"];
    expect(readFlags(argv, defaults, { takesNames: true })).toEqual({
      flags: { seconds: 0.5, out: "b", keep: true },
      names: ["a", "c"],
    });
  });

  test.each([
    ["an unknown flag", ["--second=1"], "Unknown option '--second': the flags are --seconds, --out, --keep"],
    ["a name", ["a"], "Unexpected argument 'a'"],
    ["a word where a number belongs", ["--seconds", "two"], '--seconds expects a number, not "two"'],
    ["a negative number", ["--seconds=-1"], '--seconds expects a number, not "-1"'],
    ["a flag without its value", ["--seconds"], "Option '--seconds <value>' argument missing"],
    ["a value for a switch", ["--keep=yes"], "Option '--keep' does not take an argument"],
  ])("refuses %s", (_, argv, message) => {
    expect(() => readFlags(argv, defaults)).toThrow(UsageError);
    expect(() => readFlags(argv, defaults)).toThrow(message);
  });

  test("without any flags: says so", () => {
    expect(() => readFlags(["--keep"], {})).toThrow("Unknown option '--keep': there are no flags");
  });
});
