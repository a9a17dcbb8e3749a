// Redis connections for tests, ready before they are used.
import { Redis } from "ioredis";
import { eventually, NO_REDIS, testRedisUrl } from "./tools.ts";

/**
 * Resolves once the connection has answered a command, and with it all earlier ones. At once for NO_REDIS, which never
 * answers.
 */
export async function untilReady(redis: Redis, url = testRedisUrl()): Promise<void> {
  if (url === NO_REDIS) return;
  const answers = () => redis.ping().then(Boolean, () => false);
  await eventually(async () => redis.status === "ready" && (await answers()));
}

/** A client for a test. Unlike the services' clients it has no command timeout. */
export async function connectTestRedis(url = testRedisUrl()): Promise<Redis> {
  const redis = new Redis(url);
  redis.on("error", () => undefined);
  await untilReady(redis, url);
  return redis;
}
