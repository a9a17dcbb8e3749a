// bun bench/fan-out.ts [--followers 5000]: one order's events to thousands of followers on one replica, compared with a
// minimal server (bench/peers/fan-out.ts). Both run at the same time and are measured in turn.
import { join } from "node:path";
import { orderChannel } from "@food/shared/contracts/live";
import { newId } from "@food/shared/values/id";
import { Redis } from "ioredis";
import { openManyStreams } from "../shared/testing/many-streams.ts";
import { orExit, readFlags } from "../tools/command-line.ts";
import { startOwnRedis } from "../tools/databases/own-redis.ts";
import { freePort } from "../tools/free-port.ts";
import { within } from "./support/followers.ts";
import { startOrderReplica } from "./support/order-replica.ts";
import { cpuMs } from "./support/process-figures.ts";
import { atMost, conclude, quantile, say } from "./support/report.ts";

const { followers: FOLLOWERS } = orExit(() => readFlags(Bun.argv.slice(2), { followers: 5_000 }).flags);
const ROUNDS = 20;

const server = await startOwnRedis();
const replica = await startOrderReplica(server.url);
const redis = new Redis(server.url);
const courier = { courierId: newId("crr"), name: "Kim", vehicle: "bicycle" as const };
const [order] = await replica.place([{ status: "out_for_delivery", courier }]);
if (!order) throw new Error("No order was placed");
const token = await replica.customerToken(order.customerId);
const peerChannel = newId("peer");
const peerPort = freePort();
const peer = Bun.spawn(
  [process.execPath, join(import.meta.dir, "peers/fan-out.ts"), `${peerPort}`, server.url, peerChannel],
  { stdio: ["ignore", "ignore", "inherit"] },
);
await within(10_000, async () => (await redis.pubsub("NUMSUB", peerChannel))[1] === 1);

/** Connects the followers of one server. `round` publishes one event and waits until every follower has it. */
async function subject(pid: number, url: string, path: string, channel: string) {
  let latenciesMs: number[] = [];
  /** The slowest follower of each round. */
  const slowestMs: number[] = [];
  let cpuSpentMs = 0;
  let arrived = 0;
  const streams = await openManyStreams({
    url,
    count: FOLLOWERS,
    atOnce: 400,
    tries: 20,
    pathOf: () => path,
    headersOf: () => ({ authorization: `Bearer ${token}` }),
    onEvent(_, block) {
      const at = block.startsWith("event: location") && /"recordedAt":"([^"]+)"/.exec(block)?.[1];
      if (!at) return;
      arrived++;
      latenciesMs.push(Date.now() - Date.parse(at));
    },
  });
  const round = async () => {
    const before = cpuMs(pid);
    latenciesMs = [];
    const wanted = arrived + FOLLOWERS;
    const report = { courierId: courier.courierId, location: { lat: 52.52, lng: 13.4 } };
    const event = { kind: "location", ...report, recordedAt: new Date().toISOString() };
    await redis.publish(channel, JSON.stringify(event));
    if (!(await within(10_000, () => arrived >= wanted)))
      throw new Error("An event did not reach every follower within 10 s");
    cpuSpentMs += cpuMs(pid) - before;
    slowestMs.push(quantile(latenciesMs, 0.99));
    await Bun.sleep(200);
  };
  const figures = () => ({
    slowestMs: quantile(slowestMs, 0.5),
    cpuMicros: (cpuSpentMs / slowestMs.length / FOLLOWERS) * 1_000,
  });
  return { open: streams.open, round, figures };
}

try {
  const ours = await subject(
    replica.pid,
    replica.url,
    `/v1/orders/${order._id}/events`,
    orderChannel(order._id),
  );
  const theirs = await subject(peer.pid, `http://127.0.0.1:${peerPort}`, "/", peerChannel);
  say(`one order to ${ours.open()} followers, ${ROUNDS} times, against a peer with ${theirs.open()}`);
  for (let n = 0; n < ROUNDS; n++)
    for (const { round } of n % 2 ? [ours, theirs] : [theirs, ours]) await round();
  const [own, other] = [ours.figures(), theirs.figures()];
  say(`        p99 until a follower has it: ${own.slowestMs} ms, of the peer ${other.slowestMs} ms`);
  say(`        CPU for each: ${own.cpuMicros.toFixed(1)} µs, of the peer ${other.cpuMicros.toFixed(1)} µs`);
  atMost("p99 against the peer", own.slowestMs / other.slowestMs, 1.5, "times");
  atMost("CPU against the peer", own.cpuMicros / other.cpuMicros, 1.5, "times");
} finally {
  redis.disconnect();
  peer.kill();
  await replica.stop();
  await server.stop();
}
conclude();
