import { afterAll, afterEach, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { connectMongo } from "@food/shared/storage/mongo";
import { silentLog } from "@food/shared/testing/running-app";
import { eventually } from "@food/shared/testing/tools";
import { MongoClient } from "mongodb";
import { startMongoEmulator } from "../emulators/mongo/server.ts";
import { freePort } from "../tools/free-port.ts";

const folder = mkdtempSync(join(tmpdir(), "driver-"));
const write = Socket.prototype.write;
let emulator: Awaited<ReturnType<typeof startMongoEmulator>>;
let client: MongoClient;

beforeAll(async () => {
  emulator = await startMongoEmulator({ dataFile: join(folder, "data.sqlite") });
  client = await new MongoClient(emulator.url).connect();
});
afterEach(() => {
  Socket.prototype.write = write;
});
afterAll(async () => {
  // Not waited for: the unpatched driver waits for the command that hangs.
  void client.close(true);
  await emulator.stop();
  rmSync(folder, { recursive: true });
});

/** Closes the client's socket, without an error, as it is about to write what begins with `name`. */
function closeBeforeWriting(name: string) {
  Socket.prototype.write = function (this: Socket, ...args: Parameters<typeof write>) {
    if (this.remotePort === emulator.port && Buffer.from(args[0]).includes(name)) this.destroy();
    return write.apply(this, args);
  } as typeof write;
}

test("a command whose connection closes while it is written fails, and the next one works", async () => {
  const things = client.db("test").collection("things");
  closeBeforeWriting("insert");
  const outcome = await things.insertOne({ a: 1 }).catch((error: Error) => error.message);
  expect(outcome).toMatch(/connection .* closed/);
  Socket.prototype.write = write;
  expect(await things.countDocuments()).toBe(0);
});

test("while MongoDB was never there, every operation says that no server was found, and they work once it is", async () => {
  const port = freePort();
  const { db, close } = connectMongo(`mongodb://127.0.0.1:${port}`, "test", silentLog, {
    connectMs: 50,
    operationMs: 5_000,
  });
  const failures = new Set<string>();
  for (let i = 0; i < 10; i++)
    await db.command({ ping: 1 }).catch((error: Error) => failures.add(error.name));
  expect([...failures]).toEqual(["MongoServerSelectionError"]);
  const late = await startMongoEmulator({ dataFile: join(folder, "late.sqlite"), port });
  await eventually(async () => db.command({ ping: 1 }).catch(() => undefined));
  await close();
  await late.stop();
});
