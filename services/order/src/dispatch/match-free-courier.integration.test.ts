import { beforeAll, expect, spyOn, test } from "bun:test";
import type { FreeCourier } from "@food/shared/contracts/delivery";
import { COURIER_FREE_CHANNEL } from "@food/shared/contracts/live";
import { BUSY, type Locks } from "@food/shared/storage/lock";
import type { Redis } from "@food/shared/storage/redis";
import {
  cleanUp,
  connectTestRedis,
  describeWithDatabases,
  eventually,
  freshMongoUrl,
  NO_REDIS,
} from "@food/shared/testing/service";
import { toPoint } from "@food/shared/values/geo";
import { newId } from "@food/shared/values/id";
import { Collection } from "mongodb";
import { aCourier, assignedTo, startOrderService } from "../order-service.builder.ts";
import { aFreeCourier, anOrder } from "../orders/order.builder.ts";
import type { OrderDocument } from "../orders/order.ts";

let redis: Redis;
async function connect() {
  redis = await connectTestRedis();
  cleanUp(() => redis.disconnect());
}
const publish = (courier: FreeCourier) => redis.publish(COURIER_FREE_CHANNEL, JSON.stringify(courier));

function inMemoryLocks(): Locks {
  const held = new Set<string>();
  return {
    async withLock(key, _ttlMs, run) {
      if (held.has(key)) return BUSY;
      held.add(key);
      return run().finally(() => held.delete(key));
    },
  };
}

describeWithDatabases("a courier who becomes free", () => {
  beforeAll(connect);
  const FAR = { lat: 48.137, lng: 11.575 };
  /** Nothing moves but by the news, unless told otherwise. Those of other tests hear it too, and must not be in the way. */
  async function aServiceWhereNobodyIsFree(overrides: Parameters<typeof startOrderService>[0] = {}) {
    const service = await startOrderService({
      DISPATCH_EVERY_MS: 1_000_000,
      locks: inMemoryLocks(),
      ...overrides,
    });
    const orders = service.base.mongo.db.collection<OrderDocument>("orders");
    const asked: string[] = [];
    let courier = aFreeCourier();
    let free = 0;
    service.answers.assign = (deliveryId) => {
      asked.push(deliveryId);
      return free-- > 0 ? assignedTo(deliveryId, aCourier(courier.courierId)) : { outcome: "none_suitable" };
    };
    return {
      service,
      orders,
      asked,
      stored: (order: OrderDocument) => orders.findOne({ _id: order._id }),
      /** The answer comes after the news that was published before. */
      hasHeard: () => service.base.subscriber.ping(),
      async becomesFree(overrides: Partial<FreeCourier> = {}) {
        courier = aFreeCourier(overrides);
        free = 1;
        asked.length = 0;
        await publish(courier);
      },
    };
  }
  /** Orders that have been asked for in vain, and are not due for a long time. */
  const backedOff = (count: number, overrides: Partial<OrderDocument> = {}) =>
    Array.from({ length: count }, (_, i) =>
      anOrder({
        placedAt: new Date(Date.now() - 60_000 + i),
        dispatchDueAt: new Date(Date.now() + 3_600_000),
        dispatchTries: 9,
        ...overrides,
      }),
    );

  test("is offered the oldest order within reach at once, however long its pause, and nobody else is asked", async () => {
    const { orders, asked, stored, becomesFree } = await aServiceWhereNobodyIsFree();
    const elsewhere = backedOff(20, { pickupPoint: toPoint(FAR) });
    const [older, newer] = backedOff(2) as [OrderDocument, OrderDocument];
    await orders.insertMany([newer, ...elsewhere, older]);
    await becomesFree();
    await eventually(async () => (await stored(older))?.courier);
    expect(asked).toEqual([older.deliveryId]);
    expect(await stored(newer)).toMatchObject({ awaitingCourier: true, dispatchDueAt: newer.dispatchDueAt });
  });

  test("is not offered an order that they have declined, but the next one", async () => {
    const { orders, asked, stored, becomesFree } = await aServiceWhereNobodyIsFree();
    const courierId = newId("crr");
    const [declined, next] = backedOff(2) as [OrderDocument, OrderDocument];
    const actor = { role: "courier", id: courierId } as const;
    declined.events.push({
      ...{ sequence: 2, type: "courier_released", from: "pending", to: "pending" },
      ...{ actor, at: new Date() },
    });
    await orders.insertMany([declined, next]);
    await becomesFree({ courierId });
    await eventually(async () => (await stored(next))?.courier);
    expect(asked).toEqual([next.deliveryId]);
  });

  test("leaves an order alone that somebody is at, and takes it up when that lease is over", async () => {
    const { orders, asked, stored, becomesFree } = await aServiceWhereNobodyIsFree();
    const [leased, newer] = backedOff(2) as [OrderDocument, OrderDocument];
    leased.leasedUntil = new Date(Date.now() + 3_600_000);
    await orders.insertMany([leased, newer]);
    await becomesFree();
    await eventually(async () => (await stored(newer))?.courier);
    expect(asked).toEqual([newer.deliveryId]);
    await orders.updateOne({ _id: leased._id }, { $set: { leasedUntil: new Date() } });
    await becomesFree();
    await eventually(async () => (await stored(leased))?.courier);
  });

  test("has the other orders within reach left as they were, once it turns out that nobody may take them", async () => {
    const { orders, asked, stored, becomesFree, service } = await aServiceWhereNobodyIsFree();
    const waiting = backedOff(8);
    await orders.insertMany(waiting);
    service.answers.assign = (deliveryId) => {
      asked.push(deliveryId);
      return { outcome: "none_suitable" };
    };
    await becomesFree();
    await eventually(async () => asked.length === 5);
    await eventually(async () => (await orders.countDocuments({ leasedUntil: { $exists: true } })) === 0);
    expect(asked).toEqual(waiting.slice(0, 5).map(({ deliveryId }) => deliveryId));
    for (const order of waiting) expect(await stored(order)).toEqual(order);
  });

  test("is offered soon after an order that was just being asked for in vain", async () => {
    const { orders, stored, becomesFree } = await aServiceWhereNobodyIsFree();
    const [leased] = backedOff(1, { leasedUntil: new Date(Date.now() + 150) }) as [OrderDocument];
    await orders.insertOne(leased);
    await becomesFree();
    await eventually(async () => (await stored(leased))?.courier);
  });

  test("and is heard of again while an order is being looked for has another afterwards", async () => {
    const { orders, asked, service, hasHeard } = await aServiceWhereNobodyIsFree();
    const courier = aFreeCourier();
    const gate = Promise.withResolvers<void>();
    service.answers.assign = async (deliveryId) => {
      asked.push(deliveryId);
      if (asked.length > 1) return assignedTo(deliveryId, aCourier(courier.courierId));
      await gate.promise;
      return { outcome: "none_free" };
    };
    await orders.insertMany(backedOff(1));
    await publish(courier);
    await eventually(async () => asked.length === 1);
    await publish(courier);
    await hasHeard();
    expect(asked).toHaveLength(1);
    gate.resolve();
    await eventually(async () => (await orders.countDocuments({ awaitingCourier: false })) === 1);
  });

  test("and is heard of twice before an order is found is not offered another one", async () => {
    const { orders, asked, service, hasHeard } = await aServiceWhereNobodyIsFree();
    const [courier, next] = [aFreeCourier(), aFreeCourier()];
    const gate = Promise.withResolvers<void>();
    service.answers.assign = async (deliveryId) => {
      asked.push(deliveryId);
      const { courierId } = asked.length === 1 ? courier : next;
      await gate.promise;
      return assignedTo(deliveryId, aCourier(courierId));
    };
    await orders.insertMany(backedOff(4));
    for (let i = 0; i < 3; i++) {
      await publish(courier);
      await eventually(async () => asked.length > 0);
    }
    await hasHeard();
    gate.resolve();
    const assigned = (count: number) => async () =>
      (await orders.countDocuments({ awaitingCourier: false })) === count;
    await eventually(assigned(1));
    await publish(next);
    await eventually(assigned(2));
    await service.stopWorkers();
    expect(asked).toHaveLength(2);
  });

  test("is asked for when the news may have been missed, because Redis was away", async () => {
    const { orders, service, stored } = await aServiceWhereNobodyIsFree();
    const courier = aFreeCourier();
    service.answers.assign = (deliveryId) => assignedTo(deliveryId, aCourier(courier.courierId));
    service.answers.free = () => [courier];
    const [order] = backedOff(1) as [OrderDocument];
    await orders.insertOne(order);
    service.base.subscriber.disconnect(true);
    await eventually(async () => (await stored(order))?.courier);
  });

  test("is heard of from the delivery service when there is no Redis", async () => {
    const { orders, service, stored } = await aServiceWhereNobodyIsFree({
      redisUrl: NO_REDIS,
      DISPATCH_EVERY_MS: 200,
    });
    const courier = aFreeCourier();
    const [older, newer] = backedOff(2) as [OrderDocument, OrderDocument];
    service.answers.assign = (deliveryId) => assignedTo(deliveryId, aCourier(courier.courierId));
    service.answers.free = () => [courier];
    await orders.insertMany([newer, older]);
    await eventually(async () => (await stored(older))?.courier);
    await eventually(async () => (await stored(newer))?.courier);
  });

  test("is not asked about while no order waits", async () => {
    const looking = spyOn(Collection.prototype, "findOne");
    const { service } = await aServiceWhereNobodyIsFree({ DISPATCH_EVERY_MS: 20 });
    const looks = () => looking.mock.calls.filter(([filter]) => filter && "awaitingCourier" in filter).length;
    await eventually(async () => looks() > 5);
    looking.mockRestore();
    expect(service.delivery.seen).toEqual([]);
  });

  test("may be spoken of in words that make no sense, without harm", async () => {
    const { orders, stored, becomesFree } = await aServiceWhereNobodyIsFree();
    const [order] = backedOff(1) as [OrderDocument];
    await orders.insertOne(order);
    for (const words of [
      "",
      "1",
      "null",
      "{}",
      '{"courierId":"x","location":{"lat":1e9,"lng":0},"reachMeters":1}',
    ])
      await redis.publish(COURIER_FREE_CHANNEL, words);
    await becomesFree();
    await eventually(async () => (await stored(order))?.courier);
  });
});

describeWithDatabases("two dispatchers that hear of one free courier", () => {
  beforeAll(connect);

  test("do not both look for an order: while one is at it, the other leaves it alone", async () => {
    const mongoUrl = freshMongoUrl();
    const gate = Promise.withResolvers<void>();
    const courier = aFreeCourier();
    let asked = 0;
    const locks = inMemoryLocks();
    const locking = spyOn(locks, "withLock");
    const start = async () => {
      const service = await startOrderService({ mongoUrl, locks, DISPATCH_EVERY_MS: 1_000_000 });
      service.answers.assign = async (deliveryId) => {
        asked++;
        await gate.promise;
        return assignedTo(deliveryId, aCourier(courier.courierId));
      };
      return service;
    };
    const [service] = await Promise.all([start(), start()]);
    const { db } = service.base.mongo;
    const orders = db.collection<OrderDocument>("orders");
    const later = { dispatchDueAt: new Date(Date.now() + 3_600_000) };
    await orders.insertMany(Array.from({ length: 6 }, () => anOrder(later)));
    await publish(courier);
    await eventually(async () => asked > 0 && locking.mock.calls.length === 2);
    expect(asked).toBe(1);
    gate.resolve();
    await eventually(async () => (await orders.countDocuments({ awaitingCourier: false })) > 0);
  });
});
