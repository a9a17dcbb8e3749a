import { Database } from "bun:sqlite";
import { describe, expect, test } from "bun:test";
import { Decimal128, Double, Int32, Long, ObjectId } from "bson";
import { bracketOf, columnOf, compareColumns, compareValues } from "./order.ts";

/** In MongoDB's order, smallest first; values of one inner list are equal. */
const ASCENDING: unknown[][] = [
  [undefined, null],
  [new Double(Number.NEGATIVE_INFINITY)],
  [Long.MIN_VALUE],
  [new Int32(-5), new Double(-5), Long.fromNumber(-5), Decimal128.fromString("-5")],
  [new Double(-0.5)],
  [new Int32(0), new Double(-0)],
  [new Double(1e-300)],
  [new Int32(7), Decimal128.fromString("7.0")],
  [Long.fromBigInt(9007199254740993n)],
  [Long.fromBigInt(9007199254740994n)],
  [Long.MAX_VALUE],
  [new Double(Number.POSITIVE_INFINITY)],
  [""],
  ["a"],
  ["a\0"],
  ["a\0b"],
  ["ab"],
  ["b"],
  ["é"],
  ["\uffee"],
  ["😀"],
  [{}],
  [[]],
  [new ObjectId("000000000000000000000001")],
  [new ObjectId("ff0000000000000000000000")],
  [false],
  [true],
  [new Date(-1)],
  [new Date(0)],
  [new Date(1_700_000_000_000)],
];
const flat = ASCENDING.flatMap((values, rank) => values.map((value) => ({ value, rank })));
const pairs = flat.flatMap((a) => flat.map((b) => ({ a, b, expected: Math.sign(a.rank - b.rank) })));

describe("a column", () => {
  test("sorts in MongoDB's order of values", () => {
    for (const { a, b, expected } of pairs) {
      const where = `${Bun.inspect(a.value)} against ${Bun.inspect(b.value)}`;
      expect([where, Math.sign(compareValues(a.value, b.value))]).toEqual([where, expected]);
    }
  });

  test("sorts in SQLite as it does here", () => {
    const sqlite = new Database(":memory:");
    const compare = sqlite.query("SELECT (?1 > ?2) - (?1 < ?2)");
    for (const { a, b, expected } of pairs) {
      const where = `${Bun.inspect(a.value)} against ${Bun.inspect(b.value)}`;
      const [[order] = []] = compare.values(columnOf(a.value), columnOf(b.value));
      expect([where, order]).toEqual([where, expected]);
    }
    sqlite.close();
  });

  test("lies in the bracket of its type", () => {
    for (const { value } of flat) {
      const column = columnOf(value);
      const [low, high] = bracketOf(column);
      expect(compareColumns(low, column)).toBeLessThanOrEqual(0);
      expect(compareColumns(column, high)).toBeLessThan(0);
    }
  });

  test("tells objects apart by what is in them, whatever the type of a number", () => {
    expect(compareValues({ a: new Int32(1) }, { a: new Double(1) })).toBe(0);
    expect(compareValues({ a: new Int32(1) }, { a: new Int32(2) })).not.toBe(0);
    expect(compareValues([new Int32(1), "x"], [Long.fromNumber(1), "x"])).toBe(0);
  });
});
