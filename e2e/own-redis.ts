// A Redis that a test file may lose: of the same kind as the one the tests were given.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { testDatabases } from "@food/shared/testing/databases";
import { cleanUp } from "@food/shared/testing/service";
import { startDatabases } from "../tools/databases/databases.ts";
import type { Platform } from "./platform.ts";

/** Runs until the test file is done. */
export async function startOwnRedis(): Promise<{ url: string; stop: () => Promise<void> }> {
  const dataDir = mkdtempSync(join(tmpdir(), "redis-"));
  const { TEST_MONGODB_URL: mongoUrl, TEST_REDIS_KIND } = testDatabases();
  const { redis, stop } = await startDatabases({
    mongoUrl,
    dataDir,
    prefer: TEST_REDIS_KIND === "emulator" ? "emulator" : undefined,
  });
  cleanUp(async () => {
    await stop();
    rmSync(dataDir, { recursive: true, force: true });
  });
  return { url: redis.url, stop };
}

/** Puts an empty Redis in the place of the one that a proxied platform has, which knows neither keys nor scripts. */
export async function restartRedisEmpty({ all }: Platform): Promise<void> {
  const { url } = await startOwnRedis();
  for (const { proxies } of all) {
    if (!proxies.redis) throw new Error("There is no proxy in front of Redis: ask for a proxied platform");
    proxies.redis.suffer({ kind: "down" });
    proxies.redis.targets = [new URL(url).host];
    proxies.redis.heal();
  }
}
