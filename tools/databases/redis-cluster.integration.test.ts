import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { orUndefined } from "@food/shared/storage/redis";
import { eventually, TEST_MAX_MS } from "@food/shared/testing/service";
import { type ClusterNode, startRedisCluster } from "./redis-cluster.ts";
import { redisServer } from "./redis-node.ts";

describe.skipIf(!redisServer())("a Redis Cluster of the tests", () => {
  setDefaultTimeout(TEST_MAX_MS);

  test("a master that was killed comes back empty, and then follows a failover of another", async () => {
    // So long that a killed master is not replaced.
    const cluster = await startRedisCluster({ nodeTimeoutMs: 30_000 });
    try {
      const [killed, other] = await Promise.all([0, 16_383].map(cluster.masterOf));
      if (!killed || !other) throw new Error("There are not two masters");
      const replica = await cluster.replicaOf(other);
      // More than the master keeps for a replica that comes back: it sends all its data.
      await replica.kill();
      const value = "x".repeat(10_000);
      for (let i = 0; i < 1_000; i++) await orUndefined(other.admin.set(`key:${i}`, value));
      await replica.start();
      await eventually(async () => (await replica.admin.dbsize()) === (await other.admin.dbsize()));

      await killed.kill();
      await killed.start();
      expect(await killed.admin.dbsize()).toBe(0);
      // A vote to a node that has just started, and is not linked yet, is lost; then nobody is elected for two minutes.
      const knownTo = async ({ admin }: ClusterNode) => String(await admin.call("CLUSTER", "NODES"));
      await eventually(async () =>
        (await Promise.all(cluster.nodes.map(knownTo))).every((nodes) => !nodes.includes("disconnected")),
      );
      await replica.admin.call("CLUSTER", "FAILOVER");
      const asReplica = new RegExp(`${other.id} \\S+ slave`);
      await eventually(async () => asReplica.test(await knownTo(killed)));
      await cluster.untilServed();
    } finally {
      await cluster.stop();
    }
  });
});
