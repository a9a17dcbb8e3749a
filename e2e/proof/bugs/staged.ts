// The moments in which planted bugs show, brought about on purpose: a write is held back, lost, or overtaken exactly
// where it matters, so that finding a bug needs neither luck nor a fast machine.
import { openEventStream } from "@food/shared/testing/event-stream";
import { call, eventually } from "@food/shared/testing/tools";
import {
  askAgain,
  courierOnDuty,
  type Eater,
  expectStatus,
  type Kitchen,
  newCustomer,
  openRestaurant,
} from "../../actors.ts";
import { courierOf, haveDinner } from "../../dinner.ts";
import { tapMongo } from "../../mongo-tap.ts";
import { openPausedHolders, openPlaces } from "../../paused-holder.ts";
import type { Platform } from "../../platform.ts";
import { stepOf } from "../crash-points.ts";
import { type History, newHistory } from "../history.ts";
import { violations } from "../invariants.ts";
import { type Databases, openDatabases, type Snapshot } from "../snapshot.ts";
import { listenIn, sendRaw } from "../trouble.ts";

/** Brings something about, and says what is wrong then. */
export type Scene = (platform: Platform) => Promise<string[]>;

/** What the books say of what `play` has done, when it is over. Others may have played on the platform before. */
export const checkedAfter =
  (play: (platform: Platform, history: History, databases: Databases) => Promise<unknown>): Scene =>
  async (platform) => {
    const [history, databases] = [newHistory(), await openDatabases(platform)];
    const idOf = ({ _id }: { _id: string }) => _id;
    try {
      const earlier = await databases.read();
      const known = new Set([...earlier.orders, ...earlier.trips, ...earlier.couriers].map(idOf));
      const isOwn = (one: { _id: string }) => !known.has(idOf(one));
      const read = async (): Promise<Snapshot> => {
        const { orders, trips, couriers, ...rest } = await databases.read();
        return {
          ...rest,
          orders: orders.filter(isOwn),
          trips: trips.filter(isOwn),
          couriers: couriers.filter(isOwn),
        };
      };
      await play(platform, history, { ...databases, read });
      return violations(await read(), history);
    } finally {
      await databases.close();
    }
  };

/** Holds back every write of this kind that an order process makes, until all are let through or lost. */
function holdWrites({ first }: Platform, step: string) {
  const ending = Promise.withResolvers<boolean>();
  let held = 0;
  const untap = tapMongo(first.order.proxies.mongo, {
    command(command) {
      if (stepOf("order", command) !== step) return undefined;
      held++;
      return ending.promise;
    },
  });
  return {
    areHeld: (count: number) => eventually(async () => held >= count),
    letGo: () => ending.resolve(true),
    lose: () => ending.resolve(false),
    untap,
  };
}

/** They are far from those of other scenes. */
export async function people(platform: Platform) {
  const lat = Math.random() * 50;
  const north = (degrees: number) => ({ lat: lat + degrees, lng: 13.405 });
  const [customer, kitchen] = await Promise.all([
    newCustomer(platform, north(0.009)),
    openRestaurant(platform, north(0)),
  ]);
  return { customer, kitchen, courierComes: () => courierOnDuty(platform, north(0.002)) };
}
const isTold = ({ orders }: Snapshot) =>
  orders.every(({ outbox, outboxDueAt }) => outbox.length === 0 && outboxDueAt === undefined);

/** Another scene may have left a service to believe that the next one is away. */
export async function place(customer: Eater, kitchen: Kitchen): Promise<string> {
  const key = crypto.randomUUID();
  return expectStatus(await askAgain(() => customer.order(kitchen, key)), 201).orderId;
}

/** An order is accepted while its cancellation is on the way to the database. */
export const overtakenWrite = checkedAfter(async (platform) => {
  const { customer, kitchen } = await people(platform);
  const orderId = await place(customer, kitchen);
  const writes = holdWrites(platform, "order: orders cancelled by customer");
  const cancelling = customer.send(`POST /v1/orders/${orderId}/cancel`);
  await writes.areHeld(1);
  expectStatus(await kitchen.send(`POST /v1/orders/${orderId}/accept`, { prepMinutes: 5 }), 200);
  writes.letGo();
  await cancelling;
});

async function withoutRedis({ all }: Platform, play: () => Promise<unknown>) {
  const haveAll = (status: string) =>
    eventually(async () => {
      const answers = await Promise.all(all.map(({ url }) => call(url, "GET /health/ready")));
      return answers.every(({ body }) => body.status === status);
    });
  for (const { proxies } of all) proxies.redis?.suffer({ kind: "down" });
  await haveAll("degraded");
  await play();
  for (const { proxies } of all) proxies.redis?.heal();
  await haveAll("ready");
}

/** Two requests with one key come to the database at once. Redis is away, or the lock would keep the two apart. */
export const oneKeyTwice = checkedAfter(async (platform, { placements }) => {
  const { customer, kitchen } = await people(platform);
  const key = crypto.randomUUID();
  await withoutRedis(platform, async () => {
    const inserts = holdWrites(platform, "order: insert orders");
    const placing = [customer.order(kitchen, key), customer.order(kitchen, key)];
    await inserts.areHeld(2);
    inserts.letGo();
    for (const answer of await Promise.all(placing)) {
      const { orderId } = expectStatus(answer, 201);
      const times = { from: 0, until: Infinity };
      placements.push({ customerId: customer.id, key, outcome: "ok", orderId, lines: [], ...times });
    }
  });
});

/** An order is placed, and the database never hears of it. */
export const lostInsert = checkedAfter(async (platform, { placements }) => {
  const { customer, kitchen } = await people(platform);
  const key = crypto.randomUUID();
  const inserts = holdWrites(platform, "order: insert orders");
  const placing = customer.order(kitchen, key);
  await inserts.areHeld(1);
  inserts.lose();
  const { status, body } = await placing;
  inserts.untap();
  const outcome = status < 300 ? "ok" : "unknown";
  const times = { from: 0, until: Infinity };
  placements.push({ customerId: customer.id, key, outcome, orderId: body.orderId, lines: [], ...times });
});

/** The kitchen accepts, the database never hears of it, and the customer cancels. */
export const lostChange = checkedAfter(async (platform, { followers }) => {
  const { customer, kitchen } = await people(platform);
  const orderId = await place(customer, kitchen);
  const stream = await openEventStream(`${platform.urls.order}/v1/orders/${orderId}/events`, {
    authorization: `Bearer ${customer.token}`,
  });
  await eventually(async () => stream.events.length > 0);
  const writes = holdWrites(platform, "order: orders accepted by restaurant");
  writes.lose();
  await kitchen.send(`POST /v1/orders/${orderId}/accept`, { prepMinutes: 5 });
  writes.untap();
  await eventually(async () => (await customer.send(`POST /v1/orders/${orderId}/cancel`)).status === 200);
  await eventually(async () => stream.events.some(({ id }) => id === "2"));
  stream.close();
  const events = stream.events.map(({ event, id, data }) => ({
    ...{ event, connection: 1 },
    ...(id !== undefined && { id: Number(id), status: String(data.status) }),
  }));
  followers.push({ orderId, events });
});

/** The delivery service is told that an order is over, and the first delivery of the outbox entry fails, with all its
 * requests: the client repeats one by itself. */
export const lostNews = checkedAfter(async (platform, _, databases) => {
  const { customer, kitchen: restaurant, courierComes } = await people(platform);
  const courier = await courierComes();
  const orderId = await place(customer, restaurant);
  await courierOf({ customer, restaurant, couriers: [courier] }, orderId);
  await eventually(async () => isTold(await databases.read()));
  const news = listenIn(platform.balancers.delivery);
  news.lost++;
  expectStatus(await restaurant.send(`POST /v1/orders/${orderId}/reject`, { reason: "too_busy" }), 200);
  await eventually(async () => {
    const snapshot = await databases.read();
    return isTold(snapshot) || snapshot.orders.some(({ outboxFailures = 0 }) => outboxFailures > 0);
  });
  news.lost--;
  await eventually(async () => isTold(await databases.read()));
});

/** Everything that the delivery service has been told of an order that is over is said again, the oldest last. */
export const repeatedNews = checkedAfter(async (platform, _, databases) => {
  const { delivery } = platform.balancers;
  const { said } = listenIn(delivery);
  const { customer, kitchen: restaurant, courierComes } = await people(platform);
  const courier = await courierComes();
  await haveDinner({ customer, restaurant, couriers: [courier] });
  await eventually(async () => (await databases.read()).trips.every(({ live }) => !live));
  for (const request of said.toReversed()) await sendRaw(delivery.port, request);
});

/** Before anybody has done anything: an index that is not there is seen, and need not be missed first. */
export const emptyBooks = checkedAfter(async () => undefined);

/** A process stops between its lock and its write for longer than the lock lives. */
export const pausedHolders: Scene = async (platform) => {
  const holders = await openPausedHolders(platform);
  try {
    const [holder, other] = platform.replicas.delivery;
    if (!holder || !other) throw new Error("There are no two delivery processes");
    const places = await openPlaces(platform, 10);
    const { doubles } = await holders.pauseHolder({ holder, other, places, step: "claim" });
    return doubles.map((who) => `${who} is on two at once`);
  } finally {
    await holders.close();
  }
};
