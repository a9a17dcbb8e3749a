// bun bench/streams.ts [--streams 10000]: the event streams of one compiled replica of the order service: their cost, the
// time until a change reaches its followers, and the number of lost events and leaked subscriptions.
import { orExit, readFlags } from "../tools/command-line.ts";
import { startOwnRedis } from "../tools/databases/own-redis.ts";
import { type Followers, followAll, subscriptions, within } from "./support/followers.ts";
import { startOrderReplica } from "./support/order-replica.ts";
import { cpuMs, residentBytes } from "./support/process-figures.ts";
import { atMost, conclude, quantile, say } from "./support/report.ts";

const { streams: STREAMS } = orExit(() => readFlags(Bun.argv.slice(2), { streams: 10_000 }).flags);
const WARM_UP = Math.min(1_000, STREAMS);
const IDLE_MS = 20_000;
const CHANGES_A_SECOND = 100;
const CHANGING_SECONDS = 20;
const ACTIONS = ["accept", "prepare", "ready"];

const redis = await startOwnRedis();
const replica = await startOrderReplica(redis.url);
/** An order in preparation with an hour to go and a matching estimate (`anOrder` is less than nine minutes away). */
const cooking = () => {
  const readyAt = new Date(Date.now() + 3_600_000);
  return {
    status: "accepted" as const,
    readyAt,
    estimatedDeliveryAt: new Date(readyAt.getTime() + 522_000),
  };
};
const mb = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;

async function leave(followers: Followers, residentBefore: number) {
  followers.close();
  const gone = await within(5_000, async () => (await subscriptions(redis.url)) === 0);
  atMost("subscriptions 5 s after all have closed", gone ? 0 : await subscriptions(redis.url), 0, "");
  await Bun.sleep(10_000);
  const resident = residentBytes(replica.pid);
  atMost("memory after all have closed", resident / residentBefore, 1.2, `times ${mb(residentBefore)}`);
}

async function idlePercent() {
  const before = cpuMs(replica.pid);
  await Bun.sleep(IDLE_MS);
  return ((cpuMs(replica.pid) - before) / IDLE_MS) * 100;
}

async function idleStreams() {
  say(`${STREAMS} streams of ${STREAMS} orders`);
  const orders = await replica.place(Array.from({ length: STREAMS }, cooking));
  // A warm-up, so that one-time memory is not counted.
  (await followAll(replica, orders, WARM_UP)).close();
  await Bun.sleep(5_000);
  const base = await idlePercent();
  const residentBefore = residentBytes(replica.pid);
  const cpuBefore = cpuMs(replica.pid);
  const followers = await followAll(replica, orders, STREAMS);
  say(`        CPU to connect: ${(((cpuMs(replica.pid) - cpuBefore) / STREAMS) * 1_000).toFixed(0)} µs each`);
  atMost("streams refused", STREAMS - followers.open(), 0, "");
  atMost("until all are connected", followers.connectedInMs / 1_000, 5, "s");
  await Bun.sleep(5_000);
  const each = (residentBytes(replica.pid) - residentBefore) / STREAMS / 1024;
  atMost("resident memory of each", each, 15, "KiB");
  const usual = await idlePercent();
  say(`        without streams: ${base.toFixed(2)} % of a core`);
  atMost("idle", usual, 3, "% of a core");
  await leave(followers, residentBefore);
}

/** Each tick makes the next restaurant move of one order. */
async function changing(restartRedis: boolean) {
  const count = Math.ceil(STREAMS / 2);
  const orders = await replica.place(Array.from({ length: Math.ceil(count / 2) }, () => ({})));
  say(`${count} streams of ${orders.length} orders, ${CHANGES_A_SECOND} changes/s`);
  const residentBefore = residentBytes(replica.pid);
  const followers = await followAll(replica, orders, count);
  await Bun.sleep(2_000);
  const startedAt = performance.now();
  const moves: Promise<unknown>[] = [];
  const changes = Math.min(CHANGES_A_SECOND * CHANGING_SECONDS, orders.length * ACTIONS.length);
  let refused = 0;
  const move = async (n: number) => {
    const order = orders[n % orders.length];
    const action = ACTIONS[Math.floor(n / orders.length)];
    if (order && action && !(await replica.move(order, action)).ok) refused++;
  };
  for (let n = 0; n < changes; n++) {
    moves.push(move(n));
    if (restartRedis && n === Math.floor(changes / 2)) moves.push(redis.restartEmpty());
    await Bun.sleep(Math.max(0, startedAt + ((n + 1) * 1_000) / CHANGES_A_SECOND - performance.now()));
  }
  await Promise.all(moves);
  const versions = await replica.versionsOf(orders.map(({ _id }) => _id));
  const versionFor = (index: number) => versions.get(orders[index % orders.length]?._id ?? "") ?? 0;
  await within(15_000, () => followers.ids.every((ids, i) => ids.at(-1) === versionFor(i)));
  const wrong = followers.ids.filter((ids, i) => {
    const expected = Array.from({ length: versionFor(i) }, (_, n) => n + 1);
    return ids.join() !== expected.join();
  });
  const during = restartRedis ? "with Redis restarted empty, " : "";
  say(`        ${during}${changes} changes, ${followers.latenciesMs.length} events, ${refused} refused`);
  atMost("followers with an event lost or repeated", wrong.length, 0, "");
  if (!restartRedis) {
    say(`        change to client, median ${quantile(followers.latenciesMs, 0.5).toFixed(0)} ms`);
    atMost("change to client, p99", quantile(followers.latenciesMs, 0.99), 50, "ms");
  }
  await leave(followers, residentBefore);
}

try {
  await idleStreams();
  await changing(false);
  await changing(true);
} finally {
  await replica.stop();
  await redis.stop();
}
conclude();
