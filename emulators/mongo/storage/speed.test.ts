import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Collection, Document } from "mongodb";
import { openEmulator } from "../emulator.builder.ts";

type Thing = { _id: number; email: string; status: string; open: boolean; at: Date };

let emulator: Awaited<ReturnType<typeof openEmulator>>;
let small: Collection<Thing>;
let large: Collection<Thing>;

async function fill(name: string, size: number): Promise<Collection<Thing>> {
  const collection = emulator.db.collection<Thing>(name);
  await collection.createIndex({ email: 1 }, { unique: true });
  await collection.createIndex({ at: 1 }, { partialFilterExpression: { open: true } });
  for (let from = 0; from < size; from += 10_000) {
    const length = Math.min(10_000, size - from);
    const things = Array.from({ length }, (_, at): Thing => {
      const _id = from + at;
      return { _id, email: `${_id}@example.org`, status: "done", open: _id % 20 === 0, at: new Date(_id) };
    });
    await collection.insertMany(things, { ordered: false });
  }
  return collection;
}

beforeAll(async () => {
  emulator = await openEmulator();
  small = await fill("small", 1000);
  large = await fill("large", 100_000);
}, 120_000);
afterAll(() => emulator.close());

/** Of the same operation on both, taken in turns so that a busy machine slows both alike. */
async function medianRatio(
  operation: (collection: Collection<Thing>, size: number) => Promise<unknown>,
): Promise<number> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < 300; round++) {
    for (const [at, collection] of [small, large].entries()) {
      const start = performance.now();
      expect(await operation(collection, at === 0 ? 1000 : 100_000)).toBeTruthy();
      times[at]?.push(performance.now() - start);
    }
  }
  const [few = 0, many = 0] = times.map((all) => all.toSorted((a, b) => a - b)[150]);
  return many / few;
}

describe("among a hundred times as many documents", () => {
  const random = (size: number): number => Math.floor(Math.random() * size);
  const emailsOf = (size: number, count: number) =>
    Array.from({ length: count }, () => `${random(size)}@example.org`);
  const OPERATIONS: [string, (collection: Collection<Thing>, size: number) => Promise<unknown>][] = [
    ["a look-up by _id", (collection, size) => collection.findOne({ _id: random(size) })],
    [
      "a look-up by an indexed field",
      (collection, size) => collection.findOne({ email: `${random(size)}@example.org` }),
    ],
    [
      "a look-up of 210 by an indexed field",
      (collection, size) => collection.find({ email: { $in: emailsOf(size, 210) } }).toArray(),
    ],
    [
      "the oldest twenty of a partial index",
      (collection) => collection.find({ open: true }).sort({ at: 1 }).limit(20).toArray(),
    ],
    [
      "a conditional update",
      (collection, size) =>
        collection.findOneAndUpdate(
          { _id: random(size), status: "done" },
          { $set: { touched: 1 } as Document },
        ),
    ],
  ];
  test.each(OPERATIONS)("%s takes at most twice the time", async (_, operation) => {
    expect(await medianRatio(operation)).toBeLessThanOrEqual(2);
  });
});
