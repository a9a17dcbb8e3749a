import { afterAll, describe, expect, test } from "bun:test";
import { statSync } from "node:fs";
import { join } from "node:path";
import { type Document, MongoClient } from "mongodb";
import { temporaryFolder, until } from "../emulator.builder.ts";
import { startMongoEmulator } from "../server.ts";

const folder = temporaryFolder();
afterAll(folder.remove);
const MAIN = join(import.meta.dir, "../main.ts");

function spawnMain(dataFile: string, ...more: string[]) {
  const command = [process.execPath, MAIN, "--port", "0", "--data", dataFile, ...more];
  return Bun.spawn(command, { stdin: "pipe", stdout: "pipe", stderr: "pipe" });
}

async function readyUrl(child: ReturnType<typeof spawnMain>): Promise<string> {
  let text = "";
  for await (const chunk of child.stdout) {
    text += new TextDecoder().decode(chunk);
    const url = /^ready (mongodb:\S+)\n/.exec(text)?.[1];
    if (url) return url;
  }
  throw new Error(`the emulator did not start: ${await new Response(child.stderr).text()}`);
}

async function withClient<T>(url: string, work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = await new MongoClient(url).connect();
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

async function numbersIn(dataFile: string): Promise<number[]> {
  const emulator = await startMongoEmulator({ dataFile });
  const numbers = await withClient(emulator.url, (client) =>
    client.db("test").collection("writes").distinct("n"),
  );
  await emulator.stop();
  return numbers;
}

describe("the data file", () => {
  test("holds documents and indexes after a restart", async () => {
    const dataFile = join(folder.path, "restart.sqlite");
    const first = await startMongoEmulator({ dataFile });
    await withClient(first.url, async (client) => {
      const orders = client.db("test").collection("orders");
      await orders.createIndex({ key: 1 }, { unique: true, partialFilterExpression: { live: true } });
      await orders.insertOne({ key: "k", live: true });
    });
    await first.stop();
    const second = await startMongoEmulator({ dataFile });
    await withClient(second.url, async (client) => {
      const orders = client.db("test").collection("orders");
      expect(await orders.findOne({ key: "k", live: true })).toMatchObject({ key: "k" });
      expect(await orders.insertOne({ key: "k", live: true }).catch(({ code }) => code)).toBe(11000);
      expect((await orders.indexes())[1]).toMatchObject({
        unique: true,
        partialFilterExpression: { live: true },
      });
    });
    await second.stop();
  });

  test("keeps every insert that was acknowledged as journaled when the process is killed", async () => {
    const dataFile = join(folder.path, "killed.sqlite");
    const child = spawnMain(dataFile);
    const url = await readyUrl(child);
    const acknowledged: number[] = [];
    const client = await new MongoClient(url).connect();
    void child.exited.then(() => client.close());
    const writers = Array.from({ length: 8 }, async (_, writer) => {
      for (let at = 0; ; at++) {
        const _id = writer * 1_000_000 + at;
        await client
          .db("test")
          .collection<{ _id: number }>("writes")
          .insertOne({ _id }, { writeConcern: { j: true } });
        acknowledged.push(_id);
        if (acknowledged.length === 1000) child.kill("SIGKILL");
      }
    });
    await Promise.allSettled(writers);
    expect(acknowledged.length).toBeGreaterThanOrEqual(1000);

    const again = await startMongoEmulator({ dataFile });
    const stored = await withClient(again.url, (reader) =>
      reader.db("test").collection<Document>("writes").distinct("_id"),
    );
    await again.stop();
    expect(new Set(acknowledged).difference(new Set(stored)).size).toBe(0);
  }, 60_000);

  test.each([
    ["loses", "when the process is killed", 3_600_000, [1]],
    ["keeps", "once its time has come", 100, [1, 2]],
  ])("%s what was acknowledged in memory alone %s", async (_, __, journalMs, kept) => {
    const dataFile = join(folder.path, `memory-${journalMs}.sqlite`);
    const journalBytes = () => statSync(`${dataFile}-wal`).size;
    const child = spawnMain(dataFile, "--journal-ms", String(journalMs));
    await withClient(await readyUrl(child), async (client) => {
      const writes = client.db("test").collection<Document>("writes");
      await writes.insertOne({ n: 1 }, { writeConcern: { j: true } });
      const before = journalBytes();
      await writes.insertOne({ n: 2 });
      if (kept.length > 1) await until(async () => journalBytes() > before);
      child.kill("SIGKILL");
      await child.exited;
    });
    expect(await numbersIn(dataFile)).toEqual(kept);
  });

  test("takes what was acknowledged in memory along when something is journaled", async () => {
    const dataFile = join(folder.path, "along.sqlite");
    const child = spawnMain(dataFile, "--journal-ms", "3600000");
    await withClient(await readyUrl(child), async (client) => {
      const writes = client.db("test").collection<Document>("writes");
      await writes.insertOne({ n: 1 });
      await writes.insertOne({ n: 2 }, { writeConcern: { w: "majority", j: true } });
      await writes.insertOne({ n: 3 }, { writeConcern: { w: "majority" } });
      child.kill("SIGKILL");
      await child.exited;
    });
    const again = await startMongoEmulator({ dataFile });
    const kept = await withClient(again.url, (reader) =>
      reader.db("test").collection("writes").distinct("n"),
    );
    await again.stop();
    expect(kept).toEqual([1, 2]);
  });

  test("is refused to a second process, in one line that names it", async () => {
    const dataFile = join(folder.path, "shared.sqlite");
    const holder = await startMongoEmulator({ dataFile });
    const second = spawnMain(dataFile);
    expect(await second.exited).toBe(1);
    const complaint = await new Response(second.stderr).text();
    expect(complaint).toBe(`mongo emulator: the data file ${dataFile} is in use by another process\n`);
    expect(startMongoEmulator({ dataFile })).rejects.toThrow("is in use by another process");
    await holder.stop();
  });
});

describe("the process", () => {
  test("ends with its parent when asked to", async () => {
    const child = spawnMain(join(folder.path, "parent.sqlite"), "--with-parent");
    await readyUrl(child);
    child.stdin.end();
    expect(await child.exited).toBe(0);
  });

  test("closes cleanly on SIGTERM, and frees the file", async () => {
    const dataFile = join(folder.path, "term.sqlite");
    for (let run = 0; run < 2; run++) {
      const child = spawnMain(dataFile);
      const url = await readyUrl(child);
      await withClient(url, (client) => client.db("test").collection("runs").insertOne({ run }));
      child.kill("SIGTERM");
      expect(await child.exited).toBe(0);
    }
  });

  test("says what is missing", async () => {
    const child = Bun.spawn([process.execPath, MAIN], { stderr: "pipe" });
    expect(await child.exited).toBe(1);
    expect(await new Response(child.stderr).text()).toBe("mongo emulator: --data FILE is missing\n");
  });
});
