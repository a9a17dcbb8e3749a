// bun bench/dispatch.ts: how fast waiting orders and free couriers come together, over the compiled binaries that
// `bun run build` makes: four processes of the delivery service and two of the order service.

import { raceForOneCourier, raceForOneOrder } from "./support/dispatch-races.ts";
import { databases, openStage, places, type Stage } from "./support/dispatch-stage.ts";
import { atLeast, atMost, conclude, quantile, say } from "./support/report.ts";

const ORDERS = Number(Bun.argv[2] ?? 2_000);
const COURIERS = ORDERS / 10;
const CITY_METERS = 8_000;
/** Slow enough that what is measured is the way and not the queue. */
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

async function until(isSo: () => Promise<boolean>, withinMs: number, everyMs = 100) {
  const end = Date.now() + withinMs;
  while (Date.now() < end) {
    if (await isSo()) return true;
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

/** Orders on two trips at once, couriers on two trips at once, and trips with more orders than fit. */
async function doubles({ trips }: Stage): Promise<number> {
  const all = await trips.find({ courierId: { $exists: true } }).toArray();
  const deliveries = all.flatMap((trip) => trip.deliveries);
  let found = all.filter(({ liveOrderIds, capacity }) => liveOrderIds.length > capacity).length;
  for (const ofOne of Map.groupBy(all, ({ courierId }) => courierId).values()) found += isAtOnce(ofOne);
  for (const ofOne of Map.groupBy(deliveries, ({ orderId }) => orderId).values()) found += isAtOnce(ofOne);
  return found;
}

/** All couriers come on duty; whoever is assigned is given back at once by the restaurant's cancelling, until every
 * order has had a courier. */
async function throughput() {
  say(`${ORDERS} waiting orders, ${COURIERS} couriers, each free again as soon as assigned`);
  const stage = await openStage(REPLICAS);
  const courierIds = await stage.addCouriers(places(COURIERS, CITY_METERS));
  const orders = await stage.addOrders(places(ORDERS, CITY_METERS));
  const known = new Map(orders.map((order) => [order._id, order]));
  await Bun.sleep(3_000);
  const { Redis } = await import("ioredis");
  const news = new Redis(databases.redis.url);
  let lastAt = 0;
  let assigned = 0;
  const rejecting: Promise<void>[] = [];
  const noticed = (orderId: string) => {
    const order = known.get(orderId);
    if (!order) return;
    known.delete(orderId);
    assigned++;
    lastAt = performance.now();
    rejecting.push(stage.cancel(order));
  };
  news.on("pmessage", (_, channel: string, message: string) => {
    if (message.includes('"courier_assigned"')) noticed(channel.slice("live:order:".length));
  });
  await news.psubscribe("live:order:*");
  const cpuBefore = stage.cpu();
  const askedBefore = await stage.questions();
  const begunAt = performance.now();
  await Promise.all(courierIds.map((courierId) => stage.setAvailable(courierId, true)));
  // News may be lost, and is not what is measured.
  const looked = async () => {
    for (const { _id } of await assignedOf(stage)) noticed(_id);
    return known.size === 0;
  };
  await until(looked, 120_000, 1_000);
  await Promise.all(rejecting);
  const spent = Object.entries(stage.cpu()).map(
    ([who, ms]) => [who, (ms - (cpuBefore[who] ?? 0)) / assigned] as const,
  );
  say(`        CPU for each, in ms: ${spent.map(([who, ms]) => `${who} ${ms.toFixed(1)}`).join(", ")}`);
  say(`        questions for each: ${(((await stage.questions()) - askedBefore) / assigned).toFixed(2)}`);
  const load = (await Bun.file("/proc/loadavg").text()).split(" ")[0];
  const whole = spent.reduce((sum, [, ms]) => sum + ms, 0);
  say(`        ${whole.toFixed(1)} in all, on ${navigator.hardwareConcurrency} cores with a load of ${load}`);
  atLeast("assignments", assigned / ((lastAt - begunAt) / 1_000), 200, "a second");
  atMost("orders left without", known.size, 0, "");
  atMost("doubles", await doubles(stage), 0, "");
  news.disconnect();
  await stage.stop();
}

/** One busy courier after the other is set free by the end of their order. */
async function freedToAssigned(what: string, redisUrl: string, barSeconds: number) {
  const stage = await openStage({ ...REPLICAS, redisUrl });
  const courierIds = await stage.addCouriers(places(COURIERS, CITY_METERS));
  await stage.addOrders(places(ORDERS, CITY_METERS));
  await Promise.all(courierIds.map((courierId) => stage.setAvailable(courierId, true)));
  const ready = await until(async () => (await assignedOf(stage)).length === COURIERS, 120_000);
  if (!ready) say(`        only ${(await assignedOf(stage)).length} of ${COURIERS} couriers had an order`);
  await Bun.sleep(2_000);
  const freedAt = new Map<string, number>();
  const rejecting: Promise<void>[] = [];
  for (const { courier, ...order } of await assignedOf(stage)) {
    freedAt.set(courier.courierId, Date.now());
    rejecting.push(stage.cancel(order));
    await Bun.sleep(FREED_EVERY_MS);
  }
  await Promise.all(rejecting);
  await until(async () => (await assignedOf(stage)).length === COURIERS, 30_000);
  const waits: number[] = [];
  const events = await stage.orders.find({ courier: { $exists: true } }).toArray();
  for (const [courierId, at] of freedAt) {
    const times = events
      .filter(({ courier }) => courier?.courierId === courierId)
      .map(({ events }) => events.findLast(({ type }) => type === "courier_assigned")?.at.getTime() ?? 0);
    waits.push(Math.min(...times.filter((time) => time >= at)) - at);
  }
  say(
    `        half of them within ${quantile(waits, 0.5).toFixed(0)} ms, the last after ${Math.max(...waits)} ms`,
  );
  const toFree: number[] = [];
  for (const { courierId, endedAt } of await stage.trips.find({ live: false }).toArray())
    if (courierId && endedAt) toFree.push(endedAt.getTime() - (freedAt.get(courierId) ?? Number.NaN));
  say(`        until the courier is told of the end, half of them: ${quantile(toFree, 0.5).toFixed(0)} ms`);
  atMost(`${what}: order ended to courier's next order, p99`, quantile(waits, 0.99) / 1_000, barSeconds, "s");
  atMost("doubles", await doubles(stage), 0, "");
  await stage.stop();
}

/** Couriers are free in one city, and all orders wait in another. */
async function unsuitable() {
  say(`${ORDERS} orders that no free courier reaches`);
  const stage = await openStage(REPLICAS);
  const far = await stage.addCouriers(places(5, CITY_METERS, 200_000));
  await Promise.all(far.map((courierId) => stage.setAvailable(courierId, true)));
  await stage.addOrders(places(ORDERS, CITY_METERS));
  await Bun.sleep(60_000);
  const before = await stage.questions();
  await Bun.sleep(20_000);
  say(`        asked for ${((await stage.questions()) - before) / 20} times a second after a minute`);
  const [reachable] = await stage.addOrders(places(1, CITY_METERS, 200_000 + 60_000));
  const [near] = await stage.addCouriers(places(1, CITY_METERS, 200_000 + 60_000));
  await Bun.sleep(2_000);
  const at = Date.now();
  await stage.setAvailable(near ?? "", true);
  const assignedAt = async () =>
    (await stage.orders.findOne({ _id: reachable?._id ?? "" }))?.events.at(-1)?.type === "courier_assigned";
  await until(assignedAt, 30_000, 10);
  atMost(
    "the one order among them that a courier can take, once there is one",
    (Date.now() - at) / 1_000,
    1,
    "s",
  );
  await stage.stop();
}

async function races() {
  say("64 at once, with nothing else to do");
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
