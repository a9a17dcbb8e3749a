import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Long } from "mongodb";
import { openEmulator, refusal, until } from "./testing.ts";

let emulator: Awaited<ReturnType<typeof openEmulator>>;
const numbers = () => emulator.db.collection<{ _id: number; text?: string }>("numbers");

beforeAll(async () => {
  emulator = await openEmulator();
  await numbers().insertMany(Array.from({ length: 1000 }, (_, _id) => ({ _id })));
});
afterAll(() => emulator.close());

describe("a cursor", () => {
  test("gives 101 documents first, and all of them in the end, each once", async () => {
    const first = await emulator.db.command({ find: "numbers" });
    expect(first.cursor.firstBatch).toHaveLength(101);
    expect(first.cursor.ns).toBe("test.numbers");
    const all = await numbers().find().toArray();
    expect(all.map(({ _id }) => _id)).toEqual(Array.from({ length: 1000 }, (_, id) => id));
  });

  test("honours batchSize, and has the id 0 once there is no more", async () => {
    const first = await emulator.db.command({ find: "numbers", batchSize: 0, limit: 5 });
    expect(first.cursor.firstBatch).toEqual([]);
    const getMore = (batchSize: number) =>
      emulator.db.command({ getMore: first.cursor.id, collection: "numbers", batchSize });
    const second = await getMore(3);
    expect(second.cursor.nextBatch).toEqual([{ _id: 0 }, { _id: 1 }, { _id: 2 }]);
    expect(second.cursor.id).toEqual(first.cursor.id);
    const third = await getMore(2);
    expect(third.cursor.nextBatch).toHaveLength(2);
    expect(Long.fromValue(third.cursor.id).isZero()).toBe(true);
    expect((await refusal(getMore(2))).code).toBe(43);
  });

  test("keeps a batch below 16 MB", async () => {
    const large = emulator.db.collection("large");
    await large.insertMany(Array.from({ length: 5 }, () => ({ text: "x".repeat(7_000_000) })));
    const first = await emulator.db.command({ find: "large" });
    expect(first.cursor.firstBatch).toHaveLength(2);
    expect(await large.find().toArray()).toHaveLength(5);
  });

  test("is gone when killed and when its collection is dropped", async () => {
    const open = async (name: string) => (await emulator.db.command({ find: name, batchSize: 1 })).cursor.id;
    const next = (id: Long, name: string) => emulator.db.command({ getMore: id, collection: name });
    const killed = await open("numbers");
    const reply = await emulator.db.command({
      killCursors: "numbers",
      cursors: [Long.fromValue(killed), Long.fromNumber(77)],
    });
    expect(reply).toMatchObject({ cursorsKilled: [killed], cursorsNotFound: [77] });
    expect((await refusal(next(killed, "numbers"))).code).toBe(43);

    await emulator.db.collection("brief").insertMany([{}, {}, {}]);
    const dropped = await open("brief");
    await emulator.db.collection("brief").drop();
    expect((await refusal(next(dropped, "brief"))).code).toBe(43);
  });

  test("is gone when nobody asks for long", async () => {
    const impatient = await openEmulator({ cursorIdleMs: 1, ttlSweepMs: 5 });
    await impatient.db.collection("numbers").insertMany(Array.from({ length: 1000 }, () => ({})));
    const { cursor } = await impatient.db.command({ find: "numbers", batchSize: 1 });
    const next = { getMore: cursor.id, collection: "numbers", batchSize: 1 };
    await until(async () => {
      const answer = await impatient.db.command(next).catch((error) => error);
      return answer.code === 43;
    });
    await impatient.close();
  });

  test("goes on while documents come and go", async () => {
    const moving = emulator.db.collection<{ _id: number }>("moving");
    await moving.insertMany(Array.from({ length: 300 }, (_, _id) => ({ _id })));
    const seen: number[] = [];
    for await (const { _id } of moving.find().batchSize(10)) {
      seen.push(_id);
      await moving.deleteOne({ _id });
    }
    expect(new Set(seen).size).toBe(300);
    expect(await moving.countDocuments()).toBe(0);
  });
});
