import { describe, expect, test } from "bun:test";
import { Double, Int32, Long } from "bson";
import { plain } from "../emulator.builder.ts";
import { type Document, decode, encode } from "../values.ts";
import { compileFilter } from "./filter.ts";
import { compileUpdate } from "./update.ts";

/** As on the wire: every value encoded and decoded, so that numbers carry their type. */
const wired = (document: Document): Document => decode(encode(document));

function updated(
  document: Document,
  change: Document,
  filter: Document = {},
  arrayFilters: Document[] = [],
): Document {
  const update = compileUpdate(wired({ change }).change, arrayFilters.map(wired));
  return update.apply(wired(document), { filter: compileFilter(wired(filter)), isInsert: false });
}

const APPLIED: [change: Document, before: Document, after: Document][] = [
  [{ $set: { "a.b": 1, c: 2 } }, {}, { a: { b: 1 }, c: 2 }],
  [{ $set: { "a.1": 9 } }, { a: [1, 2] }, { a: [1, 9] }],
  [{ $set: { "a.3": 9 } }, { a: [1] }, { a: [1, null, null, 9] }],
  [{ $setOnInsert: { a: 1 } }, {}, {}],
  [{ $unset: { "a.b": "", z: "" } }, { a: { b: 1, c: 2 } }, { a: { c: 2 } }],
  [{ $unset: { "a.0": "" } }, { a: [1, 2] }, { a: [null, 2] }],
  [{ $inc: { n: 2, m: -1 } }, { n: 1 }, { n: 3, m: -1 }],
  [
    { $min: { a: 1, b: 9 }, $max: { c: 1, d: 9 } },
    { a: 5, b: 5, c: 5, d: 5 },
    { a: 1, b: 5, c: 5, d: 9 },
  ],
  [{ $push: { a: 3 } }, { a: [1] }, { a: [1, 3] }],
  [{ $push: { a: { $each: [3, 4] } } }, {}, { a: [3, 4] }],
  [{ $push: { a: { $each: [5, 1], $slice: -2 } } }, { a: [3] }, { a: [5, 1] }],
  [{ $push: { a: { $each: [5], $slice: 2 } } }, { a: [3, 4] }, { a: [3, 4] }],
  [{ $pull: { a: 2 } }, { a: [1, 2, 2, 3] }, { a: [1, 3] }],
  [{ $pull: { a: { $gte: 2 } } }, { a: [1, 2, 3] }, { a: [1] }],
  [{ $pull: { a: { id: 1 } } }, { a: [{ id: 1, x: 1 }, { id: 2 }] }, { a: [{ id: 2 }] }],
  [{ $addToSet: { a: 1, b: { $each: [1, 2, 2] } } }, { a: [1], b: [1] }, { a: [1], b: [1, 2] }],
];

describe("an update operator", () => {
  test.each(APPLIED)("%j changes what a mongod changes", (change, before, after) => {
    expect(plain(updated(before, change))).toEqual(after);
  });

  test("keeps the type of a number, and widens only when it must", () => {
    const before = {
      int: new Int32(1),
      long: Long.fromNumber(1),
      double: new Double(1),
      top: new Int32(2 ** 31 - 1),
    };
    const after = updated(before, { $inc: { int: 1, long: 1, double: 1, top: 1 } });
    expect(after).toEqual({
      int: new Int32(2),
      long: Long.fromNumber(2),
      double: new Double(2),
      top: Long.fromNumber(2 ** 31),
    });
  });

  test("finds array elements by `$`, `$[]` and an array filter", () => {
    const before = {
      a: [
        { id: 1, n: 0 },
        { id: 2, n: 0 },
      ],
    };
    const matched = { "a.id": 2 };
    expect(plain(updated(before, { $set: { "a.$.n": 5 } }, matched))).toEqual({
      a: [
        { id: 1, n: 0 },
        { id: 2, n: 5 },
      ],
    });
    expect(plain(updated(before, { $inc: { "a.$[].n": 1 } }))).toEqual({
      a: [
        { id: 1, n: 1 },
        { id: 2, n: 1 },
      ],
    });
    const filtered = updated(before, { $set: { "a.$[x].n": 7 } }, {}, [{ "x.id": 1 }]);
    expect(plain(filtered)).toEqual({
      a: [
        { id: 1, n: 7 },
        { id: 2, n: 0 },
      ],
    });
    expect(() => updated(before, { $set: { "a.$.n": 5 } })).toThrow("did not find the match");
  });

  const REFUSED: [change: Document, code: number][] = [
    [{ $frobnicate: { a: 1 } }, 9],
    [{ $rename: { text: "b" } }, 9],
    [{ $push: { n: { $each: [1], $sort: 1 } } }, 2],
    [{ $inc: { text: 1 } }, 14],
    [{ $inc: { n: "1" } }, 14],
    [{ $push: { text: 1 } }, 2],
    [{ $push: { n: { $each: [1], $frob: 1 } } }, 2],
    [{ $pull: { text: 1 } }, 2],
    [{ $set: { "text.a": 1 } }, 28],
    [{ $set: { a: 1 }, $inc: { a: 1 } }, 40],
    [{ $set: { a: 1, "a.b": 1 } }, 40],
    [{ $set: { "a..b": 1 } }, 56],
    [{ $set: { _id: 2 } }, 66],
    [{ $unset: { _id: "" } }, 66],
    [{ a: 1, $set: { b: 1 } }, 52],
    [{ $set: 5 }, 9],
  ];
  test.each(REFUSED)("%j is refused with the code of a mongod", (change, code) => {
    expect(() => updated({ _id: 1, text: "x", n: 1 }, change)).toThrow(expect.objectContaining({ code }));
  });
});
