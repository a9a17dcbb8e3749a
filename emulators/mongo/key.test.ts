import { describe, expect, test } from "bun:test";
import { Binary, Decimal128, Double, Int32, Long, MaxKey, MinKey, ObjectId } from "bson";
import { compareValues, encodeKey, encodePrefix, encodeValue, successor } from "./key.ts";

/** In MongoDB's order, smallest first; values of one inner list are equal. */
const ASCENDING: unknown[][] = [
  [new MinKey()],
  [undefined],
  [null],
  [new Double(Number.NaN)],
  [new Double(Number.NEGATIVE_INFINITY)],
  [Long.MIN_VALUE],
  [new Int32(-5), new Double(-5), Long.fromNumber(-5), Decimal128.fromString("-5")],
  [new Double(-0.5)],
  [new Int32(0), new Double(-0), 0],
  [new Double(1e-300)],
  [new Int32(7), 7, Decimal128.fromString("7.0")],
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
  [{ a: 1 }],
  [{ a: 1, b: 1 }],
  [{ a: 2 }],
  [{ b: 0 }],
  [{ a: "x" }],
  [[]],
  [[1]],
  [[1, 2]],
  [["a"]],
  [new Binary(new Uint8Array([9]))],
  [new Binary(new Uint8Array([1, 2]))],
  [new ObjectId("000000000000000000000001")],
  [new ObjectId("ff0000000000000000000000")],
  [false],
  [true],
  [new Date(-1)],
  [new Date(0)],
  [new Date(1_700_000_000_000)],
  [new MaxKey()],
];

describe("an encoded key", () => {
  test("sorts as bytes in MongoDB's order of values, ascending and descending", () => {
    const flat = ASCENDING.flatMap((values, rank) => values.map((value) => ({ value, rank })));
    for (const a of flat) {
      for (const b of flat) {
        const expected = Math.sign(a.rank - b.rank);
        const where = `${Bun.inspect(a.value)} against ${Bun.inspect(b.value)}`;
        expect([where, Math.sign(Buffer.compare(encodeValue(a.value), encodeValue(b.value)))]).toEqual([
          where,
          expected,
        ]);
        expect([where, Math.sign(compareValues(a.value, b.value))]).toEqual([where, expected]);
        const down = Buffer.compare(encodeKey([a.value, 1], [-1, 1]), encodeKey([b.value, 1], [-1, 1]));
        expect([where, Math.sign(down)]).toEqual([where, expected === 0 ? 0 : -expected]);
      }
    }
  });

  test("keeps the fields of a compound key apart", () => {
    const keys = [
      ["a", "z"],
      ["a\0", "a"],
      ["aa", ""],
    ].map((values) => encodeKey(values, [1, 1]));
    expect(keys.toSorted(Buffer.compare)).toEqual(keys);
  });

  test("of a prefix is below every text that starts with it, and its successor above", () => {
    const prefix = encodePrefix("ab");
    for (const text of ["ab", "ab\uffff", "ab😀"]) {
      expect(Buffer.compare(prefix, encodeValue(text))).toBe(-1);
      expect(Buffer.compare(successor(prefix), encodeValue(text))).toBe(1);
    }
    expect(Buffer.compare(successor(prefix), encodeValue("ac"))).toBe(-1);
    expect(successor(Uint8Array.of(3, 0xff))).toEqual(Uint8Array.of(4));
  });
});
