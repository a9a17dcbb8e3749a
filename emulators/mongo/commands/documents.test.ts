import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Binary, type Collection, Decimal128, type Document, Double, Int32, Long, ObjectId } from "mongodb";
import { openEmulator, refusal } from "../emulator.builder.ts";

let emulator: Awaited<ReturnType<typeof openEmulator>>;
let collection: Collection<Document & { _id?: Id }>;
let made = 0;

type Id = string | number | ObjectId;

beforeAll(async () => {
  emulator = await openEmulator();
});
afterAll(() => emulator.close());

async function fresh(documents: Document[] = []): Promise<Collection<Document & { _id?: Id }>> {
  collection = emulator.db.collection(`documents_${++made}`);
  if (documents.length) await collection.insertMany(documents);
  return collection;
}

const ids = (documents: Document[]): unknown[] => documents.map(({ _id }) => _id);

describe("insert", () => {
  test("makes an ObjectId, stores it first, and keeps the order of the fields", async () => {
    await fresh();
    const { insertedId } = await collection.insertOne({ zebra: 1, apple: { y: 1, x: 2 } });
    const found = await collection.findOne();
    expect(insertedId).toBeInstanceOf(ObjectId);
    expect(JSON.stringify(found)).toBe(`{"_id":"${insertedId}","zebra":1,"apple":{"y":1,"x":2}}`);
  });

  test("gives every BSON type back as it came, also after an update of another field", async () => {
    await fresh();
    const document = {
      _id: new ObjectId(),
      double: new Double(5),
      int: new Int32(5),
      long: Long.fromString("9007199254740993"),
      smallLong: Long.fromNumber(5),
      decimal: Decimal128.fromString("1.10"),
      binary: new Binary(Buffer.from([0, 255, 128])),
      date: new Date(1234),
      nothing: null,
      regex: /a.b/i,
      nested: [{ list: [1, "two", null, []] }],
    };
    await collection.insertOne(document);
    await collection.updateOne({ _id: document._id }, { $set: { touched: true } });
    const raw = await collection.findOne({}, { promoteValues: false, projection: { touched: 0 } });
    expect(raw?.double).toEqual(new Double(5));
    expect(raw?.int).toEqual(new Int32(5));
    expect(String(raw?.long)).toBe("9007199254740993");
    expect(raw?.smallLong).toBeInstanceOf(Long);
    expect(String(raw?.decimal)).toBe("1.10");
    expect(raw?.binary.buffer).toEqual(document.binary.buffer);
    const promoted: Document | null = await collection.findOne(
      {},
      { projection: { date: 1, nothing: 1, regex: 1, nested: 1, _id: 0 } },
    );
    expect(promoted).toEqual({ date: new Date(1234), nothing: null, regex: /a.b/i, nested: document.nested });
  });

  test("stops at the first refused document when ordered, and goes on when not", async () => {
    await fresh();
    const documents = [{ _id: 1 }, { _id: 1 }, { _id: 2 }];
    await refusal(collection.insertMany(documents));
    expect(await collection.countDocuments()).toBe(1);
    const error = await collection
      .insertMany([{ _id: 1 }, { _id: 3 }, { _id: 1 }, { _id: 4 }], { ordered: false })
      .catch((e) => e);
    expect(error.writeErrors.map(({ index }: { index: number }) => index)).toEqual([0, 2]);
    expect(ids(await collection.find().toArray())).toEqual([1, 3, 4]);
  });
});

describe("find", () => {
  const documents = [
    {
      _id: 1,
      name: "ann",
      tags: ["a", "b"],
      size: { w: 3 },
      lines: [
        { sku: "x", n: 1 },
        { sku: "y", n: 5 },
      ],
    },
    { _id: 2, name: "bob", tags: [], size: { w: 5 }, lines: [{ sku: "x", n: 9 }] },
    { _id: 3, name: "Cid", tags: "a", size: null },
    { _id: 4, tags: [["a"]], size: { w: "3" } },
  ];
  const cases: [filter: Document, matched: number[]][] = [
    [{}, [1, 2, 3, 4]],
    [{ name: "bob" }, [2]],
    [{ tags: "a" }, [1, 3]],
    [{ tags: ["a", "b"] }, [1]],
    [{ tags: [] }, [2]],
    [{ tags: ["a"] }, [4]],
    [{ name: null }, [4]],
    [{ size: null }, [3]],
    [{ "size.w": null }, [3]],
    [{ "size.w": { $gt: 2 } }, [1, 2]],
    [{ "size.w": { $gte: 3, $lt: 5 } }, [1]],
    [{ "lines.sku": "x", "lines.n": 5 }, [1]],
    [{ lines: { $elemMatch: { sku: "x", n: 5 } } }, []],
    [{ lines: { $elemMatch: { sku: "x", n: { $gt: 5 } } } }, [2]],
    [{ lines: { $size: 2 } }, [1]],
    [{ "lines.0.n": 9 }, [2]],
    [{ name: { $exists: false } }, [4]],
    [{ "tags.1": { $exists: false } }, [2, 3, 4]],
    [{ "lines.1": { $exists: false } }, [2, 3, 4]],
    [{ "lines.1": { $exists: true } }, [1]],
    [{ name: { $in: ["ann", /^b/] } }, [1, 2]],
    [{ name: { $nin: ["ann", null] } }, [2, 3]],
    [{ name: { $ne: "ann" } }, [2, 3, 4]],
    [{ name: /^c/i }, [3]],
    [{ name: { $regex: "N$", $options: "i" } }, [1]],
    [{ name: { $not: { $gt: "b" } } }, [1, 3, 4]],
    [{ $or: [{ name: "ann" }, { "size.w": 5 }] }, [1, 2]],
    [{ $nor: [{ name: "ann" }, { _id: { $gt: 3 } }] }, [2, 3]],
    [{ $and: [{ _id: { $gt: 1 } }, { _id: { $lt: 3 } }] }, [2]],
    [{ $expr: { $gt: ["$size.w", 4] }, name: "bob" }, [2]],
  ];

  test.each(cases)("%j matches what a mongod matches", async (filter, matched) => {
    await fresh(documents);
    expect(ids(await collection.find(filter).toArray())).toEqual(matched);
  });

  test("sorts, skips, limits and projects", async () => {
    await fresh(documents);
    const page = await collection
      .find()
      .sort({ name: -1 })
      .skip(1)
      .limit(2)
      .project({ name: 1, "lines.n": 1 })
      .toArray();
    expect(page).toEqual([
      { _id: 1, name: "ann", lines: [{ n: 1 }, { n: 5 }] },
      { _id: 3, name: "Cid" },
    ]);
    const projection = { _id: 0, tags: 0, "lines.sku": 0 };
    const ann: Document | null = await collection.findOne({ _id: 1 }, { projection });
    expect(ann).toEqual({ name: "ann", size: { w: 3 }, lines: [{ n: 1 }, { n: 5 }] });
  });

  test("counts and tells distinct values", async () => {
    await fresh(documents);
    expect(await collection.countDocuments({ "lines.sku": "x" })).toBe(2);
    expect(await collection.distinct("lines.sku")).toEqual(["x", "y"]);
  });
});

describe("update", () => {
  test("tells matched from modified, and leaves an unchanged document alone", async () => {
    await fresh([
      { _id: 1, a: 1 },
      { _id: 2, a: 1 },
    ]);
    expect(await collection.updateMany({ a: 1 }, { $set: { a: 1 } })).toMatchObject({
      matchedCount: 2,
      modifiedCount: 0,
    });
    expect(await collection.updateMany({}, { $inc: { a: 1 } })).toMatchObject({
      matchedCount: 2,
      modifiedCount: 2,
    });
    expect(await collection.updateOne({ a: 9 }, { $set: { a: 1 } })).toMatchObject({
      matchedCount: 0,
      modifiedCount: 0,
    });
  });

  test("replaces all but the _id, and refuses another one", async () => {
    await fresh([{ _id: 1, a: 1, b: 2 }]);
    await collection.replaceOne({ a: 1 }, { c: 3 });
    expect(await collection.findOne()).toEqual({ _id: 1, c: 3 });
    expect((await refusal(collection.replaceOne({ _id: 1 }, { _id: 2 } as Document))).code).toBe(66);
    expect((await refusal(collection.updateOne({ _id: 1 }, { $set: { _id: 2 } }))).code).toBe(66);
    expect(await collection.findOne()).toEqual({ _id: 1, c: 3 });
  });

  test("upserts from the filter's equalities and $setOnInsert, once", async () => {
    await fresh();
    const change = { $set: { b: 2 }, $setOnInsert: { c: 3 } };
    const first = await collection.updateOne({ _id: "k", a: 1, d: { $gt: 5 } }, change, { upsert: true });
    expect(first).toMatchObject({ upsertedId: "k", upsertedCount: 1, matchedCount: 0 });
    const second = await collection.updateOne(
      { _id: "k" },
      { $set: { b: 4 }, $setOnInsert: { c: 9 } },
      { upsert: true },
    );
    expect(second).toMatchObject({ upsertedCount: 0, matchedCount: 1 });
    expect(await collection.find().toArray()).toEqual([{ _id: "k", a: 1, b: 4, c: 3 }]);
  });

  test("deletes one or all", async () => {
    await fresh([{ a: 1 }, { a: 1 }, { a: 1 }, { a: 2 }]);
    expect(await collection.deleteOne({ a: 1 })).toMatchObject({ deletedCount: 1 });
    expect(await collection.deleteMany({ a: 1 })).toMatchObject({ deletedCount: 2 });
    expect(await collection.countDocuments()).toBe(1);
  });
});

describe("findAndModify", () => {
  test("answers the document before or after, projected", async () => {
    await fresh([{ _id: 1, n: 1, secret: 1 }]);
    expect(await collection.findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } })).toEqual({
      _id: 1,
      n: 1,
      secret: 1,
    });
    const options = { returnDocument: "after", projection: { secret: 0 } } as const;
    expect(await collection.findOneAndUpdate({ _id: 1 }, { $inc: { n: 1 } }, options)).toEqual({
      _id: 1,
      n: 3,
    });
    expect(await collection.findOneAndReplace({ _id: 1 }, { m: 1 }, { returnDocument: "after" })).toEqual({
      _id: 1,
      m: 1,
    });
    expect(await collection.findOneAndUpdate({ _id: 2 }, { $set: { n: 1 } })).toBeNull();
    expect(await collection.findOneAndDelete({ _id: 1 })).toEqual({ _id: 1, m: 1 });
    expect(await collection.countDocuments()).toBe(0);
  });

  test("takes the first by its sort, and upserts", async () => {
    await fresh([
      { _id: 1, at: 3 },
      { _id: 2, at: 1 },
      { _id: 3, at: 2 },
    ]);
    const oldest = await collection.findOneAndUpdate({}, { $set: { taken: true } }, { sort: { at: 1 } });
    expect(oldest?._id).toBe(2);
    const options = { upsert: true, returnDocument: "after", includeResultMetadata: true } as const;
    const made = await collection.findOneAndUpdate({ _id: 9 }, { $set: { at: 9 } }, options);
    expect(made.value).toEqual({ _id: 9, at: 9 });
    expect(made.lastErrorObject).toMatchObject({ updatedExisting: false, upserted: 9 });
  });

  test("lets exactly one of a hundred conditional updates win", async () => {
    await fresh([{ _id: "courier", free: true, claims: 0 }]);
    const claims = Array.from({ length: 100 }, (_, order) =>
      collection.findOneAndUpdate(
        { _id: "courier", free: true },
        { $set: { free: false, order }, $inc: { claims: 1 } },
      ),
    );
    const winners = (await Promise.all(claims)).filter(Boolean);
    expect(winners).toHaveLength(1);
    expect(await collection.findOne()).toMatchObject({ claims: 1 });
  });
});
