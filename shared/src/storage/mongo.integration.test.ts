import { beforeAll, expect, test } from "bun:test";
import type { Db } from "mongodb";
import { describeWithDatabases, testBase } from "../../testing/service.ts";
import { duplicateKeyOf } from "./mongo.ts";

describeWithDatabases("duplicateKeyOf", () => {
  let db: Db;
  beforeAll(async () => {
    db = (await testBase("mongo")).mongo.db;
    await db.collection("things").createIndex({ email: 1, kind: 1 }, { unique: true, name: "email" });
  });
  const things = () => db.collection<{ _id: string; email?: string }>("things");
  const failure = (write: Promise<unknown>) => write.then(() => undefined).catch((error) => error);

  test("names the index that refused an insert, whatever the value says", async () => {
    const email = "index: other dup key: x";
    await things().insertOne({ _id: "1", email });
    expect(duplicateKeyOf(await failure(things().insertOne({ _id: "2", email })))).toBe("email");
  });

  test("names the index that refused an update and an upsert", async () => {
    await things().insertMany([
      { _id: "3", email: "three" },
      { _id: "4", email: "four" },
    ]);
    const set = { $set: { email: "three" } };
    expect(duplicateKeyOf(await failure(things().updateOne({ _id: "4" }, set)))).toBe("email");
    expect(duplicateKeyOf(await failure(things().findOneAndUpdate({ _id: "4" }, set)))).toBe("email");
    expect(duplicateKeyOf(await failure(things().updateOne({ _id: "5" }, set, { upsert: true })))).toBe(
      "email",
    );
  });

  test("names the primary key", async () => {
    await things().insertOne({ _id: "6", email: "six" });
    expect(duplicateKeyOf(await failure(things().insertOne({ _id: "6", email: "seven" })))).toBe("_id_");
  });

  test("says nothing of other failures", async () => {
    expect(duplicateKeyOf(new Error("E11000 index: email"))).toBeUndefined();
    expect(duplicateKeyOf(await failure(things().updateOne({}, { $bad: {} } as never)))).toBeUndefined();
    expect(duplicateKeyOf(undefined)).toBeUndefined();
  });
});
