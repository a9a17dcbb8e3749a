import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Document } from "mongodb";
import { openEmulator, refusal } from "../emulator.builder.ts";

let emulator: Awaited<ReturnType<typeof openEmulator>>;

beforeAll(async () => {
  emulator = await openEmulator();
  await emulator.db.collection("things").insertMany([{ a: 1 }, { a: 2 }, { a: 3 }]);
});
afterAll(() => emulator.close());

const find = (more: Document): Document => ({ find: "things", ...more });
const update = (u: unknown, more: Document = {}): Document => ({
  update: "things",
  updates: [{ q: {}, u, ...more }],
});
const aggregate = (...pipeline: Document[]): Document => ({ aggregate: "things", pipeline, cursor: {} });

const REFUSED: [command: Document, code: number, message: string][] = [
  [{ count: "things" }, 59, "no such command: 'count'"],
  [{ frobnicate: 1 }, 59, "no such command: 'frobnicate'"],
  [{ saslStart: 1, mechanism: "SCRAM-SHA-256", payload: "n,,n=a,r=b" }, 18, "Authentication failed."],
  [find({ frobnicate: 1 }), 40415, "BSON field 'find.frobnicate' is an unknown field."],
  [find({ collation: { locale: "en" } }), 40415, "find.collation"],
  [find({ tailable: true }), 40415, "find.tailable"],
  [find({ filter: { a: { $near: [1, 2] } } }), 2, "unknown operator: $near"],
  [find({ filter: { a: { $frob: 1 } } }), 2, "unknown operator: $frob"],
  [find({ filter: { $frob: 1 } }), 2, "unknown top level operator: $frob"],
  [find({ filter: { $where: "true" } }), 2, "unknown top level operator: $where"],
  [find({ filter: { $and: [] } }), 2, "nonempty array"],
  [find({ filter: { a: { $in: 1 } } }), 2, "$in needs an array"],
  [find({ filter: { a: { $regex: "(" } } }), 51091, "Regular expression is invalid"],
  [find({ filter: { $expr: { $frob: 1 } } }), 168, "Unrecognized expression '$frob'"],
  [find({ sort: { a: 2 } }), 15975, "$sort key ordering"],
  [find({ projection: { a: 1, b: 0 } }), 31254, "Cannot do exclusion on field b in inclusion projection"],
  [find({ limit: -1 }), 51024, "must be >= 0"],
  [find({ hint: "nope" }), 2, "hint provided does not correspond to an existing index"],
  [find({ readConcern: { level: "snapshot" } }), 123, "replica set member"],
  [
    find({ txnNumber: 1, startTransaction: true, autocommit: false }),
    20,
    "Transaction numbers are only allowed on a replica set",
  ],
  [update({ $frob: { a: 1 } }), 9, "Unknown modifier: $frob"],
  [update({ $set: { a: 1 } }, { frob: 1 }), 40415, "update.updates.frob"],
  [update({ b: 1 }, { multi: true }), 9, "multi update is not supported for replacement-style update"],
  [update([{ $set: { a: 1 } }]), 9, "must be an object"],
  [update({ $mul: { a: 2 } }), 9, "Unknown modifier: $mul"],
  [{ insert: "things", documents: [{ a: 1 }], frob: 1 }, 40415, "insert.frob"],
  [{ insert: "things", documents: [{ _id: [1] }] }, 53, "cannot be of type array"],
  [{ insert: "things", documents: [] }, 16, "between 1 and 100000"],
  [{ insert: "things", documents: [{}], writeConcern: { w: 2 } }, 2, "cannot use 'w' > 1"],
  [{ delete: "things", deletes: [{ q: {}, limit: 5 }] }, 9, "must be 0 or 1"],
  [{ findAndModify: "things", query: {} }, 9, "Either an update or remove=true"],
  [aggregate({ $frob: 1 }), 40324, "Unrecognized pipeline stage name: '$frob'"],
  [aggregate({ $out: "other" }), 40324, "Unrecognized pipeline stage name: '$out'"],
  [aggregate({ $lookup: {} }), 40324, "Unrecognized pipeline stage name: '$lookup'"],
  [aggregate({ $group: { _id: 1, n: { $frob: 1 } } }), 15952, "unknown group operator '$frob'"],
  [aggregate({ $project: { b: { $frob: "$a" } } }), 168, "$frob"],
  [{ aggregate: "things", pipeline: [] }, 9, "'cursor' option is required"],
  [{ create: "capped", capped: true, size: 5 }, 40415, "create.capped"],
];

describe("a standalone mongod's refusals", () => {
  test.each(REFUSED)("%j", async (command, code, message) => {
    const reply = emulator.db.command(command).then(({ writeErrors }) => {
      if (writeErrors) throw Object.assign(new Error(writeErrors[0].errmsg), { code: writeErrors[0].code });
    });
    const refused = await refusal(reply);
    expect(refused).toEqual({ code, message: expect.stringContaining(message) });
  });

  test("a transaction is refused as by a standalone", async () => {
    const session = emulator.client.startSession();
    session.startTransaction();
    const insert = emulator.db.collection("things").insertOne({ a: 9 }, { session });
    const error = await insert.catch((thrown) => thrown);
    await session.abortTransaction().catch(() => undefined);
    await session.endSession();
    expect(error.originalError).toMatchObject({ code: 20, codeName: "IllegalOperation" });
    expect(await emulator.db.collection("things").countDocuments({ a: 9 })).toBe(0);
  });

  test("creates a collection again with the same options", async () => {
    expect(await emulator.db.command({ create: "things" })).toEqual({ ok: 1 });
    expect(await emulator.db.collection("things").countDocuments()).toBe(3);
  });
});

describe("the server's answers about itself", () => {
  test("are those of a standalone mongod 8.0", async () => {
    const hello = await emulator.db.command({ hello: 1 });
    expect(hello).toMatchObject({
      isWritablePrimary: true,
      maxWireVersion: 25,
      logicalSessionTimeoutMinutes: 30,
      ok: 1,
    });
    expect(hello.setName).toBeUndefined();
    expect(await emulator.db.command({ ping: 1 })).toEqual({ ok: 1 });
    expect(await emulator.db.command({ buildInfo: 1 })).toMatchObject({ version: "8.0.0" });
  });

  test("list collections, and forget what is dropped", async () => {
    const db = emulator.client.db("doomed");
    await db.createCollection("one");
    await db.collection("two").insertOne({});
    expect((await db.listCollections().toArray()).map(({ name }) => name)).toEqual(["one", "two"]);
    expect(await db.listCollections({ name: "two" }, { nameOnly: true }).toArray()).toEqual([
      { name: "two", type: "collection" },
    ]);
    await db.collection("one").drop();
    await db.dropDatabase();
    expect(await db.listCollections().toArray()).toEqual([]);
    expect(await db.collection("two").countDocuments()).toBe(0);
  });
});
