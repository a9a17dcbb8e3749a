import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Child } from "../child.ts";
import { type Databases, startDatabases, withoutCredentials } from "./databases.ts";
import { findPingFailure } from "./ping.ts";

const pingWithinMs = 1000;
const redisServer = Bun.which("redis-server") ?? Bun.which("valkey-server");
const mongod = Bun.which("mongod");
let folder: string;
let started: Databases[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "databases-"));
  started = [];
});

afterEach(async () => {
  for (const databases of started) await databases.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(options: Partial<Parameters<typeof startDatabases>[0]>): Promise<Databases> {
  const databases = await startDatabases({ dataDir: folder, ...options });
  started.push(databases);
  return databases;
}

describe("startDatabases", () => {
  test("starts emulators that answer, and stops them", async () => {
    const children: Child[] = [];
    const { mongo, redis, stop } = await start({
      prefer: "emulator",
      onStart: (child) => children.push(child),
    });
    expect([mongo.kind, redis.kind]).toEqual(["emulator", "emulator"]);
    expect(mongo.dataDir).toBe(join(folder, "mongodb/emulator.sqlite"));
    expect(await findPingFailure("mongo", mongo.url, pingWithinMs)).toBeUndefined();
    expect(await findPingFailure("redis", redis.url, pingWithinMs)).toBeUndefined();
    await stop();
    expect(children.map((child) => child.hasExited())).toEqual([true, true]);
    expect(await findPingFailure("redis", redis.url, pingWithinMs)).toContain("ECONNREFUSED");
  });

  test("takes the URLs it is given before anything else", async () => {
    const first = await start({ prefer: "emulator" });
    const { mongo, redis } = await start({ mongoUrl: first.mongo.url, redisUrl: first.redis.url });
    expect(mongo).toMatchObject({ kind: "given", url: first.mongo.url });
    expect(redis).toMatchObject({ kind: "given", url: first.redis.url });
  });

  test.each([
    ["MONGODB_URL", { mongoUrl: "mongodb://me:hunter2@127.0.0.1:1,127.0.0.1:2/?replicaSet=rs" }],
    ["REDIS_URL", { redisUrl: "redis://:hunter2@127.0.0.1:1" }],
    ["MONGODB_URL", { mongoUrl: "postgres://hunter2" }],
  ])("names the variable that was set when what it says is not there: %s", async (variable, urls) => {
    for (const variablePrefix of [undefined, "TEST_"] as const) {
      const attempt = startDatabases({
        ...{ dataDir: folder, prefer: "emulator", ...urls },
        ...(variablePrefix && { variablePrefix }),
      });
      const words = await attempt.then(
        () => "nothing",
        (error) => String(error.message),
      );
      expect(words).toStartWith(`${variablePrefix ?? ""}${variable}`);
      expect(words).not.toContain("hunter2");
    }
  });

  test.skipIf(!redisServer)("prefers a Redis program on the PATH to the emulator", async () => {
    const first = await start({ prefer: "emulator" });
    const { redis } = await start({ mongoUrl: first.mongo.url, prefer: "server" });
    expect(redis).toMatchObject({ kind: "server", detail: redisServer ?? "" });
    expect(await findPingFailure("redis", redis.url, pingWithinMs)).toBeUndefined();
  });

  test.skipIf(!mongod)("prefers a mongod on the PATH to the emulator", async () => {
    const first = await start({ prefer: "emulator" });
    const { mongo } = await start({ redisUrl: first.redis.url, prefer: "server" });
    expect(mongo).toMatchObject({ kind: "server", detail: mongod ?? "" });
  });

  test.skipIf(mongod !== null)("refuses the emulator when it must be a server", async () => {
    const children: Child[] = [];
    const attempt = startDatabases({
      dataDir: folder,
      prefer: "server",
      onStart: (child) => children.push(child),
    });
    await expect(attempt).rejects.toThrow(
      "No mongod is on the PATH, and DATABASES=server refuses the emulator",
    );
    expect(children.every((child) => child.hasExited())).toBe(true);
  });
});

describe("withoutCredentials", () => {
  test("keeps the place and nothing else", () => {
    expect(withoutCredentials("mongodb://me:p%40ss@a:1,b:2/shop?authSource=admin")).toBe(
      "mongodb://a:1,b:2/shop",
    );
    expect(withoutCredentials("redis://:pa/ss@host:6379/0")).not.toContain("pa/ss");
    expect(withoutCredentials("redis://127.0.0.1:6379")).toBe("redis://127.0.0.1:6379");
  });
});
