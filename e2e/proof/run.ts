// One seeded run: random load under fault injection, healing, all actors finish, then the invariants are checked.
import { testRedisUrl } from "@food/shared/testing/tools";
import { courierOnDuty, type Eater, newCustomer, openRestaurant, type Rider } from "../actors.ts";
import { openPlatform, type Platform, type PlatformOptions } from "../platform.ts";
import { addExtras, firstPrices, type ProofKitchen } from "./carts.ts";
import { liveAsCourier, liveAsCustomer, liveAsKitchen, readPins } from "./clients.ts";
import { type History, newHistory, type Price } from "./history.ts";
import { PER_ADDRESS, PER_CUSTOMER, violations } from "./invariants.ts";
import { seededRandom } from "./random.ts";
import type { Scene } from "./scene.ts";
import { type Databases, openDatabases, type Snapshot } from "./snapshot.ts";
import { type FaultInjection, injectFaults } from "./trouble.ts";

export interface Size {
  customers: number;
  kitchens: number;
  couriers: number;
  orders: number;
  /** How long faults are injected. */
  seconds: number;
  faultEveryMs: number;
  /** The longest pause between two orders of a customer. */
  paceMs: number;
}

export const SMALL: Size = {
  customers: 6,
  kitchens: 2,
  couriers: 6,
  orders: 60,
  seconds: 4,
  faultEveryMs: 300,
  paceMs: 250,
};
export const LARGE: Size = {
  ...{ customers: 25, kitchens: 8, couriers: 50, orders: 500, seconds: 20, faultEveryMs: 300, paceMs: 250 },
};

/** All orders must have ended by then, counted from the healing. */
const SETTLE_MAX_MS = 30_000;
/** Longer than any lease, back-off or sweep: without a change for this time, the run is stuck. */
const STUCK_MS = 14_000;

export interface Stage {
  platform: Platform;
  databases: Databases;
  customers: Eater[];
  kitchens: ProofKitchen[];
  couriers: Rider[];
  /** The prices of all dishes over all runs. */
  prices: Price[];
  close: () => Promise<void>;
}

export interface Verdict {
  seed: number;
  size: Size;
  violations: string[];
  orders: number;
  calls: History["calls"];
  refusals: History["refusals"];
  sightings: number;
  streamEvents: number;
  faults: Map<string, number>;
  journal: string[];
  /** From the end of the faults to the end of the last order. */
  settledAfterMs: number;
  byStatus: Map<string, number>;
}

const ENVIRONMENT = {
  ACCEPT_WITHIN_SECONDS: "20",
  // Longer than the settling, so that a forgotten waiting order is reported, and not ended by its deadline.
  ASSIGN_WITHIN_SECONDS: "60",
  PICKUP_WITHIN_SECONDS: "10",
  OPEN_ORDERS_PER_CUSTOMER: `${PER_CUSTOMER}`,
  OPEN_ORDERS_PER_ADDRESS: `${PER_ADDRESS}`,
  LOG_LEVEL: "warn",
};

/** Starts a platform with its actors, for any number of runs. */
export async function openStage(size: Size, options: PlatformOptions = {}): Promise<Stage> {
  const platform = await openPlatform({
    replicas: { customer: 2, restaurant: 2, order: 2, delivery: 2 },
    proxied: true,
    ...options,
    environment: { ...ENVIRONMENT, ...options.environment },
  });
  const databases = await openDatabases(platform);
  const many = <T>(count: number, make: () => Promise<T>) => Promise.all(Array.from({ length: count }, make));
  const [kitchens, customers, couriers] = await Promise.all([
    Promise.all(
      Array.from({ length: size.kitchens }, async (_, i) => addExtras(await openRestaurant(platform), i)),
    ),
    many(size.customers, () => newCustomer(platform)),
    many(size.couriers, () => courierOnDuty(platform)),
  ]);
  const close = async () => {
    await databases.close();
    await platform.stop();
  };
  const prices = kitchens.flatMap(firstPrices);
  return { platform, databases, customers, kitchens, couriers, prices, close };
}

const forever = new Promise<void>(() => {});

const isSettled = ({ orders, trips, couriers }: Snapshot) =>
  orders.every(
    ({ outbox, outboxDueAt, awaitingCourier, status }) =>
      outbox.length === 0 && !outboxDueAt && !awaitingCourier && isOver(status),
  ) &&
  trips.every(({ live }) => !live) &&
  couriers.every(({ claim }) => claim === null);
const isOver = (status: string) => ["delivered", "rejected", "cancelled", "delivery_failed"].includes(status);

const fingerprint = ({ orders, trips, couriers }: Snapshot): string =>
  Bun.hash(
    JSON.stringify([
      orders.map(({ version, outbox, outboxDueAt }) => [version, outbox.length, outboxDueAt]),
      trips.flatMap(({ deliveries }) => deliveries.map(({ status }) => status)),
      couriers.map(({ claim }) => claim?.tripId),
    ]),
  ).toString();

/** Plays one seed. All earlier runs on the stage must have ended. */
export async function playSeed(
  stage: Stage,
  seed: number,
  size: Size,
  options: {
    faults?: string[];
    redisUrl?: string;
    settleMaxMs?: number;
    /** Ends the run at the first violation that matches. */
    enough?: RegExp;
    injectFaults?: (platform: Platform) => FaultInjection;
  } = {},
): Promise<Verdict> {
  const { platform, databases, customers, kitchens, couriers } = stage;
  const { redisUrl = testRedisUrl(), settleMaxMs = SETTLE_MAX_MS } = options;
  const random = seededRandom(seed);
  const history = { ...newHistory(), prices: stage.prices, taxes: stage.kitchens.map(({ taxes }) => taxes) };
  const phase = { closing: false, finishing: false, over: false, budget: size.orders };
  const earlier = new Set((await databases.read()).orders.map(({ _id }) => _id));
  const scene: Scene = {
    orderUrl: platform.urls.order,
    history,
    phase,
    earlier,
    paceMs: size.paceMs,
    pins: new Map(),
  };

  const ordering = customers.map((customer, i) =>
    liveAsCustomer(scene, random.fork(`customer ${i}`), customer, kitchens),
  );
  const working = [
    ...kitchens.map((kitchen, i) => liveAsKitchen(scene, random.fork(`kitchen ${i}`), kitchen)),
    ...couriers.map((courier, i) => liveAsCourier(scene, random.fork(`courier ${i}`), courier)),
  ];
  const faultOptions = {
    everyMs: size.faultEveryMs,
    redisUrl,
    ...(options.faults && { only: options.faults }),
  };
  const faults =
    options.injectFaults?.(platform) ?? injectFaults(platform, random.fork("trouble"), faultOptions);
  await Promise.race([Bun.sleep(size.seconds * 1_000), faults.enough ?? forever]);
  phase.closing = true;
  await faults.heal();
  const healedAt = Date.now();
  phase.finishing = true;
  await Promise.all(ordering);
  working.push(...customers.map((customer) => readPins(scene, customer)));

  const read = async () => {
    const snapshot = await databases.read();
    const orders = snapshot.orders.filter(({ _id }) => !earlier.has(_id));
    const ownIds = new Set(orders.map(({ _id }) => _id));
    return {
      ...snapshot,
      orders,
      trips: snapshot.trips.filter(({ deliveries }) => deliveries.some(({ orderId }) => ownIds.has(orderId))),
    };
  };
  let snapshot = await read();
  let changedAt = Date.now();
  const isEnough = () =>
    options.enough && violations(snapshot, history).some((one) => options.enough?.test(one));
  for (let last = ""; !isSettled(snapshot) && !isEnough(); snapshot = await read()) {
    const now = fingerprint(snapshot);
    if (now !== last) changedAt = Date.now();
    if (Date.now() - healedAt > settleMaxMs || Date.now() - changedAt > STUCK_MS) break;
    last = now;
    await Bun.sleep(100);
  }
  const settledAfterMs = Date.now() - healedAt;
  // Without Redis a follower asks every 1.25 s; a regular question, after a message was lost, takes 12 s.
  const haveAllEnded = () => history.followers.every(({ ended }) => ended !== undefined);
  for (const until = Date.now() + 10_000; !isEnough() && !haveAllEnded() && Date.now() < until; )
    await Bun.sleep(20);
  phase.over = true;
  await Promise.all(working);
  for (const { name, deaths } of platform.all)
    if (deaths() > 0) history.complaints.push(`${name} exited unexpectedly ${deaths()} times`);

  const byStatus = new Map<string, number>();
  for (const { status } of snapshot.orders) byStatus.set(status, (byStatus.get(status) ?? 0) + 1);
  return {
    seed,
    size,
    violations: violations(await read(), history),
    orders: snapshot.orders.length,
    calls: history.calls,
    refusals: history.refusals,
    sightings: history.sightings.length,
    streamEvents: history.followers.reduce((sum, { events }) => sum + events.length, 0),
    faults: faults.counts,
    journal: faults.journal,
    settledAfterMs,
    byStatus,
  };
}
