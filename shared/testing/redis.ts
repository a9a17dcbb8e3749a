// Redis connections in tests: connected before they are used.
import { Redis } from "ioredis";
import { eventually, NO_REDIS, testRedisUrl } from "./tools.ts";

/**
 * Resolves once the connection takes commands and has answered one, and with it whatever was sent before. At once for
 * NO_REDIS, which never answers.
 */
export async function untilReady(redis: Redis, url = testRedisUrl()): Promise<void> {
  if (url === NO_REDIS) return;
  const answers = () => redis.ping().then(Boolean, () => false);
  await eventually(async () => redis.status === "ready" && (await answers()));
}

/** A test's own client, ready to use. Unlike those of the services it waits for an answer however long that takes. */
export async function connectTestRedis(url = testRedisUrl()): Promise<Redis> {
  const redis = new Redis(url);
  redis.on("error", () => undefined);
  await untilReady(redis, url);
  return redis;
}
