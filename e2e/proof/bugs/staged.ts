// Scenes that always show a planted bug. Each delays, drops or reorders a write or message at the critical moment, so that
// the result depends neither on chance nor on the speed of the machine.
import { openEventStream } from "@food/shared/testing/event-stream";
import { call, eventually } from "@food/shared/testing/tools";
import {
  courierOnDuty,
  type Eater,
  expectStatus,
  type Kitchen,
  newCustomer,
  openRestaurant,
  retryOn503,
} from "../../actors.ts";
import { courierOf, playOrder } from "../../dinner.ts";
import { tapMongo } from "../../mongo-tap.ts";
import { openPausedHolders, openPlaces } from "../../paused-holder.ts";
import type { Platform } from "../../platform.ts";
import { stepOf } from "../crash-points.ts";
import { type History, newHistory } from "../history.ts";
import { violations } from "../invariants.ts";
import { type Databases, openDatabases, type Snapshot } from "../snapshot.ts";
import { recordMessages, sendRaw } from "../trouble.ts";

/** Plays on the platform and returns the violations. */
export type Scene = (platform: Platform) => Promise<string[]>;

/** Runs `play`, then checks the documents that it has created. Documents of earlier scenes are left out. */
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

/** Delays every write of this kind by the first order process, until all are released or dropped. */
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
    release: () => ending.resolve(true),
    lose: () => ending.resolve(false),
    untap,
  };
}

let scenes = 0;
const PLACES = { count: 100, degreesApart: 0.5 };

/** New actors, some 55 km from those of other scenes: couriers and waiting orders of those take no part. */
export async function newActors(platform: Platform) {
  const lat = (scenes++ % PLACES.count) * PLACES.degreesApart;
  const north = (degrees: number) => ({ lat: lat + degrees, lng: 13.405 });
  const [customer, kitchen] = await Promise.all([
    newCustomer(platform, north(0.009)),
    openRestaurant(platform, north(0)),
  ]);
  return { customer, kitchen, courierComes: () => courierOnDuty(platform, north(0.002)) };
}
const isOutboxEmpty = ({ orders }: Snapshot) =>
  orders.every(({ outbox, outboxDueAt }) => outbox.length === 0 && outboxDueAt === undefined);

/** Retries a 503: a circuit breaker may still be open from an earlier scene. */
export async function place(customer: Eater, kitchen: Kitchen): Promise<string> {
  const key = crypto.randomUUID();
  return expectStatus(await retryOn503(() => customer.order(kitchen, key)), 201).orderId;
}

/** An order is accepted while the write of its cancellation is delayed. */
export const overtakenWrite = checkedAfter(async (platform) => {
  const { customer, kitchen } = await newActors(platform);
  const orderId = await place(customer, kitchen);
  const writes = holdWrites(platform, "order: orders cancelled by customer");
  const cancelling = customer.send(`POST /v1/orders/${orderId}/cancel`);
  await writes.areHeld(1);
  expectStatus(await kitchen.send(`POST /v1/orders/${orderId}/accept`, { prepMinutes: 5 }), 200);
  writes.release();
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

/** Two requests with one key insert at the same time. Redis is down, because the lock would serialise them. */
export const oneKeyTwice = checkedAfter(async (platform, { placements }) => {
  const { customer, kitchen } = await newActors(platform);
  const key = crypto.randomUUID();
  await withoutRedis(platform, async () => {
    const inserts = holdWrites(platform, "order: insert orders");
    const placing = [customer.order(kitchen, key), customer.order(kitchen, key)];
    await inserts.areHeld(2);
    inserts.release();
    for (const answer of await Promise.all(placing)) {
      const { orderId } = expectStatus(answer, 201);
      const times = { from: 0, until: Infinity };
      placements.push({ customerId: customer.id, key, outcome: "ok", orderId, lines: [], ...times });
    }
  });
});

/** An order is placed, and its insert is dropped. */
export const lostInsert = checkedAfter(async (platform, { placements }) => {
  const { customer, kitchen } = await newActors(platform);
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

/** The restaurant accepts, the write is dropped, and the customer cancels. */
export const lostChange = checkedAfter(async (platform, { followers }) => {
  const { customer, kitchen } = await newActors(platform);
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

/** An order ends, and the first attempt to deliver its outbox entry fails. All its requests are dropped, because the client
 * retries by itself. */
export const lostMessages = checkedAfter(async (platform, _, databases) => {
  const { customer, kitchen: restaurant, courierComes } = await newActors(platform);
  const courier = await courierComes();
  const orderId = await place(customer, restaurant);
  await courierOf({ customer, restaurant, couriers: [courier] }, orderId);
  await eventually(async () => isOutboxEmpty(await databases.read()));
  const messages = recordMessages(platform.balancers.delivery);
  messages.dropping++;
  expectStatus(await restaurant.send(`POST /v1/orders/${orderId}/reject`, { reason: "too_busy" }), 200);
  await eventually(async () => {
    const snapshot = await databases.read();
    return isOutboxEmpty(snapshot) || snapshot.orders.some(({ outboxFailures = 0 }) => outboxFailures > 0);
  });
  messages.dropping--;
  await eventually(async () => isOutboxEmpty(await databases.read()));
});

/** All messages about an ended order are sent again to the delivery service, oldest last. */
export const repeatedMessages = checkedAfter(async (platform, _, databases) => {
  const { delivery } = platform.balancers;
  const { sent } = recordMessages(delivery);
  const { customer, kitchen: restaurant, courierComes } = await newActors(platform);
  const courier = await courierComes();
  await playOrder({ customer, restaurant, couriers: [courier] });
  await eventually(async () => (await databases.read()).trips.every(({ live }) => !live));
  for (const request of sent.toReversed()) await sendRaw(delivery.port, request);
});

/** Checks empty databases: a missing index is reported without any request. */
export const emptyDatabases = checkedAfter(async () => undefined);

/** A process pauses between lock and write for longer than the lock lives. */
export const pausedHolders: Scene = async (platform) => {
  const holders = await openPausedHolders(platform);
  try {
    const [holder, other] = platform.replicas.delivery;
    if (!holder || !other) throw new Error("There are no two delivery processes");
    const places = await openPlaces(platform, 10);
    const { doubles } = await holders.pauseHolder({ holder, other, places, step: "claim" });
    return doubles.map((id) => `${id} is on two at once`);
  } finally {
    await holders.close();
  }
};
