// A Redis that is set up by halves, or that REDIS_URL names wrongly: each service says once what to do, and orders go on.
import { beforeAll, describe, expect, test } from "bun:test";
import { cleanUp, describeWithDatabases, eventually, NO_REDIS } from "@food/shared/testing/service";
import { type ClusterOptions, startRedisCluster } from "../tools/databases/redis-cluster.ts";
import { redisServer } from "../tools/databases/redis-node.ts";
import { startRedisSentinels } from "../tools/databases/redis-sentinel.ts";
import { courierOnDuty, newCustomer, openRestaurant } from "./actors.ts";
import { type OrderActors, playOrder } from "./dinner.ts";
import { type Platform, startPlatform } from "./platform.ts";

const TEST_MS = 180_000;

async function aCluster(options: ClusterOptions = {}) {
  const cluster = await startRedisCluster({ masters: 1, hasReplicas: false, ...options });
  cleanUp(cluster.stop);
  return { ...cluster, port: cluster.nodes[0]?.port };
}
async function aMaster() {
  const sentinels = await startRedisSentinels({ silentMs: 60_000 });
  cleanUp(sentinels.stop);
  return { ...sentinels, port: sentinels.servers[0]?.port };
}

const FAULTS: [string, string, () => Promise<string>][] = [
  [
    "a cluster that does not serve all slots",
    "redis-cli --cluster check",
    async () => (await aCluster({ lastSlot: 9_999 })).url,
  ],
  [
    "nodes of two clusters",
    "name the nodes of one cluster",
    async () => `${(await aCluster()).url},127.0.0.1:${(await aCluster()).port}`,
  ],
  [
    "one server that is named as a cluster",
    "begin REDIS_URL with redis://",
    async () => `redis+cluster://127.0.0.1:${(await aMaster()).port}`,
  ],
  [
    "a node of a cluster that is named as one server",
    "begin REDIS_URL with redis+cluster://",
    async () => `redis://127.0.0.1:${(await aCluster()).port}`,
  ],
  [
    "sentinels that do not know the master",
    "correct the name at the end of REDIS_URL",
    async () => `${(await aMaster()).url}-other`,
  ],
  [
    "sentinels that name a dead master",
    "start Redis there",
    async () => {
      const { url, servers } = await aMaster();
      await servers[0]?.kill();
      return url;
    },
  ],
];

describe.skipIf(!redisServer())("with real Redis servers", () => {
  describeWithDatabases("orders go on with", () => {
    let platform: Platform;
    let actors: OrderActors;
    beforeAll(async () => {
      platform = await startPlatform({ redisUrl: NO_REDIS });
      const [restaurant, customer, courier] = await Promise.all([
        openRestaurant(platform),
        newCustomer(platform),
        courierOnDuty(platform),
      ]);
      actors = { restaurant, customer, couriers: [courier] };
    }, TEST_MS);

    test.each(FAULTS)("%s", async (_, advice, begin) => {
      const REDIS_URL = await begin();
      const before = platform.all.map(({ log }) => log().length);
      await Promise.all(
        platform.all.map(async (replica) => {
          await replica.kill("SIGTERM");
          await replica.start({ REDIS_URL });
        }),
      );
      await playOrder(actors);
      for (const [i, { name, log }] of platform.all.entries()) {
        const connectionsIn = (text: string) =>
          text.split("\n").flatMap((line) => (line.includes(advice) ? JSON.parse(line).connection : []));
        const logged = await eventually(async () => {
          const connections = connectionsIn(log().slice(before[i]));
          return connections.length > 0 && connections;
        }).catch(() => {
          throw new Error(`${name} does not say "${advice}":\n${log().slice(before[i])}`);
        });
        expect(logged).toEqual([...new Set(logged)]);
      }
    });
  });
});
