import { connect } from "node:net";
import { oneLine } from "../failure.ts";

export type DatabaseKind = "mongo" | "redis";

/** Resolves once something accepts connections on the port of 127.0.0.1; `given up` decides when to stop trying. */
export async function waitForPort(port: number, givenUp: () => boolean) {
  while (!givenUp()) {
    const accepted = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.once("connect", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (accepted) return;
    await Bun.sleep(10);
  }
}

async function pingMongo(url: string, withinMs: number) {
  const { MongoClient } = await import("mongodb");
  const client = new MongoClient(url, {
    serverSelectionTimeoutMS: withinMs,
    connectTimeoutMS: withinMs,
    maxPoolSize: 1,
  });
  try {
    await client.db("admin").command({ ping: 1 });
  } finally {
    await client.close();
  }
}

async function pingRedis(url: string, withinMs: number) {
  const { Redis } = await import("ioredis");
  const { redisTarget } = await import("@food/shared/values/redis-url");
  const target = redisTarget(url);
  if (target && target.kind !== "server") return pingWhenReady(url, withinMs);
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: withinMs,
    commandTimeout: withinMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let cause: unknown;
  redis.on("error", (error) => {
    cause = error;
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    throw cause ?? error;
  } finally {
    redis.disconnect();
  }
}

/** Waits for the master that sentinels name, or for all masters of a cluster, as a service does. */
async function pingWhenReady(url: string, withinMs: number) {
  const { connectRedis, pingRedis } = await import("@food/shared/storage/redis");
  const { createLog } = await import("@food/shared/observe/log");
  const redis = connectRedis(url, createLog("ping", "silent"), withinMs);
  try {
    for (const until = Date.now() + withinMs; ; await Bun.sleep(20)) {
      const answers = await pingRedis(redis).then(Boolean, (error: unknown) => error);
      if (answers === true) return;
      if (Date.now() > until) throw answers;
    }
  } finally {
    redis.disconnect();
  }
}

/** Undefined once the database has answered a ping, else why it did not, without credentials. */
export async function findPingFailure(
  kind: DatabaseKind,
  url: string,
  withinMs: number,
): Promise<string | undefined> {
  try {
    await (kind === "mongo" ? pingMongo : pingRedis)(url, withinMs);
    return undefined;
  } catch (error) {
    return oneLine(error);
  }
}
