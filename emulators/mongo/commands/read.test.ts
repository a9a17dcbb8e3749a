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
  });

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
