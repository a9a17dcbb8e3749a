// Commands in a Redis Cluster. A node that does not answer fails the commands of its slots at once, like one Redis that is
// away. Nothing connects before the nodes of REDIS_URL have said that they belong to one cluster. Every second each master is
// asked for its state, so that a failover is followed also without traffic. `ready` is emitted again when all slots are
// served after a failure: what failed until then is repeated.
import { Cluster, Command, Redis as Node } from "ioredis";
import type { Log } from "../../observe/log.ts";
import { inBackground, outsideRequests } from "../../observe/request-scope.ts";
import { startTicker } from "../../process/ticker.ts";
import type { RedisTarget } from "../../values/redis-url.ts";
import type { ConnectionLog } from "./connection-log.ts";

export type ClusterTarget = Extract<RedisTarget, { kind: "cluster" }>;

const CHECK_EVERY_MS = 1_000;
/** How long nodes may take to say to which cluster they belong: longer than a busy machine delays them, because a node that
 * says nothing is not counted. */
const FIRST_ANSWER_MS = 3_000;
const CLOSED = "The connection is closed";
const NODE_ADVICE = "start it, or take it out of the cluster and of REDIS_URL; the others serve its slots";
/** A key whose slot is moving. */
const RETRY_MS = 20;
const REDIRECTIONS_MAX = 8;
const OPEN = new Set(["connecting", "connect", "ready"]);

/** The slot of a key or of a sharded channel. */
export const slotOf = (key: string): number => new Command("get", [key]).getSlot() ?? 0;

export interface NodeOptions {
  connectTimeout: number;
  socketTimeout: number;
  maxRetriesPerRequest: number | null;
  commandTimeout?: number;
  retryStrategy: (attempt: number) => number;
}

/** The options of a connection to one node. */
export const nodeOptions = ({ isTls, username, password }: ClusterTarget, options: NodeOptions) => ({
  ...options,
  ...(username && { username }),
  ...(password && { password }),
  ...(isTls && { tls: {} }),
});

const ignore = () => undefined;

/** Throws when the nodes that answer belong to several clusters: processes would choose different ones. */
export async function expectOneCluster(target: ClusterTarget, options: NodeOptions): Promise<void> {
  const views = target.nodes.map(async (place) => {
    const node = new Node({
      ...{ ...nodeOptions(target, options), ...place, retryStrategy: () => null },
      // A node that loads its data answers no command.
      ...{ connectTimeout: FIRST_ANSWER_MS, socketTimeout: FIRST_ANSWER_MS, commandTimeout: FIRST_ANSWER_MS },
    });
    node.on("error", outsideRequests(ignore));
    const ranges = await node.cluster("SLOTS").catch(() => []);
    node.disconnect();
    const ids = ranges.flatMap(([, , ...nodes]) => nodes.map(([, , id]) => id));
    return { name: `${place.host}:${place.port}`, ids: new Set(ids) };
  });
  // One without slots knows no other node.
  const [first, ...others] = (await Promise.all(views)).filter(({ ids }) => ids.size > 0);
  const other = others.find(({ ids }) => first?.ids.isDisjointFrom(ids));
  if (other) throw new Error(`REDIS_URL names nodes of several clusters: ${first?.name} and ${other.name}`);
}

async function checkNode(node: Node): Promise<void> {
  if (node.status !== "ready" && node.status !== "wait") throw new Error(CLOSED);
  const info = await node.cluster("INFO");
  const [, state, assigned] = /^cluster_state:(\w+)\s+cluster_slots_assigned:(\d+)/m.exec(info) ?? [];
  if (state !== "ok" || assigned !== "16384")
    throw new Error(`cluster_state:${state}, and ${assigned} of 16384 slots have a master`);
}

export function openCluster(
  target: ClusterTarget,
  options: NodeOptions,
  log: Log,
  link: ConnectionLog,
): Cluster {
  const cluster = new Cluster(target.nodes, {
    redisOptions: nodeOptions(target, options),
    clusterRetryStrategy: options.retryStrategy,
    clusterNodeRetryStrategy: options.retryStrategy,
    slotsRefreshTimeout: options.connectTimeout,
    enableOfflineQueue: false,
    // The check reports a cluster that does not serve all slots. Those that it serves are used.
    enableReadyCheck: false,
    lazyConnect: true,
    ...{ retryDelayOnFailover: 0, retryDelayOnClusterDown: 0, retryDelayOnTryAgain: RETRY_MS },
    maxRedirections: REDIRECTIONS_MAX,
    // Certificates name hosts, not addresses.
    ...(target.isTls && { dnsLookup: (host, found) => found(null, host) }),
  });
  let isDown = false;
  /** Whether it is time to connect. */
  let isDue = true;
  const connect = cluster.connect.bind(cluster);
  const disconnect = cluster.disconnect.bind(cluster);
  /** Nodes that have not answered since the last check, and those that were logged. */
  const silent = new Map<string, Error>();
  const reported = new Set<string>();

  async function check(isStopped: () => boolean) {
    if (isDue && !OPEN.has(cluster.status)) {
      try {
        await expectOneCluster(target, options);
      } catch (error) {
        return link.failed(error as Error);
      }
      if (isStopped()) return;
      isDue = false;
      await connect().catch(ignore);
    }
    // Before that they are the nodes of REDIS_URL, dead ones included.
    const masters = cluster.status === "ready" ? cluster.nodes("master") : [];
    const checks = await Promise.allSettled(masters.map(checkNode));
    const at = checks.findIndex(({ status }) => status === "rejected");
    const failed = checks[at];
    if (cluster.status === "ready" && masters.length > 0 && !failed) {
      link.ready();
      if (isDown) cluster.emit("ready");
      isDown = false;
      for (const [node, err] of silent)
        if (!reported.has(node)) log.warn({ err, node, advice: NODE_ADVICE }, "A Redis node does not answer");
      for (const node of silent.keys()) reported.add(node);
      silent.clear();
      return;
    }
    const reason = failed?.status === "rejected" ? (failed.reason as Error) : new Error(CLOSED);
    const { host, port } = masters[at]?.options ?? {};
    const isAnswer = reason.message.startsWith("cluster_state");
    link.failed((!isAnswer && silent.get(`${host}:${port}`)) || reason);
    isDown = true;
    if (cluster.status === "ready")
      cluster.refreshSlotsCache((unanswered) => {
        if (!unanswered || cluster.status !== "ready") return;
        // All known nodes are gone: look up the nodes of REDIS_URL again. ioredis does not when their connections wait for
        // the next try: then nothing tells it that they have closed.
        isDue = true;
        disconnect(true);
      });
  }

  const ticker = startTicker("Redis Cluster check", CHECK_EVERY_MS, log, check);
  const wake = outsideRequests(() => ticker.wake());
  const noneAnswers = ({ lastNodeError }: { lastNodeError?: Error }) => {
    link.heard(new Error("No node answers"));
    if (lastNodeError) link.heard(lastNodeError);
  };
  cluster.on("error", outsideRequests(noneAnswers));
  const isSilent = (error: Error, node: string) => silent.set(node, error);
  cluster.on("node error", outsideRequests(isSilent));
  const watch = (node: Node) => {
    const isBack = () => reported.delete(`${node.options.host}:${node.options.port}`);
    node.on("close", wake);
    node.on("ready", outsideRequests(isBack));
    // The check connects to it.
    wake();
  };
  cluster.on("+node", outsideRequests(watch));
  // Only the check connects. A command asks for it before the first time, and ioredis when it is time for the next try.
  cluster.connect = async () => {
    if (cluster.status !== "reconnecting") return;
    isDue = true;
    wake();
  };
  // Between two tries no event says that it is the end.
  cluster.disconnect = (again) => {
    if (!again) inBackground(ticker.stop);
    disconnect(again);
  };
  return cluster;
}
