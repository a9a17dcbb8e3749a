// Redis makes the platform fast and live, and every use of it works without it. A Redis that accepts commands and does not
// answer (stopped, swapping, cut off) counts as gone: the connection closes, and commands fail at once until a new
// connection gets an answer. A paused Redis may still execute commands that it received before. REDIS_URL names one server,
// the sentinels of a master, or a cluster. There no command has keys of two slots, and messages use sharded channels.
import { Cluster, Redis as Server } from "ioredis";
import type { Log } from "../observe/log.ts";
import { inBackground, outsideRequests } from "../observe/request-scope.ts";
import { REDIS_URL_FORMS, redisTarget } from "../values/redis-url.ts";
import { openCluster } from "./redis/cluster.ts";
import { connectionLog } from "./redis/connection-log.ts";
import { openShardedSubscriber } from "./redis/sharded-subscriber.ts";
import type { Subscriber } from "./redis/subscriber.ts";

export { slotOf } from "./redis/cluster.ts";
export type { Subscriber } from "./redis/subscriber.ts";

/** For commands. */
export type Redis = Server | Cluster;

const COMMAND_TIMEOUT_MS = 500;
/** Longer than a busy process may delay reading its input, because resubscribing is expensive. */
const SUBSCRIBER_SILENCE_MS = 2_500;
const RECONNECT_MAX_MS = 1_000;

const common = {
  connectTimeout: 1_000,
  retryStrategy: (attempt: number) => Math.min(attempt * 50, RECONNECT_MAX_MS),
};

function targetOf(url: string) {
  const target = redisTarget(url);
  if (!target) throw new Error(`REDIS_URL is not valid: expected ${REDIS_URL_FORMS}`);
  return target;
}

/** One server, or the master that the sentinels name each time the connection is made. */
function openServer(url: string, log: Log, what: string, options: object): Server {
  const target = targetOf(url);
  const link = connectionLog(log, what);
  let redis: Server;
  if (target.kind === "sentinel") {
    const { nodes, masterName, ofSentinels, isTls, kind: _, ...access } = target;
    redis = new Server({
      ...{ ...common, ...options, ...access, sentinels: nodes, name: masterName },
      ...(ofSentinels.username && { sentinelUsername: ofSentinels.username }),
      ...(ofSentinels.password && { sentinelPassword: ofSentinels.password }),
      sentinelRetryStrategy: common.retryStrategy,
      sentinelCommandTimeout: common.connectTimeout,
      // A master that has become a replica.
      reconnectOnError: (error) => error.message.startsWith("READONLY"),
      ...(isTls && { tls: {}, sentinelTLS: {}, enableTLSForSentinelMode: true }),
    });
  } else redis = new Server(url, { ...common, ...options });
  redis.on("error", outsideRequests(link.failed));
  redis.on("ready", outsideRequests(link.ready));
  return redis;
}

/** What such a server does, and what to do. A node of a cluster refuses the keys of other nodes. */
const OTHER_MODES: Record<string, [text: string, advice: string]> = {
  cluster: [
    "Redis may refuse commands; continuing without those",
    "it is a node of a cluster: begin REDIS_URL with redis+cluster://",
  ],
  sentinel: [
    "Redis refuses commands; continuing without it",
    "it is a sentinel: begin REDIS_URL with redis+sentinel://, and end it with /NAME-OF-THE-MASTER",
  ],
};

async function reportOtherMode(redis: Server, log: Log): Promise<void> {
  const [, mode = ""] = /^redis_mode:(\w+)/m.exec((await orUndefined(redis.info("server"))) ?? "") ?? [];
  const [text, advice] = OTHER_MODES[mode] ?? [];
  if (text) log.warn({ connection: "commands", advice }, text);
}

/** For commands: without Redis they fail at once instead of queueing. No automatic pipelining: it crashes the process when
 * a connection breaks in the middle of a batch (github.com/redis/ioredis/issues/1931). */
export function connectRedis(url: string, log: Log, timeoutMs = COMMAND_TIMEOUT_MS): Redis {
  const options = { maxRetriesPerRequest: 0, commandTimeout: timeoutMs, socketTimeout: timeoutMs };
  const target = targetOf(url);
  if (target.kind === "cluster")
    return openCluster(target, { ...common, ...options }, log, connectionLog(log, "commands"));
  const redis = openServer(url, log, "commands", { ...options, enableOfflineQueue: false });
  const report = () => inBackground(() => reportOtherMode(redis, log));
  redis.once("ready", outsideRequests(report));
  return redis;
}

/** For subscriptions, which survive a reconnect. */
export function connectSubscriber(url: string, log: Log): Subscriber {
  const options = { maxRetriesPerRequest: null, socketTimeout: SUBSCRIBER_SILENCE_MS };
  const target = targetOf(url);
  if (target.kind === "cluster")
    return openShardedSubscriber(target, { ...common, ...options }, log, connectionLog(log, "subscriptions"));
  return openServer(url, log, "subscriptions", options);
}

export const isCluster = (redis: Redis): redis is Cluster => redis instanceof Cluster;

/** Rejects unless every server that has keys answers. */
export async function pingRedis(redis: Redis): Promise<unknown> {
  if (!isCluster(redis)) return redis.ping();
  const masters = redis.nodes("master");
  if (redis.status !== "ready" || masters.length === 0) throw new Error("The cluster is not connected");
  return Promise.all(masters.map((master) => master.ping()));
}

/** The command with which a script or a client publishes. */
export const publishCommand = (redis: Redis) => (isCluster(redis) ? "spublish" : "publish");

/** The values of keys that may be in several slots; undefined when Redis does not answer. */
export async function valuesOf(redis: Redis, keys: string[]): Promise<(string | null | undefined)[]> {
  if (isCluster(redis)) return Promise.all(keys.map((key) => orUndefined(redis.get(key))));
  return (await orUndefined(redis.mget(...keys))) ?? [];
}

/** The command's result, or undefined when it fails or times out. */
export async function orUndefined<T>(command: Promise<T>): Promise<T | undefined> {
  try {
    return await command;
  } catch {
    return undefined;
  }
}
