import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { CreateIndexesOptions, Document, IndexSpecification } from "mongodb";
import { openEmulator, randomFrom, refusal, until } from "../emulator.builder.ts";

let emulator: Awaited<ReturnType<typeof openEmulator>>;
let made = 0;
const fresh = () => emulator.db.collection<Document & { _id?: number }>(`indexed_${++made}`);

beforeAll(async () => {
  emulator = await openEmulator({ ttlSweepMs: 20 });
});
afterAll(() => emulator.close());

describe("a unique index", () => {
  test("refuses a second document with its key, and says which", async () => {
    const users = fresh();
    await users.createIndex({ email: 1 }, { unique: true });
    await users.insertOne({ _id: 1, email: "a@x" });
    const error = await users.insertOne({ _id: 2, email: "a@x" }).catch((thrown) => thrown);
    expect(error.code).toBe(11000);
    expect(error.message).toBe(
      `E11000 duplicate key error collection: test.${users.collectionName} index: email_1 dup key: { email: "a@x" }`,
    );
    expect(error.errorResponse).toMatchObject({ keyPattern: { email: 1 }, keyValue: { email: "a@x" } });
    await users.insertOne({ _id: 3, email: "b@x" });
    expect((await refusal(users.updateOne({ _id: 3 }, { $set: { email: "a@x" } }))).code).toBe(11000);
    const modified = await users
      .findOneAndUpdate({ _id: 3 }, { $set: { email: "a@x" } })
      .catch((thrown) => thrown);
    expect(modified).toMatchObject({ code: 11000, keyValue: { email: "a@x" } });
    expect(await users.findOne({ _id: 3 })).toEqual({ _id: 3, email: "b@x" });
  });

  test("takes a missing field for null, frees a key on delete, and opens arrays", async () => {
    const users = fresh();
    await users.createIndex({ "phones.number": 1 }, { unique: true });
    await users.insertOne({ _id: 1 });
    expect((await refusal(users.insertOne({ _id: 2 }))).code).toBe(11000);
    await users.deleteOne({ _id: 1 });
    await users.insertOne({ _id: 2 });
    await users.insertOne({ _id: 3, phones: [{ number: 1 }, { number: 2 }, { number: 2 }] });
    expect((await refusal(users.insertOne({ _id: 4, phones: [{ number: 2 }] }))).code).toBe(11000);
  });

  test("over several fields refuses only the same combination", async () => {
    const orders = fresh();
    await orders.createIndex({ customerId: 1, key: 1 }, { unique: true });
    await orders.insertMany([
      { customerId: 1, key: "a" },
      { customerId: 1, key: "b" },
      { customerId: 2, key: "a" },
    ]);
    expect((await refusal(orders.insertOne({ customerId: 2, key: "a" }))).code).toBe(11000);
  });

  test("that is partial holds for the live documents alone", async () => {
    const deliveries = fresh();
    const options = { unique: true, partialFilterExpression: { live: true } };
    await deliveries.createIndex({ orderId: 1 }, options);
    await deliveries.insertOne({ _id: 1, orderId: "o", live: true });
    await deliveries.insertOne({ _id: 2, orderId: "o", live: false });
    expect((await refusal(deliveries.insertOne({ _id: 3, orderId: "o", live: true }))).code).toBe(11000);
    expect((await refusal(deliveries.updateOne({ _id: 2 }, { $set: { live: true } }))).code).toBe(11000);
    await deliveries.updateOne({ _id: 1 }, { $set: { live: false } });
    await deliveries.updateOne({ _id: 2 }, { $set: { live: true } });
    expect(await deliveries.findOne({ orderId: "o", live: true })).toMatchObject({ _id: 2 });
    expect(await deliveries.countDocuments({ orderId: "o" })).toBe(2);
  });

  test("lets one of fifty simultaneous inserts through", async () => {
    const claims = fresh();
    await claims.createIndex({ slot: 1 }, { unique: true, partialFilterExpression: { live: true } });
    const inserts = Array.from({ length: 50 }, () => claims.insertOne({ slot: 0, live: true }));
    const results = await Promise.allSettled(inserts);
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("is not built over duplicates, and nothing of it remains", async () => {
    const users = fresh();
    await users.insertMany([{ a: 1 }, { a: 1 }]);
    expect((await refusal(users.createIndex({ a: 1 }, { unique: true }))).code).toBe(11000);
    expect(await users.indexes()).toHaveLength(1);
    await users.insertOne({ a: 1 });
  });
});

describe("an index's life", () => {
  test("is listed, created twice without harm, and dropped", async () => {
    const orders = fresh();
    await orders.createIndexes([{ key: { a: 1 } }, { key: { b: -1, c: 1 }, name: "mine" }]);
    await orders.createIndex({ a: 1 });
    expect((await orders.indexes()).map(({ name }) => name)).toEqual(["_id_", "a_1", "mine"]);
    await orders.dropIndex("mine");
    expect((await refusal(orders.dropIndex("mine"))).code).toBe(27);
    await orders.dropIndexes();
    expect(await orders.indexes()).toHaveLength(1);
    expect((await refusal(emulator.db.collection("nowhere").indexes())).code).toBe(26);
  });

  const REFUSED: [keys: IndexSpecification, options: CreateIndexesOptions, code: number][] = [
    [{ a: 1 }, { name: "other" }, 85],
    [{ a: 1 }, { expireAfterSeconds: 5 }, 85],
    [{ b: 1 }, { name: "a_1" }, 86],
    [{ a: 1 }, { unique: true }, 86],
    [{ a: 1 }, { name: "p", partialFilterExpression: { b: { $ne: 1 } } }, 67],
    [{ a: 1 }, { name: "p", partialFilterExpression: { b: { $exists: false } } }, 67],
    [{ a: 1 }, { name: "p", partialFilterExpression: { $nor: [{ b: 1 }] } }, 67],
    [{ a: 1 }, { name: "p", partialFilterExpression: { b: /x/ } }, 67],
    [{ a: 1, b: 1 }, { expireAfterSeconds: 5 }, 67],
    [{ a: "text" }, {}, 67],
    [{ z: 1 }, { collation: { locale: "en" } }, 197],
    [{ z: 1 }, { sparse: true }, 197],
    [{ z: 1 }, { frobnicate: 1 } as CreateIndexesOptions, 197],
  ];
  test.each(REFUSED)("%j with %j is refused beside {a: 1}", async (keys, options, code) => {
    const orders = fresh();
    await orders.createIndex({ a: 1 });
    const index = { key: keys, name: Object.entries(keys).flat().join("_"), ...options };
    const command = { createIndexes: orders.collectionName, indexes: [index] };
    expect((await refusal(emulator.db.command(command))).code).toBe(code);
  });
});

describe("a TTL index", () => {
  test("gets another time by collMod, which keeps all else", async () => {
    const tokens = fresh();
    await tokens.createIndex({ expiresAt: 1 }, { expireAfterSeconds: 3_600, name: "expiry" });
    const change = (index: Document) => emulator.db.command({ collMod: tokens.collectionName, index });
    expect(await change({ name: "expiry", expireAfterSeconds: 0 })).toMatchObject({
      expireAfterSeconds_old: 3_600,
      expireAfterSeconds_new: 0,
    });
    expect(await change({ keyPattern: { expiresAt: 1 }, expireAfterSeconds: 0 })).toEqual({ ok: 1 });
    expect((await tokens.indexes())[1]).toEqual({
      ...{ v: 2, key: { expiresAt: 1 }, name: "expiry" },
      expireAfterSeconds: 0,
    });
    await tokens.insertOne({ expiresAt: new Date(Date.now() - 1_000) });
    await until(async () => (await tokens.countDocuments()) === 0);
    expect((await refusal(change({ name: "other", expireAfterSeconds: 0 }))).code).toBe(27);
    expect((await refusal(change({ name: "expiry", expireAfterSeconds: -1 }))).code).toBe(67);
    expect((await refusal(change({ name: "expiry", hidden: true }))).code).toBe(40415);
  });

  test("removes what is past its time, and nothing else", async () => {
    const tokens = fresh();
    await tokens.createIndex({ expiresAt: 1 }, { expireAfterSeconds: 0 });
    const hour = 3_600_000;
    await tokens.insertMany([
      { _id: 1, expiresAt: new Date(Date.now() - hour) },
      { _id: 2, expiresAt: new Date(Date.now() + hour) },
      { _id: 3, expiresAt: "long ago" },
      { _id: 4 },
    ]);
    await until(async () => (await tokens.countDocuments()) === 3);
    expect(await tokens.distinct("_id")).toEqual([2, 3, 4]);
  });
});

describe("a query with indexes", () => {
  const INDEXES: [IndexSpecification, CreateIndexesOptions][] = [
    [{ a: 1 }, {}],
    [{ a: 1, _id: 1 }, {}],
    [{ s: -1, _id: 1 }, {}],
    [{ a: 1, b: -1 }, {}],
    [{ b: -1, s: 1, a: 1 }, {}],
    [{ s: 1 }, {}],
    [{ "n.x": 1, "n.y": 1 }, {}],
    [{ at: -1, a: 1 }, { partialFilterExpression: { a: { $gte: 2 } } }],
    [{ at: 1 }, { partialFilterExpression: { b: 1 }, name: "partial_b" }],
  ];
  const random = randomFrom(20_260_101);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;
  const scalar = (): unknown => pick([0, 1, 2, 3, 2.5, "a", "ab", "abc", "b", null, true, new Date(5)]);
  const field = (): unknown => (random() < 0.15 ? [scalar(), scalar()] : scalar());

  function randomDocument(_id: number, withArrays: boolean): Document & { _id: number } {
    const value = withArrays ? field : scalar;
    const document: Document & { _id: number } = { _id, at: new Date(Math.floor(random() * 20)) };
    const manyValued = pick(["a", "b", "s"]);
    for (const name of ["a", "b", "s"])
      if (random() < 0.85) document[name] = name === manyValued ? value() : scalar();
    const pair = (): Document => ({ x: scalar(), y: scalar() });
    if (random() < 0.8) document.n = withArrays && random() < 0.4 ? [pair(), pair()] : pair();
    return document;
  }

  function condition(): unknown {
    const roll = random();
    if (roll < 0.4) return scalar();
    if (roll < 0.55) return { $in: [scalar(), scalar()] };
    if (roll < 0.65) return { $gte: scalar(), $lt: scalar() };
    if (roll < 0.85) return { [pick(["$gt", "$gte", "$lt", "$lte", "$ne"])]: scalar() };
    if (roll < 0.92) return { $exists: random() < 0.7 };
    return pick([/^ab/, /^a/, /^ab?c/, /b/]);
  }

  test.each([false, true])(
    "answers exactly what a scan answers (arrays: %p)",
    async (withArrays) => {
      const [plain, indexed] = [fresh(), fresh()];
      for (const [keys, options] of INDEXES) await indexed.createIndex(keys, options);
      const documents = Array.from({ length: 250 }, (_, id) => randomDocument(id, withArrays));
      for (const collection of [plain, indexed]) {
        await collection.insertMany(documents);
        await collection.updateMany({ a: 1 }, { $set: { b: 1 }, $inc: { touched: 1 } });
        await collection.deleteMany({ s: "b", a: { $lt: 3 } });
      }
      for (let round = 0; round < 200; round++) {
        const names = ["a", "b", "s", "n.x", "n.y", "at"].filter(() => random() < 0.35);
        const filter = Object.fromEntries(
          names.map((name) => [name, name === "at" ? { $gt: new Date(9) } : condition()]),
        );
        const sort = Object.fromEntries(
          ["a", "b", "s", "at"].filter(() => random() < 0.3).map((name) => [name, pick([1, -1])]),
        );
        const read = async (collection: typeof plain) => {
          const found = await collection
            .find(filter)
            .sort({ ...sort, _id: 1 } as never)
            .toArray();
          const first = await collection
            .find(filter)
            .sort({ ...sort } as never)
            .limit(7)
            .project(sort)
            .toArray();
          return {
            ids: found.map(({ _id }) => _id),
            first: first.map((keys) => Object.keys(sort).map((name) => keys[name] ?? null)),
          };
        };
        const label = Bun.inspect({ filter, sort });
        const [expected, answered] = [await read(plain), await read(indexed)];
        expect([label, answered.ids]).toEqual([label, expected.ids]);
        expect([label, answered.first]).toEqual([label, withArrays ? answered.first : expected.first]);
      }
    },
    60_000,
  );
});
