import { describe, expect, test } from "bun:test";
import { readArguments, UsageError } from "./arguments.ts";

describe("the command line", () => {
  test("with only a folder, uses the defaults", () => {
    expect(readArguments(["day"])).toEqual({
      folder: "day",
      speed: 60,
      fromMinute: 0,
      toMinute: Number.POSITIVE_INFINITY,
      noiseSd: 0,
      seed: 1,
    });
  });

  test("reads speed, range, file and noise", () => {
    const argv = [
      "day",
      "--speed",
      "120",
      "--from",
      "600",
      "--to",
      "720.5",
      "--out",
      "orders.tsv",
      "--ready-noise",
      "8",
      "--seed",
      "3",
    ];
    expect(readArguments(argv)).toEqual({
      folder: "day",
      speed: 120,
      fromMinute: 600,
      toMinute: 720.5,
      noiseSd: 8,
      seed: 3,
      outFile: "orders.tsv",
    });
  });

  test("with --help, returns help", () => expect(readArguments(["--help"])).toBe("help"));

  const FAULTS: [string[], string][] = [
    [[], "one folder"],
    [["one", "two"], "one folder"],
    [["day", "--speed", "fast"], '--speed expects a number, not "fast"'],
    [["day", "--speed", "0"], "--speed expects more than 0"],
    [["day", "--from", "1e3"], "--from expects a number"],
    [["day", "--from", "600", "--to", "600"], "--to expects a later minute than --from"],
    [["day", "--sped", "60"], "--sped"],
  ];
  for (const [argv, message] of FAULTS)
    test(`refuses ${JSON.stringify(argv.join(" "))}`, () => {
      expect(() => readArguments(argv)).toThrow(UsageError);
      expect(() => readArguments(argv)).toThrow(message);
    });
});
