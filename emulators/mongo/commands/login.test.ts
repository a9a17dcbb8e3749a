import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { type Db, type Document, MongoClient } from "mongodb";
import { openEmulator, refusal } from "../emulator.builder.ts";

const PASSWORDS = { root: "r00t,=/@:%", order: "0rder", menus: "päss wörd" };
let emulator: Awaited<ReturnType<typeof openEmulator>>;
const clients: MongoClient[] = [];

/** A connected client, or the refusal of its login. */
async function logIn(user: string, password: string, authSource: string): Promise<MongoClient> {
  const client = new MongoClient(emulator.url, {
    auth: { username: user, password },
    authSource,
    serverSelectionTimeoutMS: 2000,
  });
  clients.push(client);
  return client.connect();
}

const create = (db: Db, user: string, password: string, ...roles: unknown[]): Promise<Document> =>
  db.command({ createUser: user, pwd: password, roles });

beforeAll(async () => {
  emulator = await openEmulator({ auth: true });
  await create(emulator.client.db("admin"), "root", PASSWORDS.root, { role: "root", db: "admin" });
  const root = await logIn("root", PASSWORDS.root, "admin");
  for (const name of ["order", "menus"] as const)
    await create(root.db(name), name, PASSWORDS[name], { role: "readWrite", db: name });
});
afterAll(async () => {
  for (const client of clients) await client.close();
  await emulator.close();
});

describe("a login by SCRAM-SHA-256", () => {
  test("with the right password: reads and writes its own database, indexes included", async () => {
    for (const name of ["order", "menus"] as const) {
      const things = (await logIn(name, PASSWORDS[name], name)).db(name).collection("things");
      await things.createIndex({ a: 1 });
      await things.insertOne({ a: name });
      expect(await things.distinct("a")).toEqual([name]);
    }
  });

  test("over several connections at once: each logs in", async () => {
    const db = (await logIn("order", PASSWORDS.order, "order")).db("order");
    const counts = Array.from({ length: 20 }, () => db.collection("many").countDocuments());
    expect(await Promise.all(counts)).toEqual(Array(20).fill(0));
  });

  test.each([
    ["a wrong password", "order", "0rdeR", "order"],
    ["another user's password", "order", PASSWORDS.menus, "order"],
    ["an unknown user", "nobody", "any", "order"],
    ["a user of another database", "order", PASSWORDS.order, "menus"],
  ])("with %s: is refused", async (_, user, password, source) => {
    expect(await refusal(logIn(user, password, source))).toEqual({
      code: 18,
      message: "Authentication failed.",
    });
  });

  test("in another mechanism: is refused, and named", async () => {
    const start = emulator.db.command({ saslStart: 1, mechanism: "SCRAM-SHA-1", payload: "n,,n=a,r=b" });
    expect(await refusal(start)).toEqual({ code: 334, message: expect.stringContaining("SCRAM-SHA-1") });
  });

  test("that proves nothing, or begins in the middle: is refused", async () => {
    const proof = { saslContinue: 1, conversationId: 1, payload: "c=biws,r=abc,p=AAAA" };
    expect(await refusal(emulator.db.command(proof))).toMatchObject({ code: 17 });
    const start = { saslStart: 1, mechanism: "SCRAM-SHA-256", payload: "n,,n=order,r=abc" };
    const one = await new MongoClient(emulator.url, { maxPoolSize: 1 }).connect();
    clients.push(one);
    const { payload } = await one.db("order").command(start);
    const [nonce] = Buffer.from(payload.buffer).toString().split(",");
    for (const sent of [proof.payload, `c=biws,${nonce},p=${Buffer.alloc(32).toString("base64")}`]) {
      await one.db("order").command(start);
      expect(await refusal(one.db("order").command({ ...proof, payload: sent }))).toMatchObject({ code: 18 });
      expect(await refusal(one.db("order").command({ ...proof, payload: sent }))).toMatchObject({ code: 17 });
    }
    expect(await refusal(one.db("order").command({ find: "things" }))).toMatchObject({ code: 13 });
  });
});

describe("a server that asks for a login", () => {
  test.each<Document>([
    { find: "things" },
    { insert: "things", documents: [{}] },
    { listCollections: 1 },
    { dropDatabase: 1 },
    { createUser: "more", pwd: "more", roles: [] },
  ])("without one: refuses %j", async (command) => {
    const [name] = Object.keys(command);
    expect(await refusal(emulator.client.db("order").command(command))).toEqual({
      code: 13,
      message: `Command ${name} requires authentication`,
    });
  });

  test("without one: says who it is", async () => {
    for (const command of ["hello", "ping", "buildInfo"])
      expect(await emulator.db.command({ [command]: 1 })).toMatchObject({ ok: 1 });
  });

  test("refuses a service another database, and what is for administrators", async () => {
    const client = await logIn("order", PASSWORDS.order, "order");
    const refused: [string, Document][] = [
      ["menus", { find: "things" }],
      ["menus", { insert: "things", documents: [{}] }],
      ["admin", { createUser: "more", pwd: "more", roles: [] }],
      ["order", { createUser: "more", pwd: "more", roles: [] }],
      ["order", { dropDatabase: 1 }],
    ];
    for (const [db, command] of refused)
      expect(await refusal(client.db(db).command(command))).toEqual({
        code: 13,
        message: `not authorized on ${db} to execute command ${Object.keys(command)[0]}`,
      });
  });
});

describe("createUser", () => {
  test("refuses a second user of a name, an empty password, and roles that are not honoured", async () => {
    const root = await logIn("root", PASSWORDS.root, "admin");
    const on = (db: string) => ({ role: "readWrite", db });
    const refused: [string, string, unknown[], number][] = [
      ["order", "other", [on("order")], 51003],
      ["empty", "", [on("order")], 9],
      ["wide", "any", [on("menus")], 31],
      ["wide", "any", [on("order"), on("menus")], 31],
      ["wide", "any", ["dbOwner"], 31],
      ["wide", "any", [{ role: "root", db: "admin" }], 31],
    ];
    for (const [user, password, roles, code] of refused)
      expect(await refusal(create(root.db("order"), user, password, ...roles))).toMatchObject({ code });
    expect(await create(root.db("order"), "plain", "any", "readWrite")).toEqual({ ok: 1 });
  });

  test("without --auth: the password is checked where one is given, and needed nowhere", async () => {
    const open = await openEmulator();
    await create(open.client.db("order"), "order", PASSWORDS.order, "readWrite");
    expect(await open.client.db("menus").collection("things").countDocuments()).toBe(0);
    const wrong = new MongoClient(open.url, {
      auth: { username: "order", password: "no" },
      authSource: "order",
    });
    expect(await refusal(wrong.connect())).toMatchObject({ code: 18 });
    await open.close();
  });
});
