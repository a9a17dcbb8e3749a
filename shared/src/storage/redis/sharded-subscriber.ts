// Subscriptions in a Redis Cluster. A channel is subscribed at the master of its slot, so that other nodes do not carry its
// messages (SSUBSCRIBE). Every second the nodes are asked for their slots, and at once when one closes its connection or
// gives a slot away: channels follow their slots, and listeners learn that messages may be lost.
import { EventEmitter } from "node:events";
import { Redis as Node } from "ioredis";
import type { Log } from "../../observe/log.ts";
import { inBackground, outsideRequests } from "../../observe/request-scope.ts";
import { startTicker } from "../../process/ticker.ts";
import type { RedisNode } from "../../values/redis-url.ts";
import { type ClusterTarget, expectOneCluster, type NodeOptions, nodeOptions, slotOf } from "./cluster.ts";
import type { ConnectionLog } from "./connection-log.ts";
import type { Subscriber } from "./subscriber.ts";

const SYNC_EVERY_MS = 1_000;
const RETRY_MS = 250;
const AGREE_MAX_MS = 2 * SYNC_EVERY_MS;
const SLOTS = 16_384;

const nameOf = ({ host, port }: RedisNode) => `${host}:${port}`;

export function openShardedSubscriber(
  target: ClusterTarget,
  options: NodeOptions,
  log: Log,
  link: ConnectionLog,
): Subscriber {
  const events = new EventEmitter();
  /** The slots of the wanted channels. */
  const wanted = new Map<string, number>();
  /** The node at which a channel is subscribed. */
  const subscribedAt = new Map<string, string>();
  const nodes = new Map<string, Node>();
  let masters = new Map<string, RedisNode>();
  let masterOf: (string | undefined)[] = [];
  let status: "connecting" | "ready" | "end" = "connecting";
  let turn = 0;
  let syncedAt = 0;

  /** A later connection to the node has no subscriptions. */
  function forget(name: string) {
    nodes.delete(name);
    for (const [channel, at] of subscribedAt) if (at === name) subscribedAt.delete(channel);
  }

  function lose(name: string, node: Node) {
    if (nodes.get(name) !== node) return;
    forget(name);
    if (status !== "ready") return;
    beAway();
    ticker.wake();
  }

  function beAway() {
    status = "connecting";
    events.emit("close");
  }

  const channelsAt = (node: Node) =>
    new Set<string>(node.condition?.subscriber ? node.condition.subscriber.channels("ssubscribe") : []);

  /** A slot that is given away takes its subscriptions with it. */
  function lookAgain(name: string, node: Node) {
    const kept = channelsAt(node);
    for (const [channel, at] of subscribedAt)
      if (at === name && !kept.has(channel)) subscribedAt.delete(channel);
    ticker.wake();
  }

  function connectionTo(place: RedisNode): Node {
    const name = nameOf(place);
    const known = nodes.get(name);
    if (known) return known;
    const node = new Node({
      ...{ ...nodeOptions(target, options), ...place },
      ...{ commandTimeout: options.socketTimeout, autoResubscribe: false, retryStrategy: () => null },
    });
    nodes.set(name, node);
    node.on("error", outsideRequests(link.heard));
    const pass = (channel: string, text: string) => events.emit("message", channel, text);
    const moved = () => lookAgain(name, node);
    const closed = () => lose(name, node);
    node.on("smessage", outsideRequests(pass));
    node.on("moved", outsideRequests(moved));
    node.on("close", outsideRequests(closed));
    return node;
  }

  /** Asks one node after the other, in turn: one may know less than another. */
  async function readSlots(): Promise<void> {
    const known = [...nodes.keys()].flatMap((name) => masters.get(name) ?? []);
    const first = known.length > 0 ? turn++ % known.length : 0;
    let failure: unknown;
    for (const place of [...known.slice(first), ...known.slice(0, first), ...target.nodes]) {
      try {
        const ranges = await connectionTo(place).cluster("SLOTS");
        const found = ranges.flatMap(([from, to, node]) => {
          const [host, port] = node ?? [];
          return port ? { from, to, master: { host: host || place.host, port } } : [];
        });
        if (found.length === 0) throw new Error(`CLUSTERDOWN: ${nameOf(place)} knows no slots`);
        masters = new Map(found.map(({ master }) => [nameOf(master), master]));
        masterOf = Array(SLOTS);
        for (const { from, to, master } of found) masterOf.fill(nameOf(master), from, to + 1);
        return;
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  /** Subscribes those that are not at the master of their slot, and returns them and why others are not. */
  async function settle(channels: Iterable<string>): Promise<{ settled: string[]; failure?: unknown }> {
    const isSettled = (channel: string) => {
      const at = subscribedAt.get(channel);
      return at !== undefined && at === masterOf[slotIn(channel)];
    };
    const bySlot = Map.groupBy(
      [...channels].filter((channel) => !isSettled(channel)),
      slotIn,
    );
    const slots = [...bySlot].map(async ([slot, some]) => {
      const name = masterOf[slot];
      const master = name && masters.get(name);
      if (!master) throw new Error(`CLUSTERDOWN: slot ${slot} has no master`);
      const node = connectionTo(master);
      await node.ssubscribe(...some);
      if (nodes.get(name) !== node) return [];
      // The node may have given the slot away right after its answer: subscribe again.
      const kept = channelsAt(node);
      const made = some.filter((channel) => kept.has(channel));
      for (const channel of made) subscribedAt.set(channel, name);
      return made;
    });
    const outcomes = await Promise.allSettled(slots);
    const failed = outcomes.find((one) => one.status === "rejected");
    return {
      settled: outcomes.flatMap((one) => (one.status === "fulfilled" ? one.value : [])),
      ...(failed && { failure: failed.reason }),
    };
  }
  const slotIn = (channel: string) => wanted.get(channel) ?? slotOf(channel);

  async function leave(channels: Iterable<string>): Promise<void> {
    const left = [...channels].filter((channel) => !wanted.has(channel) && subscribedAt.has(channel));
    const bySlot = Map.groupBy(left, slotIn);
    await Promise.all(
      [...bySlot.values()].map(async (some) => {
        const node = nodes.get(subscribedAt.get(some[0] ?? "") ?? "");
        for (const channel of some) subscribedAt.delete(channel);
        await node?.sunsubscribe(...some);
      }),
    );
  }

  async function sync() {
    if (status === "end") return;
    try {
      if (masters.size === 0) await expectOneCluster(target, options);
      await readSlots();
      for (const [name, node] of nodes)
        if (!masters.has(name)) {
          forget(name);
          node.disconnect();
        }
      for (const master of masters.values()) connectionTo(master);
      const { settled, failure } = await settle(wanted.keys());
      if (status === "ready" && settled.length > 0) events.emit("resubscribed", settled);
      if (failure) throw failure;
      await leave(subscribedAt.keys());
      await Promise.all([...nodes.values()].map((node) => node.ping()));
      syncedAt = Date.now();
      if (status === "connecting") {
        status = "ready";
        link.ready();
        events.emit("ready");
      }
    } catch (error) {
      link.failed(error as Error);
      // The nodes soon agree on a slot that has moved. Without a master its channels get no messages.
      if (status === "ready" && Date.now() - syncedAt > AGREE_MAX_MS) beAway();
      setTimeout(outsideRequests(ticker.wake), RETRY_MS).unref();
    }
  }
  const ticker = startTicker("Redis Cluster subscriptions", SYNC_EVERY_MS, log, sync);

  return {
    get status() {
      return status;
    },
    async subscribe(...channels) {
      for (const channel of channels) wanted.set(channel, slotOf(channel));
      const { failure } = await settle(channels);
      if (!failure) return;
      ticker.wake();
      throw failure;
    },
    async unsubscribe(...channels) {
      for (const channel of channels) wanted.delete(channel);
      await leave(channels);
    },
    ping: () => Promise.all([...nodes.values()].map((node) => node.ping())),
    disconnect() {
      status = "end";
      inBackground(() => ticker.stop());
      for (const node of nodes.values()) node.disconnect();
    },
    on: (event: string, listener: (...given: never[]) => void) => events.on(event, listener as () => void),
    off: (event: string, listener: () => void) => events.off(event, listener),
  };
}
