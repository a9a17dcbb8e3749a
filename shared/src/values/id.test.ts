import { describe, expect, test } from "bun:test";
import { Value } from "@sinclair/typebox/value";
import { idSchema, newId } from "./id.ts";

describe("newId", () => {
  test("has its prefix and matches its schema", () => {
    expect(Value.Check(idSchema("thg", "A thing"), newId("thg"))).toBe(true);
  });

  test("sorts by creation time", () => {
    const times = [0, 1, 999, 1_000, 1_700_000_000_000, 1_700_000_000_001, 2 ** 47, 2 ** 48 - 1];
    const ids = times.map((now) => newId("thg", now));
    expect([...ids].sort()).toEqual(ids);
  });

  test("never repeats, even within one millisecond", () => {
    const ids = Array.from({ length: 20_000 }, () => newId("thg", 1_700_000_000_000));
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("idSchema", () => {
  const good = newId("thg");
  test.each([
    ["another prefix", newId("oth")],
    ["upper case", good.toUpperCase()],
    ["one character less", good.slice(0, -1)],
    ["one character more", `${good}0`],
    ["a line break at the end", `${good}\n`],
    ["an operator", { $ne: null }],
    ["a list", [good]],
    ["nothing", ""],
  ])("refuses %s", (_, value) => {
    expect(Value.Check(idSchema("thg", "A thing"), value)).toBe(false);
  });
});
