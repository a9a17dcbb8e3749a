// A Redis that a test file may stop, of the same kind as the shared one.
import { testDatabases } from "@food/shared/testing/databases";
import { cleanUp } from "@food/shared/testing/service";
import { type OwnRedis, startOwnRedis as start } from "../tools/databases/own-redis.ts";
import type { Platform } from "./platform.ts";

/** Runs until the test file ends. */
export async function startOwnRedis(): Promise<OwnRedis> {
  const redis = await start(testDatabases().TEST_REDIS_KIND === "emulator" ? "emulator" : undefined);
  cleanUp(redis.stop);
  return redis;
}

/** Replaces the Redis of a proxied platform with an empty one, without keys and scripts. */
export async function restartRedisEmpty({ all }: Platform): Promise<void> {
  const { url } = await startOwnRedis();
  for (const { proxies } of all) {
    if (!proxies.redis)
      throw new Error("No proxy in front of Redis: start the platform with `proxied: true`");
    proxies.redis.suffer({ kind: "down" });
    proxies.redis.targets = [new URL(url).host];
    proxies.redis.heal();
  }
}
