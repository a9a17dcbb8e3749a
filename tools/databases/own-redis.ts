// A Redis of its own for a test or a benchmark that stops it: a server found on the PATH, else the emulator.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../free-port.ts";
import { startRedis } from "./databases.ts";

export interface OwnRedis {
  url: string;
  /** Replaces it with an empty one on the same port. */
  restartEmpty: () => Promise<void>;
  stop: () => Promise<void>;
}

export async function startOwnRedis(prefer?: "emulator"): Promise<OwnRedis> {
  const dataDir = mkdtempSync(join(tmpdir(), "redis-"));
  const port = freePort();
  // One server also where the tests have a cluster.
  const one = prefer ?? (process.env.DATABASES === "cluster" ? "server" : undefined);
  let redis = await startRedis({ dataDir, prefer: one }, port);
  return {
    url: redis.url,
    async restartEmpty() {
      await redis.stop();
      redis = await startRedis({ dataDir, prefer: one }, port);
    },
    async stop() {
      await redis.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
