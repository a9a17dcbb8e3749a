import { describe, expect, test } from "bun:test";
import { eventually } from "../../testing/tools.ts";
import { repeatedFailures } from "./repeated-failures.ts";

function logged(quietMs?: number) {
  const lines: unknown[][] = [];
  const log = {
    warn: (...line: unknown[]) => lines.push(line),
    info: (...line: unknown[]) => lines.push(line),
  };
  return { lines, ...repeatedFailures(log as never, quietMs) };
}

describe("a failure that repeats", () => {
  test("is one line, and one at its end with the number of the others", () => {
    const { failed, over, lines } = logged(Infinity);
    for (let i = 0; i < 1_000; i++) failed("outbox", { code: i }, "It failed");
    expect(lines).toEqual([[{ code: 0 }, "It failed"]]);
    over("outbox");
    over("outbox");
    expect(lines.slice(1)).toEqual([
      [{ failure: "It failed", of: "outbox", suppressed: 999 }, "A failure is over"],
    ]);
    failed("outbox", {}, "Again");
    expect(lines).toHaveLength(3);
  });

  test("does not hide another one", () => {
    const { failed, lines } = logged(Infinity);
    for (const what of ["a", "b", "a"]) failed(what, {}, what);
    expect(lines).toEqual([
      [{}, "a"],
      [{}, "b"],
    ]);
  });

  test("whose end is not seen is over when it did not happen for a while", async () => {
    const { failed, lines } = logged(20);
    for (let i = 0; i < 3; i++) failed("a", {}, "It failed");
    await eventually(async () => lines.length > 1);
    expect(lines[1]).toEqual([{ failure: "It failed", of: "a", suppressed: 2 }, "A failure is over"]);
  });

  test("that happens rarely is logged each time, without an end", async () => {
    const { failed, lines } = logged(1);
    for (const message of ["first", "second", "third"]) {
      failed("a", {}, message);
      await Bun.sleep(50);
    }
    expect(lines.map(([, message]) => message)).toEqual(["first", "second", "third"]);
  });
});
