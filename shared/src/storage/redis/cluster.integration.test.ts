import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import {
  type ClusterNode,
  type RedisCluster,
  startRedisCluster,
} from "../../../../tools/databases/redis-cluster.ts";
import { redisServer } from "../../../../tools/databases/redis-node.ts";
import { eventually, TEST_MAX_MS } from "../../../testing/service.ts";
import { type Hub, startHub } from "../../live/hub.ts";
import { type Publish, publisherOn } from "../../live/publish.ts";
import type { Log } from "../../observe/log.ts";
import { newId } from "../../values/id.ts";
import { redisCache } from "../cache.ts";
import { BUSY, redisLocks } from "../lock.ts";
import { jointLimits } from "../rate-limit.ts";
import {
  connectRedis,
  connectSubscriber,
  orUndefined,
  pingRedis,
  type Redis,
  type Subscriber,
  slotOf,
  valuesOf,
} from "../redis.ts";
import { requestCounts } from "../request-counts.ts";

const CHANNELS = 60;

describe.skipIf(!redisServer())("a Redis Cluster", () => {
  setDefaultTimeout(TEST_MAX_MS);
  const said: string[] = [];
  const say = (_: object, text: string) => said.push(text);
  const log = { warn: say, info: say, error: say } as unknown as Log;
  const channels = Array.from({ length: CHANNELS }, () => newId("channel"));
  const received = new Map<string, number>();
  const missed: string[] = [];
  const links: boolean[] = [];
  let cluster: RedisCluster;
  let redis: Redis;
  let subscriber: Subscriber;
  let hub: Hub<{ n: number }>;
  let publish: Publish;
  let round = 0;

  beforeAll(async () => {
    cluster = await startRedisCluster({ nodeTimeoutMs: 1_000 });
    redis = connectRedis(cluster.url, log);
    subscriber = connectSubscriber(cluster.url, log);
    hub = startHub({ subscriber, log });
    publish = publisherOn(redis);
    await eventually(async () => hub.isLive() && (await orUndefined(pingRedis(redis))));
    await Promise.all(
      channels.map((channel, i) =>
        hub.listen(channel, {
          receive: ({ n }) => received.set(channel, n),
          missed: () => missed.push(channel),
          ...(i === 0 && { linkChanged: (isLive: boolean) => links.push(isLive) }),
        }),
      ),
    );
  }, TEST_MAX_MS);
  afterAll(async () => {
    await hub.stop();
    redis.disconnect();
    await cluster.stop();
  });

  /** A message on every channel, in every slot. */
  async function allReceive() {
    const n = ++round;
    for (const channel of channels) publish(channel, { n });
    await eventually(async () => channels.every((channel) => received.get(channel) === n));
  }
  const keyAt = async (node: ClusterNode) => {
    for (;;) {
      const key = newId("key");
      if ((await cluster.masterOf(slotOf(key))) === node) return key;
    }
  };
  const msOf = async (run: () => Promise<unknown>) => {
    const begunAt = performance.now();
    await run();
    return performance.now() - begunAt;
  };

  test("serves caches, locks, limits, counts and values of many slots", async () => {
    const cache = redisCache(redis);
    const group = newId("group");
    const read = () => cache.read({ group }, { ttlMs: 60_000 }, async () => "bytes");
    await read();
    await read();
    expect(cache.stats).toMatchObject({ hits: 1, loads: 1 });
    await cache.drop(group);
    await read();
    expect(cache.stats.loads).toBe(2);

    const locks = redisLocks(redis);
    const key = newId("key");
    expect(await locks.withLock(key, 9_000, () => locks.withLock(key, 9_000, async () => 1))).toBe(BUSY);

    const limit = { max: 1, windowMs: 60_000 };
    const limits = () =>
      jointLimits(redis, key, {
        one: { name: newId("limit"), ...limit },
        all: { name: `all-${key}`, ...limit },
      });
    await limits().take({ one: "a", all: "a" });
    await expect(limits().take({ one: "b", all: "a" })).rejects.toMatchObject({ status: 429 });

    const [here, there] = [1, 2].map(() =>
      requestCounts(redis, key, { max: 100, windowMs: 600_000, reportEveryMs: 1e6 }),
    );
    const callers = Array.from({ length: 30 }, () => newId("usr"));
    for (const caller of callers) here?.take(caller);
    await here?.report();
    for (const caller of callers) there?.take(caller);
    await there?.report();
    expect(callers.map((caller) => there?.take(caller).left)).toEqual(callers.map(() => 97));

    await Promise.all(callers.map((caller) => redis.set(caller, caller)));
    expect(await valuesOf(redis, [...callers, newId("none")])).toEqual([...callers, null]);
  });

  test("delivers each message through the master of its channel alone", async () => {
    await allReceive();
    const shards = await Promise.all(
      cluster.nodes
        .slice(0, 3)
        .map(async ({ admin }) => (await admin.call("PUBSUB", "SHARDCHANNELS")) as string[]),
    );
    expect(shards.flat().sort()).toEqual([...channels].sort());
  });

  test("when a slot moves, its channel follows, and its listeners alone learn that messages may be lost", async () => {
    const [channel = ""] = channels;
    const slot = slotOf(channel);
    const from = await cluster.masterOf(slot);
    const [to] = cluster.nodes.slice(0, 3).filter((node) => node !== from);
    const key = `{${channel}}:key`;
    await redis.set(key, "value");
    missed.length = 0;
    await cluster.moveSlot(slot, to as ClusterNode);
    await eventually(async () => missed.length > 0);
    expect(missed).toEqual(channels.filter((one) => slotOf(one) === slot));
    expect(await redis.get(key)).toBe("value");
    await allReceive();
    expect(links).toEqual([]);
  });

  test("when a replica takes over that has not received a drop from the cache, the drop is repeated", async () => {
    const [group, cache] = [newId("group"), redisCache(redis)];
    const read = async (bytes: string) =>
      (await cache.read({ group }, { ttlMs: 600_000 }, async () => bytes))?.bytes;
    await read("old");
    const master = await cluster.masterOf(slotOf(`cache:{${group}}`));
    const replica = await cluster.replicaOf(master);
    const knows = async () => (await replica.admin.call("DBSIZE")) === (await master.admin.call("DBSIZE"));
    await eventually(knows);
    // The replica cannot follow any more.
    await replica.admin.config("SET", "masterauth", "wrong");
    await master.admin.call("CLIENT", "KILL", "TYPE", "replica");
    await cache.drop(group);
    expect(await knows()).toBe(false);
    await master.kill();
    await eventually(async () => (await orUndefined(redis.set(`{${group}}`, "value"))) === "OK");
    await eventually(async () => (await read("new")) === "new");
    await replica.admin.config("SET", "masterauth", "");
    await master.start();
  });

  test.each([
    ["is paused", (node: ClusterNode) => node.pause(), (node: ClusterNode) => node.resume()],
    ["is killed", (node: ClusterNode) => node.kill(), (node: ClusterNode) => node.start()],
  ])("when a master %s, only its slots are away, until a replica serves them", async (_, breakIt, mend) => {
    await cluster.untilServed();
    await allReceive();
    const [channel = ""] = channels;
    const victim = await cluster.masterOf(slotOf(channel));
    const [other] = (await Promise.all([0, 6_000, 12_000].map(cluster.masterOf))).filter(
      (one) => one !== victim,
    );
    const [key, elsewhere] = await Promise.all([keyAt(victim), keyAt(other as ClusterNode)]);
    await redis.set(key, "value");
    // One that has come back in the test before may not follow it yet.
    await eventually(async () => {
      const replica = await cluster.replicaOf(victim).catch(() => undefined);
      return replica && (await replica.admin.dbsize()) === (await victim.admin.dbsize());
    });
    links.length = said.length = 0;
    await breakIt(victim);
    const first = await msOf(() => orUndefined(redis.get(key)));
    const later: number[] = [];
    for (let i = 0; i < 20; i++) later.push(await msOf(() => orUndefined(redis.get(key))));
    expect(later.filter((ms) => ms > Math.max(first / 2, 50)).length).toBeLessThan(3);
    expect(await redis.set(elsewhere, "value")).toBe("OK");

    await eventually(async () => (await orUndefined(redis.get(key))) === "value");
    await eventually(async () => links.at(-1) === true && hub.isLive());
    await allReceive();
    expect(links).toEqual([false, true]);
    const saying = (text: string) => said.filter((one) => one === text).length;
    await eventually(
      async () => saying("Redis answers again") === saying("Redis does not answer; continuing without it"),
    );
    expect(saying("Redis answers again")).toBeWithin(1, 3);
    await mend(victim);
  });
});
