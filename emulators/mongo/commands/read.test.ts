import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Long } from "mongodb";
import { openEmulator, refusal } from "../emulator.builder.ts";

let emulator: Awaited<ReturnType<typeof openEmulator>>;
const numbers = () => emulator.db.collection<{ _id: number; text?: string }>("numbers");

beforeAll(async () => {
  emulator = await openEmulator();
  await numbers().insertMany(Array.from({ length: 1000 }, (_, _id) => ({ _id })));
});
afterAll(() => emulator.close());

describe("a cursor", () => {
  test("gives all documents, each once, whatever batch size is asked for", async () => {
    const found = await numbers().find().batchSize(7).toArray();
    expect(found.map(({ _id }) => _id).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 1000 }, (_, at) => at),
    );
    const first = await emulator.db.command({ find: "numbers", batchSize: 7 }, { promoteLongs: false });
    expect((first.cursor.id as Long).isZero()).toBe(true);
  });

  test("goes on while documents come and go", async () => {
    const cursor = numbers().find().batchSize(10);
    const seen: number[] = [];
    for await (const { _id } of cursor) {
      seen.push(_id);
      if (_id < 500) await numbers().updateOne({ _id }, { $set: { text: "moved" } });
      if (_id === 500) await numbers().deleteMany({ _id: { $gt: 900 } });
    }
    expect(seen).toHaveLength(1000);
    expect(await numbers().countDocuments({ text: "moved" })).toBe(500);
    expect(await numbers().countDocuments()).toBe(901);
  }, 60_000);

  test("refuses a result that is too large for one answer, and says so", async () => {
    const large = emulator.db.collection("large");
    await large.insertMany(Array.from({ length: 5 }, () => ({ text: "x".repeat(9_000_000) })));
    expect(await refusal(large.find().toArray())).toMatchObject({
      code: 1,
      message: expect.stringContaining("at most 40 MB"),
    });
    expect(await large.find().limit(4).toArray()).toHaveLength(4);
  }, 20_000);
});

describe("a hint", () => {
  const things = () => emulator.db.collection<{ _id: number; a: number; b: number }>("things");
  const explained = async (hint?: string) => {
    const found = things().find({ a: 1, b: { $lt: 50 } }, { ...(hint && { hint }) });
    const { executionStats } = await found.sort({ b: 1 }).limit(10).explain("executionStats");
    return [executionStats.nReturned, executionStats.totalDocsExamined];
  };
  beforeAll(async () => {
    await things().insertMany(Array.from({ length: 100 }, (_, _id) => ({ _id, a: _id % 2, b: _id })));
    await things().createIndexes([
      { key: { a: 1, b: 1 }, name: "both" },
      { key: { a: 1 }, name: "one" },
      { key: { b: 1 }, name: "small", partialFilterExpression: { b: { $lt: 3 } } },
    ]);
  });

  test("decides what is read, as explain tells", async () => {
    expect(await explained()).toEqual([10, 10]);
    expect(await explained("both")).toEqual([10, 10]);
    expect(await explained("one")).toEqual([10, 50]);
  });

  test("changes no result, in any command", async () => {
    const ids = (documents: { _id: number }[]) => documents.map(({ _id }) => _id);
    expect(ids(await things().find({ a: 1 }, { hint: "one" }).sort({ b: -1 }).limit(2).toArray())).toEqual([
      99, 97,
    ]);
    expect(await things().countDocuments({ a: 1 }, { hint: { a: 1, b: 1 } })).toBe(50);
    expect((await things().updateOne({ a: 1, b: 5 }, { $inc: { b: 0 } }, { hint: "one" })).matchedCount).toBe(
      1,
    );
    expect(
      (await things().findOneAndUpdate({ a: 1, b: 5 }, { $inc: { b: 0 } }, { hint: { a: 1 } }))?._id,
    ).toBe(5);
    expect(await things().distinct("b", { a: 1, b: { $lt: 4 } }, { hint: "one" })).toEqual([1, 3]);
  });

  test("is needed for a partial index whose first field the query does not name", async () => {
    await things().createIndex({ c: 1, a: 1 }, { name: "other", partialFilterExpression: { b: 7 } });
    const examined = async (filter: object, hint?: string) =>
      (
        await things()
          .find(filter, { ...(hint && { hint }) })
          .explain("executionStats")
      ).executionStats.totalDocsExamined;
    expect(await examined({ b: 7 })).toBe(100);
    expect(await examined({ b: 7, c: { $exists: false } })).toBe(1);
    expect(await examined({ b: 7 }, "other")).toBe(1);
  });

  test("is refused when its index may miss something", async () => {
    expect((await refusal(explained("small"))).code).toBe(2);
  });
});
