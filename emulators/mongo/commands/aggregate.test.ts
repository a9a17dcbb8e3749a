import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Collection, type Document, Double, Int32, Long, ObjectId } from "mongodb";
import { openEmulator } from "../emulator.builder.ts";

type Id = string | number | ObjectId;

let emulator: Awaited<ReturnType<typeof openEmulator>>;
let collection: Collection<Document & { _id?: Id }>;
let made = 0;

beforeAll(async () => {
  emulator = await openEmulator();
});
afterAll(() => emulator.close());

async function fresh(documents: (Document & { _id?: Id })[]): Promise<typeof collection> {
  collection = emulator.db.collection(`aggregated_${++made}`);
  await collection.insertMany(documents);
  return collection;
}

describe("aggregate", () => {
  test("unwinds, groups, sorts and projects", async () => {
    await fresh([
      {
        _id: 1,
        items: [
          { sku: "x", n: 2 },
          { sku: "y", n: 1 },
        ],
      },
      { _id: 2, items: [{ sku: "x", n: 3 }] },
      { _id: 3, items: [] },
    ]);
    const sums = { total: { $sum: "$items.n" }, most: { $max: "$items.n" }, all: { $push: "$items.n" } };
    const result = await collection
      .aggregate([
        { $unwind: "$items" },
        { $group: { _id: "$items.sku", ...sums, orders: { $addToSet: "$_id" } } },
        { $sort: { total: -1 } },
        { $project: { total: 1, most: 1, mean: { $divide: ["$total", { $size: "$all" }] }, orders: 1 } },
      ])
      .toArray();
    expect(result).toEqual([
      { _id: "x", total: 5, most: 3, mean: 2.5, orders: [1, 2] },
      { _id: "y", total: 1, most: 1, mean: 1, orders: [1] },
    ]);
    const kept = { $unwind: { path: "$items", preserveNullAndEmptyArrays: true } };
    expect(await collection.aggregate([kept]).toArray()).toHaveLength(4);
    expect(await collection.find({ _id: 1 }).toArray()).toMatchObject([{ items: [{ n: 2 }, { n: 1 }] }]);
  });

  test("compares BSON types in a $match after other stages", async () => {
    const id = new ObjectId();
    await fresh([
      { owner: id, at: new Date(5) },
      { owner: new ObjectId(), at: new Date(9) },
    ]);
    const pipeline = [
      { $project: { owner: 1, at: 1, seen: { $literal: true } } },
      { $match: { owner: id, at: { $lt: new Date(6) } } },
    ];
    expect(await collection.aggregate(pipeline).toArray()).toMatchObject([{ owner: id, seen: true }]);
  });

  test("reads the first stages from an index, and skips and limits", async () => {
    await fresh(Array.from({ length: 50 }, (_, n) => ({ _id: n, half: n % 2 })));
    const pipeline = [{ $match: { half: 1 } }, { $sort: { _id: -1 } }, { $limit: 5 }, { $skip: 3 }];
    expect((await collection.aggregate(pipeline).toArray()).map(({ _id }) => _id)).toEqual([43, 41]);
    expect(await collection.countDocuments({ half: 1 }, { skip: 20, limit: 10 })).toBe(5);
  });

  const NOW = new Date(1000);
  const COMPUTED: [expression: unknown, value: unknown][] = [
    [{ $add: ["$long", "$int"] }, Long.fromNumber(5)],
    [{ $add: ["$int", "$int", 1] }, new Int32(7)],
    [{ $add: ["$int", "$double"] }, new Double(4.5)],
    [{ $add: [2 ** 31 - 1, "$int"] }, Long.fromNumber(2 ** 31 + 2)],
    [{ $add: ["$at", 500] }, new Date(1500)],
    [{ $subtract: ["$at", new Date(400)] }, Long.fromNumber(600)],
    [{ $subtract: ["$long", 5] }, Long.fromNumber(-3)],
    [{ $multiply: ["$int", "$long"] }, Long.fromNumber(6)],
    [{ $divide: ["$int", 2] }, new Double(1.5)],
    [{ $add: ["$int", "$missing"] }, null],
    [{ $cond: [{ $gt: ["$long", 1] }, "yes", "no"] }, "yes"],
    [{ $cond: Object.fromEntries(Object.entries({ if: false, else: "no" })) }, "no"],
    [{ $ifNull: ["$missing", "$int"] }, new Int32(3)],
    [{ $and: [{ $eq: ["$int", "$sub.three"] }, { $not: { $ne: ["$int", 3] } }] }, true],
    [{ $or: [{ $lt: ["$int", 3] }, { $gte: ["$int", 4] }] }, false],
    [{ $min: ["$int", "$long", 9] }, Long.fromNumber(2)],
    [{ $max: "$list.n" }, new Int32(8)],
    [{ $in: [8, "$list.n"] }, true],
    [{ $size: "$list" }, new Int32(2)],
    ["$sub.three", new Double(3)],
    ["$list.n", [new Int32(7), new Int32(8)]],
  ];
  test.each(COMPUTED)("computes %j with the types of a mongod", async (expression, value) => {
    const numbers = { int: new Int32(3), long: Long.fromNumber(2), double: new Double(1.5), at: NOW };
    await fresh([{ ...numbers, sub: { three: new Double(3) }, list: [{ n: 7 }, { n: 8 }, {}].slice(0, 2) }]);
    const stage = { $project: { _id: 0, value: expression } };
    const [found] = await collection.aggregate([stage], { promoteValues: false }).toArray();
    expect(found?.value ?? null).toEqual(value);
  });
});
