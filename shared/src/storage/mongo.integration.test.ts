import { beforeAll, describe, expect, test } from "bun:test";
import type { Db, Document } from "mongodb";
import { silentLog } from "../../testing/running-app.ts";
import { cleanUp, describeWithDatabases, freshMongoUrl, testBase } from "../../testing/service.ts";
import { connectMongo, duplicateKeyOf, ensureTtlIndex } from "./mongo.ts";

const withOptions = (url: string, options: string) => `${url}${url.includes("?") ? "&" : "?"}${options}`;

describeWithDatabases("connectMongo, whatever options the URL has,", () => {
  const OPTIONS = ["w=0", "w=1&journal=false&wtimeoutMS=1", "readPreference=secondaryPreferred"];

  test.each(OPTIONS)("writes with majority and journal, and reads from the primary: %s", async (options) => {
    const { db, close } = connectMongo(
      withOptions(freshMongoUrl(), `${options}&monitorCommands=true`),
      "mongo",
      silentLog,
    );
    cleanUp(close);
    const said: Document[] = [];
    // The watching of commands asks by the same event, without a command.
    db.client.on("commandStarted", ({ command }) => command && said.push(command));
    const things = db.collection<{ _id: string; n?: number }>("things");
    await things.createIndex({ n: 1 }, { name: "n" });
    await things.insertOne({ _id: "1" });
    await things.updateOne({ _id: "1" }, { $set: { n: 1 } });
    await things.findOneAndUpdate({ _id: "1" }, { $inc: { n: 1 } });
    await things.findOne({ _id: "1" });
    await things.deleteMany({});
    const [read, writes] = [said.find(({ find }) => find), said.filter(({ find }) => !find)];
    expect(writes.map(({ writeConcern }) => writeConcern)).toEqual(Array(5).fill({ w: "majority", j: true }));
    expect(read?.$readPreference?.mode ?? "primary").toBe("primary");
  });
});

describeWithDatabases("ensureTtlIndex", () => {
  let db: Db;
  beforeAll(() => {
    db = connectMongo(freshMongoUrl(), "mongo", silentLog).db;
    cleanUp(() => db.client.close());
  });
  const ttlOf = async () => {
    const indexes = await db.collection("sessions").indexes();
    return indexes.map(({ name, expireAfterSeconds }) => [name, expireAfterSeconds]);
  };
  const ensure = (seconds: number, name = "expiry") =>
    ensureTtlIndex(db, "sessions", { field: "expiresAt", seconds, name });

  test("creates the index, keeps it, and changes its TTL", async () => {
    for (const seconds of [60, 60, 0]) {
      await ensure(seconds);
      expect(await ttlOf()).toContainEqual(["expiry", seconds]);
    }
  });

  test("changes no other index, and throws MongoDB's error", async () => {
    await db.collection("sessions").createIndex({ expiresAt: 1, _id: 1 }, { name: "other" });
    await expect(ensure(60, "other")).rejects.toThrow("same name");
    await expect(ensure(60, "twice")).rejects.toThrow();
    expect(await ttlOf()).toContainEqual(["other", undefined]);
  });
});

describe("the database is", () => {
  test.each([
    ["the one in the path", "mongodb://a:1,b:2/shop?replicaSet=rs", "shop"],
    ["the service's when there is none", "mongodb://a:1,b:2", "mongo"],
    [
      "the service's, whatever paths are in the options",
      "mongodb://a:1?tls=true&tlsCAFile=/etc/ca.pem",
      "mongo",
    ],
  ])("%s", async (_, url, name) => {
    const { db, close } = connectMongo(url, "mongo", silentLog);
    await close();
    expect(db.databaseName).toBe(name);
  });
});

test("the URL may set the read concern to majority", async () => {
  const { db, close } = connectMongo("mongodb://a:1/?readConcernLevel=majority", "mongo", silentLog);
  await close();
  expect(db.collection("things").readConcern?.level).toBe("majority");
});

describeWithDatabases("duplicateKeyOf", () => {
  let db: Db;
  beforeAll(async () => {
    db = (await testBase("mongo")).mongo.db;
    await db.collection("things").createIndex({ email: 1, kind: 1 }, { unique: true, name: "email" });
  });
  const things = () => db.collection<{ _id: string; email?: string }>("things");
  const failure = (write: Promise<unknown>) => write.then(() => undefined).catch((error) => error);

  test("names the index that refused an insert, whatever the value contains", async () => {
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

  test("is undefined for other errors", async () => {
    expect(duplicateKeyOf(new Error("E11000 index: email"))).toBeUndefined();
    expect(duplicateKeyOf(await failure(things().updateOne({}, { $bad: {} } as never)))).toBeUndefined();
    expect(duplicateKeyOf(undefined)).toBeUndefined();
  });
});
