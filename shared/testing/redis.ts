// Redis connections for tests, ready before they are used.
import { Cluster, Redis as Server } from "ioredis";
import { isCluster, pingRedis, type Redis, type Subscriber } from "../src/storage/redis.ts";
import { redisTarget } from "../src/values/redis-url.ts";
import { eventually, NO_REDIS, testRedisUrl } from "./tools.ts";

/**
 * Resolves once the connection has answered a command, and with it all earlier ones. At once for NO_REDIS, which never
 * answers.
 */
export async function untilReady(redis: Redis | Subscriber, url = testRedisUrl()): Promise<void> {
  if (url === NO_REDIS) return;
  const ping = () => (redis instanceof Cluster ? pingRedis(redis) : redis.ping());
  const answers = () => ping().then(Boolean, () => false);
  await eventually(async () => redis.status === "ready" && (await answers()));
}

/** A client for a test. Unlike the services' clients it has no command timeout. */
export async function connectTestRedis(url = testRedisUrl()): Promise<Redis> {
  const target = redisTarget(url);
  const redis: Redis = target?.kind === "cluster" ? new Cluster(target.nodes) : new Server(url);
  redis.on("error", () => undefined);
  await untilReady(redis, url);
  return redis;
}

/** Publishes as the services do. */
export const publishTo = (redis: Redis, channel: string, text: string): Promise<unknown> =>
  isCluster(redis) ? redis.spublish(channel, text) : redis.publish(channel, text);

const serversOf = (redis: Redis): Server[] => (isCluster(redis) ? redis.nodes("master") : [redis]);

/** The keys of all servers. */
export const keysOf = async (redis: Redis, pattern: string): Promise<string[]> =>
  (await Promise.all(serversOf(redis).map((server) => server.keys(pattern)))).flat();

/** How many connections subscribe to these channels, in sum. */
export async function subscriptionsTo(redis: Redis, ...channels: string[]): Promise<number> {
  const question = isCluster(redis) ? "SHARDNUMSUB" : "NUMSUB";
  const answers = serversOf(redis).map((server) => server.call("PUBSUB", question, ...channels));
  const counts = (await Promise.all(answers)).flatMap((answer) =>
    (answer as unknown[]).filter((_, i) => i % 2 === 1),
  );
  return counts.reduce<number>((sum, count) => sum + Number(count), 0);
}
