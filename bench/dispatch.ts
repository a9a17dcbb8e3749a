// bun bench/dispatch.ts: throughput and latency of assignments on the binaries of `bun run build`, with four processes of the
// delivery service and two of the order service.

import { raceForOneCourier, raceForOneOrder } from "./support/dispatch-races.ts";
import { databases, openStage, places, type Stage } from "./support/dispatch-stage.ts";
import { atLeast, atMost, conclude, quantile, say } from "./support/report.ts";

const ORDERS = Number(Bun.argv[2] ?? 2_000);
const COURIERS = ORDERS / 10;
const CITY_METERS = 8_000;
/** Slow enough to measure the latency of an assignment, not a queue. */
const FREED_EVERY_MS = 250;
const REPLICAS = { order: 2, delivery: 4 };
const NO_REDIS = "redis://127.0.0.1:1";

const assignedOf = (stage: Stage) =>
  stage.orders
    .find({ courier: { $exists: true }, status: "ready" })
    .project<{ _id: string; restaurantId: string; courier: { courierId: string } }>({
      restaurantId: 1,
      courier: 1,
    })
    .toArray();

async function until(holds: () => Promise<boolean>, withinMs: number, everyMs = 100) {
  const end = Date.now() + withinMs;
  while (Date.now() < end) {
    if (await holds()) return true;
    await Bun.sleep(everyMs);
  }
  return false;
}

const isAtOnce = (inTurn: { assignedAt: Date; endedAt?: Date }[]) =>
  inTurn
    .toSorted((a, b) => a.assignedAt.getTime() - b.assignedAt.getTime())
    .filter((next, i, all) => {
      const before = all[i - 1];
      return before && (before.endedAt?.getTime() ?? Infinity) > next.assignedAt.getTime();
    }).length;

/** The number of orders and couriers on two trips at once, and of trips beyond their capacity. */
async function doubles({ trips }: Stage): Promise<number> {
  const all = await trips.find({ courierId: { $exists: true } }).toArray();
  const deliveries = all.flatMap((trip) => trip.deliveries);
  let found = all.filter(({ liveOrderIds, capacity }) => liveOrderIds.length > capacity).length;
  for (const ofOne of Map.groupBy(all, ({ courierId }) => courierId).values()) found += isAtOnce(ofOne);
  for (const ofOne of Map.groupBy(deliveries, ({ orderId }) => orderId).values()) found += isAtOnce(ofOne);
  return found;
}

/** All couriers come on duty. Each assigned order is cancelled at once, which frees its courier, until every order has had a
 * courier. */
async function throughput() {
  say(`${ORDERS} waiting orders, ${COURIERS} couriers, each free again as soon as assigned`);
  const stage = await openStage(REPLICAS);
  const courierIds = await stage.addCouriers(places(COURIERS, CITY_METERS));
  const orders = await stage.addOrders(places(ORDERS, CITY_METERS));
  const known = new Map(orders.map((order) => [order._id, order]));
  await Bun.sleep(3_000);
  const { Redis } = await import("ioredis");
  const subscriber = new Redis(databases.redis.url);
  let lastAt = 0;
  let assigned = 0;
  const cancelling: Promise<void>[] = [];
  const recordAssigned = (orderId: string) => {
    const order = known.get(orderId);
    if (!order) return;
    known.delete(orderId);
    assigned++;
    lastAt = performance.now();
    cancelling.push(stage.cancel(order));
  };
  subscriber.on("pmessage", (_, channel: string, message: string) => {
    if (message.includes('"courier_assigned"')) recordAssigned(channel.slice("live:order:".length));
  });
  await subscriber.psubscribe("live:order:*");
  const cpuBefore = stage.cpu();
  const requestsBefore = await stage.requests();
  const startedAt = performance.now();
  await Promise.all(courierIds.map((courierId) => stage.setAvailable(courierId, true)));
  // Finds assignments whose message was lost.
  const isDone = async () => {
    for (const { _id } of await assignedOf(stage)) recordAssigned(_id);
    return known.size === 0;
  };
  await until(isDone, 120_000, 1_000);
  await Promise.all(cancelling);
  const spent = Object.entries(stage.cpu()).map(
    ([name, ms]) => [name, (ms - (cpuBefore[name] ?? 0)) / assigned] as const,
  );
  say(`        CPU for each, in ms: ${spent.map(([name, ms]) => `${name} ${ms.toFixed(1)}`).join(", ")}`);
  say(`        requests for each: ${(((await stage.requests()) - requestsBefore) / assigned).toFixed(2)}`);
  const load = (await Bun.file("/proc/loadavg").text()).split(" ")[0];
  const whole = spent.reduce((sum, [, ms]) => sum + ms, 0);
  say(
    `        ${whole.toFixed(1)} in total, on ${navigator.hardwareConcurrency} cores with a load of ${load}`,
  );
  atLeast("assignments", assigned / ((lastAt - startedAt) / 1_000), 200, "a second");
  atMost("orders without a courier", known.size, 0, "");
  atMost("double assignments", await doubles(stage), 0, "");
  subscriber.disconnect();
  await stage.stop();
}

/** Frees one busy courier after the other by ending the order, and measures the time to the next assignment. */
async function freedToAssigned(what: string, redisUrl: string, barSeconds: number) {
  const stage = await openStage({ ...REPLICAS, redisUrl });
  const courierIds = await stage.addCouriers(places(COURIERS, CITY_METERS));
  await stage.addOrders(places(ORDERS, CITY_METERS));
  await Promise.all(courierIds.map((courierId) => stage.setAvailable(courierId, true)));
  const ready = await until(async () => (await assignedOf(stage)).length === COURIERS, 120_000);
  if (!ready) say(`        only ${(await assignedOf(stage)).length} of ${COURIERS} couriers had an order`);
  await Bun.sleep(2_000);
  const freedAt = new Map<string, number>();
  const cancelling: Promise<void>[] = [];
  for (const { courier, ...order } of await assignedOf(stage)) {
    freedAt.set(courier.courierId, Date.now());
    cancelling.push(stage.cancel(order));
    await Bun.sleep(FREED_EVERY_MS);
  }
  await Promise.all(cancelling);
  await until(async () => (await assignedOf(stage)).length === COURIERS, 30_000);
  const waits: number[] = [];
  const events = await stage.orders.find({ courier: { $exists: true } }).toArray();
  for (const [courierId, at] of freedAt) {
    const times = events
      .filter(({ courier }) => courier?.courierId === courierId)
      .map(({ events }) => events.findLast(({ type }) => type === "courier_assigned")?.at.getTime() ?? 0);
    waits.push(Math.min(...times.filter((time) => time >= at)) - at);
  }
  say(`        p50 ${quantile(waits, 0.5).toFixed(0)} ms, longest ${Math.max(...waits)} ms`);
  const toFree: number[] = [];
  for (const { courierId, endedAt } of await stage.trips.find({ live: false }).toArray())
    if (courierId && endedAt) toFree.push(endedAt.getTime() - (freedAt.get(courierId) ?? Number.NaN));
  say(`        order ended to courier free, p50: ${quantile(toFree, 0.5).toFixed(0)} ms`);
  atMost(`${what}: order ended to courier's next order, p99`, quantile(waits, 0.99) / 1_000, barSeconds, "s");
  atMost("double assignments", await doubles(stage), 0, "");
  await stage.stop();
}

/** Couriers are free in one city, all orders wait in another. */
async function unsuitable() {
  say(`${ORDERS} orders that no free courier reaches`);
  const stage = await openStage(REPLICAS);
  const far = await stage.addCouriers(places(5, CITY_METERS, 200_000));
  await Promise.all(far.map((courierId) => stage.setAvailable(courierId, true)));
  await stage.addOrders(places(ORDERS, CITY_METERS));
  await Bun.sleep(60_000);
  const before = await stage.requests();
  await Bun.sleep(20_000);
  say(`        ${((await stage.requests()) - before) / 20} requests a second after a minute`);
  const [reachable] = await stage.addOrders(places(1, CITY_METERS, 200_000 + 60_000));
  const [near] = await stage.addCouriers(places(1, CITY_METERS, 200_000 + 60_000));
  await Bun.sleep(2_000);
  const at = Date.now();
  await stage.setAvailable(near ?? "", true);
  const assignedAt = async () =>
    (await stage.orders.findOne({ _id: reachable?._id ?? "" }))?.events.at(-1)?.type === "courier_assigned";
  await until(assignedAt, 30_000, 10);
  atMost("courier on duty to assignment of the one order within reach", (Date.now() - at) / 1_000, 1, "s");
  await stage.stop();
}

async function races() {
  say("64 concurrent calls on an idle platform");
  const stage = await openStage(REPLICAS);
  await raceForOneOrder(stage);
  await raceForOneCourier(stage);
  await stage.stop();
}

const parts: Record<string, () => Promise<void>> = {
  throughput,
  "with-redis": () => freedToAssigned("with Redis", databases.redis.url, 1.5),
  "without-redis": () => freedToAssigned("without Redis", NO_REDIS, 5),
  unsuitable,
  races,
};
say(`MongoDB: ${databases.mongo.detail}; Redis: ${databases.redis.detail}`);
for (const part of Bun.argv[3] ? Bun.argv[3].split(",") : Object.keys(parts)) await parts[part]?.();
await databases.stop();
conclude();
