import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Collection, type Document, ObjectId } from "mongodb";
import { openEmulator } from "./testing.ts";

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
  test("groups, sorts, unwinds, looks up and computes", async () => {
    const other = await fresh([{ _id: "x", title: "Ex" }]);
    await fresh([
      {
        _id: 1,
        items: [
          { sku: "x", n: 2 },
          { sku: "y", n: 1 },
        ],
      },
      { _id: 2, items: [{ sku: "x", n: 3 }] },
    ]);
    const result = await collection
      .aggregate([
        { $unwind: "$items" },
        { $group: { _id: "$items.sku", total: { $sum: "$items.n" } } },
        { $lookup: { from: other.collectionName, localField: "_id", foreignField: "_id", as: "product" } },
        { $sort: { total: -1 } },
        { $project: { total: 1, titles: "$product.title" } },
      ])
      .toArray();
    expect(result).toEqual([
      { _id: "x", total: 5, titles: ["Ex"] },
      { _id: "y", total: 1, titles: [] },
    ]);
  });

  test("compares BSON types in a $match after other stages", async () => {
    const id = new ObjectId();
    await fresh([
      { owner: id, at: new Date(5) },
      { owner: new ObjectId(), at: new Date(9) },
    ]);
    const pipeline = [{ $set: { seen: true } }, { $match: { owner: id, at: { $lt: new Date(6) } } }];
    expect(await collection.aggregate(pipeline).toArray()).toMatchObject([{ owner: id, seen: true }]);
  });
});
