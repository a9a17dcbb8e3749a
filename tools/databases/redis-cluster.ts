// A Redis Cluster of real servers on this machine: three masters with a replica each. Tests and proofs break it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ChildOptions } from "../child.ts";
import { freePort } from "../free-port.ts";
import { type RedisServer, startRedisServer, until } from "./redis-node.ts";

export interface ClusterNode extends RedisServer {
  id: string;
}

export interface RedisCluster {
  /** Names the first masters. */
  url: string;
  nodes: ClusterNode[];
  /** The node that serves the slot now. */
  masterOf: (slot: number) => Promise<ClusterNode>;
  replicaOf: (master: ClusterNode) => Promise<ClusterNode>;
  /** Moves a slot with its keys, as redis-cli does. */
  moveSlot: (slot: number, to: ClusterNode) => Promise<void>;
  /** Resolves once all running nodes name the same master of each slot. Until then a master that has taken over a slot may
   * die as the only one that knows: its replica would not serve the slot, and nobody would. */
  untilServed: () => Promise<void>;
  stop: () => Promise<void>;
}

export interface ClusterOptions {
  /** How long a node may be silent before the others replace it. */
  nodeTimeoutMs?: number;
  masters?: number;
  hasReplicas?: boolean;
  /** The last slot that has a master; -1 for none. */
  lastSlot?: number;
  password?: string;
  onStart?: ChildOptions["onStart"];
}

const LAST_SLOT = 16_383;

async function startNode(folder: string, options: ClusterOptions) {
  const { nodeTimeoutMs = 2_000, password } = options;
  const [port, busPort] = [freePort(), freePort()];
  const settings = [
    ...[
      "--cluster-enabled",
      "yes",
      "--cluster-port",
      `${busPort}`,
      "--cluster-config-file",
      `nodes-${port}.conf`,
    ],
    ...["--save", "", "--appendonly", "no", "--cluster-node-timeout", `${nodeTimeoutMs}`],
    // Without it a node that has met no other does not know its address.
    ...["--cluster-announce-ip", "127.0.0.1"],
    // A replica takes over however old its data is, and the other slots are served meanwhile.
    ...["--cluster-replica-validity-factor", "0", "--cluster-require-full-coverage", "no"],
    // No file of a replica's data: a master that starts again would load it, take the slots of its keys for slots that are
    // moving, and then ignore each failover of them.
    ...["--repl-diskless-sync-delay", "0", "--repl-diskless-load", "swapdb"],
    ...(password ? ["--requirepass", password, "--masterauth", password] : []),
  ];
  const server = await startRedisServer(folder, port, settings, options);
  return { node: { ...server, id: String(await server.admin.cluster("MYID")) }, busPort };
}

/** Throws a StartFailure where no redis-server is on the PATH. */
export async function startRedisCluster(options: ClusterOptions = {}): Promise<RedisCluster> {
  const { masters: count = 3, hasReplicas = true, lastSlot = LAST_SLOT, password } = options;
  const folder = mkdtempSync(join(tmpdir(), "redis-cluster-"));
  const started = await Promise.all(
    Array.from({ length: hasReplicas ? 2 * count : count }, () => startNode(folder, options)),
  );
  const nodes: ClusterNode[] = started.map(({ node }) => node);
  const masters = nodes.slice(0, count);
  const replicas = nodes.slice(count);
  const infoOf = async ({ admin }: ClusterNode) => String(await admin.cluster("INFO"));
  const knowsAll = async (node: ClusterNode) =>
    (await infoOf(node)).includes(`cluster_known_nodes:${nodes.length}\r`);
  const servesAll = async (node: ClusterNode) =>
    /^cluster_state:ok\r\ncluster_slots_assigned:16384\r\ncluster_slots_ok:16384\r/.test(await infoOf(node));
  const isLinked = async ({ admin }: ClusterNode) =>
    (await admin.info("replication")).includes("master_link_status:up");
  const replicasOf = async ({ id, admin }: ClusterNode) =>
    (await admin.call("CLUSTER", "REPLICAS", id)) as string[];
  const hasReplica = async (master: ClusterNode) => (await replicasOf(master)).length > 0;
  const ofAll = async (some: ClusterNode[], check: (node: ClusterNode) => Promise<boolean>) =>
    some.length === 0 || (await Promise.all(some.map(check))).every(Boolean);

  await Promise.all(
    masters.map(async ({ admin }, i) => {
      const [from, next] = [i, i + 1].map((n) => Math.round((n * (lastSlot + 1)) / count));
      if (lastSlot >= 0) await admin.call("CLUSTER", "ADDSLOTSRANGE", from ?? 0, (next ?? 0) - 1);
      await admin.call("CLUSTER", "SET-CONFIG-EPOCH", i + 1);
    }),
  );
  // Each meets every other: gossip alone takes seconds.
  for (const { node } of started)
    for (const { node: other, busPort } of started)
      if (node !== other) await node.admin.call("CLUSTER", "MEET", "127.0.0.1", other.port, busPort);
  await until("the nodes do not know each other", () => ofAll(nodes, knowsAll));
  for (const [i, replica] of replicas.entries())
    await until("a replica does not follow", async () =>
      Boolean(await replica.admin.call("CLUSTER", "REPLICATE", masters[i]?.id ?? "")),
    );
  if (lastSlot === LAST_SLOT) await until("a slot has no master", () => ofAll(nodes, servesAll));
  await until("a replica has no data", () => ofAll(replicas, isLinked));
  if (hasReplicas) await until("a master does not know its replica", () => ofAll(masters, hasReplica));

  const running = () => nodes.filter(({ admin }) => admin.status === "ready");
  const mastersOfSlots = async ({ admin }: ClusterNode) =>
    (await admin.cluster("SLOTS"))
      .map(([from, to, master]) => `${from} ${to} ${master?.[1]}`)
      .sort()
      .join();
  async function masterOf(slot: number): Promise<ClusterNode> {
    const ranges = (await running()[0]?.admin.cluster("SLOTS")) ?? [];
    const found = ranges.find(([from, to]) => from <= slot && slot <= to)?.[2];
    const master = nodes.find(({ port }) => port === found?.[1]);
    if (!master) throw new Error(`Slot ${slot} has no master`);
    return master;
  }
  return {
    url: `redis+cluster://${password ? `:${password}@` : ""}${masters.map(({ port }) => `127.0.0.1:${port}`).join()}`,
    nodes,
    masterOf,
    async replicaOf(master) {
      const lines = await replicasOf(master);
      const replica = nodes.find((node) => lines.some((line) => line.startsWith(node.id)));
      if (!replica) throw new Error(`${master.id} has no replica`);
      return replica;
    },
    async moveSlot(slot, to) {
      const from = await masterOf(slot);
      if (from === to) return;
      await to.admin.call("CLUSTER", "SETSLOT", slot, "IMPORTING", from.id);
      await from.admin.call("CLUSTER", "SETSLOT", slot, "MIGRATING", to.id);
      for (;;) {
        const keys = (await from.admin.call("CLUSTER", "GETKEYSINSLOT", slot, 100)) as string[];
        if (keys.length === 0) break;
        const auth = password ? ["AUTH", password] : [];
        await from.admin.call("MIGRATE", "127.0.0.1", to.port, "", 0, 5_000, ...auth, "KEYS", ...keys);
      }
      for (const node of [to, from]) await node.admin.call("CLUSTER", "SETSLOT", slot, "NODE", to.id);
    },
    untilServed: () =>
      until("a slot has no master", async () => {
        const masters = await Promise.all(running().map(mastersOfSlots));
        return new Set(masters).size === 1 && ofAll(running(), servesAll);
      }),
    async stop() {
      await Promise.all(nodes.map((node) => node.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
