/** An emulator on a free port with a data file of its own, and the official driver in front of it. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deserialize } from "bson";
import { MongoClient, type MongoClientOptions } from "mongodb";
import { type MongoEmulatorOptions, startMongoEmulator } from "./server.ts";
import { type Document, encode } from "./values.ts";

export function temporaryFolder(): { path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), "mongo-emulator-"));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

export async function openEmulator(
  options: Partial<MongoEmulatorOptions> = {},
  clientOptions: MongoClientOptions = {},
) {
  const folder = temporaryFolder();
  const emulator = await startMongoEmulator({ dataFile: join(folder.path, "data.sqlite"), ...options });
  const client = await new MongoClient(emulator.url, clientOptions).connect();
  const close = async (): Promise<void> => {
    await client.close();
    await emulator.stop();
    folder.remove();
  };
  return { ...emulator, client, db: client.db("test"), close };
}

/** A document's values as plain JavaScript has them, for comparing. */
export const plain = (document: Document): Document => deserialize(encode(document));

/** Waits until `condition` holds; throws after `timeoutMs`. */
export async function until(condition: () => Promise<boolean>, timeoutMs = 5000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`still not so after ${timeoutMs} ms: ${condition}`);
    await Bun.sleep(10);
  }
}

/** What a refused operation threw: the server's code and message. */
export async function refusal(operation: Promise<unknown>): Promise<{ code: number; message: string }> {
  const error = await operation.then(
    () => undefined,
    (thrown: { code: number; message: string }) => thrown,
  );
  if (!error) throw new Error("the operation was not refused");
  return { code: error.code, message: error.message };
}

/** Repeatable random numbers from 0 up to 1 (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}
