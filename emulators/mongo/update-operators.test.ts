import { describe, expect, test } from "bun:test";
import { Double, Int32, Long } from "bson";
import { compileFilter } from "./match.ts";
import { compileUpdate } from "./update.ts";
import { type Document, decode, encode, promote } from "./values.ts";

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
  [{ $mul: { n: 3, m: 3 } }, { n: 2 }, { n: 6, m: 0 }],
  [
    { $min: { a: 1, b: 9 }, $max: { c: 1, d: 9 } },
    { a: 5, b: 5, c: 5, d: 5 },
    { a: 1, b: 5, c: 5, d: 9 },
  ],
  [{ $rename: { a: "b.c" } }, { a: 1 }, { b: { c: 1 } }],
  [{ $push: { a: 3 } }, { a: [1] }, { a: [1, 3] }],
  [{ $push: { a: { $each: [3, 4] } } }, {}, { a: [3, 4] }],
  [{ $push: { a: { $each: [5, 1], $sort: 1, $slice: -2 } } }, { a: [3] }, { a: [3, 5] }],
  [
    { $push: { a: { $each: [{ n: 2 }], $sort: { n: -1 }, $slice: 2 } } },
    { a: [{ n: 1 }, { n: 3 }] },
    { a: [{ n: 3 }, { n: 2 }] },
  ],
  [{ $push: { a: { $each: [0], $position: 0 } } }, { a: [1] }, { a: [0, 1] }],
  [{ $pull: { a: 2 } }, { a: [1, 2, 2, 3] }, { a: [1, 3] }],
  [{ $pull: { a: { $gte: 2 } } }, { a: [1, 2, 3] }, { a: [1] }],
  [{ $pull: { a: { id: 1 } } }, { a: [{ id: 1, x: 1 }, { id: 2 }] }, { a: [{ id: 2 }] }],
  [{ $pullAll: { a: [1, 3] } }, { a: [1, 2, 3] }, { a: [2] }],
  [{ $pop: { a: 1, b: -1 } }, { a: [1, 2], b: [1, 2] }, { a: [1], b: [2] }],
  [{ $addToSet: { a: 1, b: { $each: [1, 2, 2] } } }, { a: [1], b: [1] }, { a: [1], b: [1, 2] }],
];

describe("an update operator", () => {
  test.each(APPLIED)("%j changes what a mongod changes", (change, before, after) => {
    expect(promote(updated(before, change))).toEqual(after);
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
    expect(promote(updated(before, { $set: { "a.$.n": 5 } }, matched))).toEqual({
      a: [
        { id: 1, n: 0 },
        { id: 2, n: 5 },
      ],
    });
    expect(promote(updated(before, { $inc: { "a.$[].n": 1 } }))).toEqual({
      a: [
        { id: 1, n: 1 },
        { id: 2, n: 1 },
      ],
    });
    const filtered = updated(before, { $set: { "a.$[x].n": 7 } }, {}, [{ "x.id": 1 }]);
    expect(promote(filtered)).toEqual({
      a: [
        { id: 1, n: 7 },
        { id: 2, n: 0 },
      ],
    });
    expect(() => updated(before, { $set: { "a.$.n": 5 } })).toThrow("did not find the match");
  });

  test("sets the current date", () => {
    expect(updated({}, { $currentDate: { at: true } }).at).toBeInstanceOf(Date);
  });

  const REFUSED: [change: Document, code: number][] = [
    [{ $frobnicate: { a: 1 } }, 9],
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
