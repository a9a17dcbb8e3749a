import { afterEach, describe, expect, setDefaultTimeout, test } from "bun:test";
import { startRedisCluster } from "../../../../tools/databases/redis-cluster.ts";
import { redisServer } from "../../../../tools/databases/redis-node.ts";
import { startRedisSentinels } from "../../../../tools/databases/redis-sentinel.ts";
import { freePort } from "../../../../tools/free-port.ts";
import { eventually, TEST_MAX_MS } from "../../../testing/service.ts";
import type { Log } from "../../observe/log.ts";
import {
  connectRedis,
  connectSubscriber,
  orUndefined,
  pingRedis,
  type Redis,
  type Subscriber,
} from "../redis.ts";

interface Line {
  text: string;
  connection?: string;
  node?: string;
  advice?: string;
  err?: Error;
}

const DOWN = "Redis does not answer; continuing without it";
const undo: (() => unknown)[] = [];
afterEach(async () => {
  for (const one of undo.splice(0).reverse()) await one();
});

function connectTo(url: string): { redis: Redis; subscriber: Subscriber; lines: Line[] } {
  const lines: Line[] = [];
  const say = (fields: Omit<Line, "text">, text: string) => lines.push({ ...fields, text });
  const log = { warn: say, info: say, error: say } as unknown as Log;
  const [redis, subscriber] = [connectRedis(url, log), connectSubscriber(url, log)];
  undo.push(() => {
    redis.disconnect();
    subscriber.disconnect();
  });
  return { redis, subscriber, lines };
}

/** A command fails at once, and each connection logs one line with this advice, however often it fails. */
async function expectOneLineEach(
  url: string,
  advice: string,
  cause: RegExp,
  connections = ["commands", "subscriptions"],
) {
  const { redis, lines } = connectTo(url);
  await eventually(
    async () => new Set(lines.map(({ connection }) => connection)).size === connections.length,
  );
  const begunAt = performance.now();
  for (let i = 0; i < 10; i++) await orUndefined(redis.set("key", "value"));
  expect(performance.now() - begunAt).toBeLessThan(1_000);
  expect(lines.map(({ text, connection }) => [text, connection]).sort()).toEqual(
    connections.map((connection) => [DOWN, connection]),
  );
  for (const line of lines) {
    expect(line.advice).toContain(advice);
    expect(line.err?.message).toMatch(cause);
  }
}

describe.skipIf(!redisServer())("REDIS_URL", () => {
  setDefaultTimeout(TEST_MAX_MS);
  async function aCluster(options: Parameters<typeof startRedisCluster>[0] = {}) {
    const cluster = await startRedisCluster({ masters: 1, hasReplicas: false, ...options });
    undo.push(cluster.stop);
    return cluster;
  }
  async function sentinelsOf(options: Parameters<typeof startRedisSentinels>[0] = {}) {
    const sentinels = await startRedisSentinels(options);
    undo.push(sentinels.stop);
    return sentinels;
  }

  test("of a cluster that does not serve all slots: one line for each connection, with the remedy", async () => {
    const { url } = await aCluster({ lastSlot: 9_999 });
    await expectOneLineEach(url, "redis-cli --cluster check", /10000 of 16384/, ["commands"]);
  });

  test("with a wrong password", async () => {
    const { url } = await aCluster({ password: "right" });
    await expectOneLineEach(url.replace("right", "hunter2"), "correct user and password", /WRONGPASS/);
  });

  test("of a cluster where nothing listens", () =>
    expectOneLineEach(
      `redis+cluster://127.0.0.1:${freePort()}`,
      "start Redis there",
      /ECONNREFUSED|No node answers/,
    ));

  test("that takes one server for a cluster", async () => {
    const { servers } = await sentinelsOf();
    await expectOneLineEach(
      `redis+cluster://127.0.0.1:${servers[0]?.port}`,
      "begin REDIS_URL with redis://",
      /disabled/,
    );
  });

  test("of nodes that answer for two clusters: neither is used until one of the two is gone", async () => {
    const [one, other] = await Promise.all([aCluster(), aCluster()]);
    const url = `${one?.url},${other?.url.replace(/.*\//, "")}`;
    await expectOneLineEach(url, "name the nodes of one cluster", /several clusters: 127.0.0.1:\d+ and/);
    const { redis, subscriber, lines } = connectTo(url);
    // From the first moment on.
    const answers: unknown[] = [];
    await eventually(async () => {
      for (let i = 0; i < 50; i++) {
        answers.push(await orUndefined(redis.set("key", "value")));
        await Bun.sleep(0);
      }
      return lines.length === 2;
    });
    expect(new Set(answers)).toEqual(new Set([undefined]));
    expect(subscriber.status).toBe("connecting");
    await other?.nodes[0]?.kill();
    await eventually(async () => (await orUndefined(redis.set("key", "value"))) === "OK");
    await eventually(async () => subscriber.status === "ready");
  });

  test("of a cluster and a node that has not joined serves all", async () => {
    const [{ url }, alone] = await Promise.all([aCluster(), aCluster({ lastSlot: -1 })]);
    const { redis, subscriber, lines } = connectTo(
      url.replace("://", `://127.0.0.1:${alone.nodes[0]?.port},`),
    );
    await eventually(async () => subscriber.status === "ready" && (await orUndefined(pingRedis(redis))));
    expect(await redis.set("key", "value")).toBe("OK");
    await subscriber.subscribe("channel");
    expect(lines.filter(({ text }) => text !== DOWN && text !== "Redis answers again")).toEqual([]);
  });

  test("that takes a node of a cluster, or a sentinel, for one server", async () => {
    const cluster = await aCluster();
    const { sentinels } = await sentinelsOf();
    for (const [port, text, advice] of [
      [cluster.nodes[0]?.port, "may refuse commands", "begin REDIS_URL with redis+cluster://"],
      [sentinels[0]?.port, "refuses commands", "begin REDIS_URL with redis+sentinel://"],
    ] as const) {
      const { lines } = connectTo(`redis://127.0.0.1:${port}`);
      await eventually(async () => lines.length > 0);
      expect(lines).toMatchObject([
        {
          connection: "commands",
          ...{ text: expect.stringContaining(text), advice: expect.stringContaining(advice) },
        },
      ]);
    }
  });

  test("of a cluster with one dead node serves all, and names the node once", async () => {
    const { url } = await aCluster();
    const dead = freePort();
    const { redis, subscriber, lines } = connectTo(url.replace("://", `://127.0.0.1:${dead},`));
    await eventually(async () => subscriber.status === "ready" && (await orUndefined(pingRedis(redis))));
    expect(await redis.set("key", "value")).toBe("OK");
    expect(lines.filter(({ text }) => text === DOWN)).toEqual([]);
    for (const { node } of lines) expect(node).toBe(`127.0.0.1:${dead}`);
    expect(lines.length).toBeLessThan(2);
  });

  test("of a cluster that goes away as a whole: it is used again when it is back", async () => {
    const { url, nodes } = await aCluster();
    const { redis, lines } = connectTo(url);
    const answers = () => eventually(async () => (await orUndefined(redis.set("key", "value"))) === "OK");
    await answers();
    await nodes[0]?.kill();
    await eventually(async () => redis.status !== "ready");
    await nodes[0]?.start();
    await answers();
    await eventually(async () => lines.some(({ text }) => text === "Redis answers again"));
  });

  test("of sentinels that do not know the master, or do not run", async () => {
    const { url } = await sentinelsOf();
    await expectOneLineEach(`${url}-not`, "correct the name at the end", /sentinels are unreachable/i);
    await expectOneLineEach(
      `redis+sentinel://127.0.0.1:${freePort()}/main`,
      "start the sentinels",
      /unreachable/,
    );
  });

  test("of sentinels with passwords of the servers and of their own", async () => {
    const { url, untilReplicated, failOver } = await sentinelsOf({
      ...{ password: "servers-secret", sentinelPassword: "p@ss", silentMs: 500 },
    });
    expect(url).toContain("sentinel_password=p%40ss");
    const { redis, subscriber } = connectTo(url);
    const answers = () => eventually(async () => (await orUndefined(redis.set("key", "value"))) === "OK");
    await answers();
    await eventually(async () => subscriber.status === "ready");
    await failOver();
    await untilReplicated();
    await answers();
    const advice = "sentinel_username and sentinel_password in REDIS_URL";
    await expectOneLineEach(url.replace("p%40ss", "hunter2"), advice, /WRONGPASS/);
    await expectOneLineEach(url.replace(/\?.*/, ""), advice, /NOAUTH/);
    await expectOneLineEach(url.replace("servers-", "hunter2-"), "correct user and password", /WRONGPASS/);
  });

  test("of sentinels that name a dead master: one line, and the replica serves when they name it", async () => {
    const sentinels = await sentinelsOf({ silentMs: 500 });
    const master = await sentinels.master();
    await master.kill();
    const { redis, subscriber, lines } = connectTo(
      sentinels.url.replace("://", `://127.0.0.1:${freePort()},`),
    );
    const received: string[] = [];
    subscriber.on("message", (_, text) => received.push(text));
    void subscriber.subscribe("channel");
    await eventually(async () => lines.some(({ connection }) => connection === "commands"));
    expect(lines[0]).toMatchObject({ text: DOWN, advice: expect.stringContaining("start Redis there") });
    await eventually(async () => (await orUndefined(redis.set("key", "value"))) === "OK");
    await eventually(async () => {
      await orUndefined(redis.publish("channel", "text"));
      return received.length > 0;
    });
    expect(lines.filter(({ text }) => text === DOWN).length).toBeLessThan(3);
  });
});
