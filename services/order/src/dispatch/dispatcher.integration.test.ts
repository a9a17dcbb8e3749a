import { beforeAll, expect, test } from "bun:test";
import type { AssignOutcome } from "@food/shared/contracts/delivery";
import { describeWithDatabases, eventually, freshMongoUrl, NO_REDIS } from "@food/shared/testing/service";
import { aCourier, assignedTo, type OrderService, startOrderService } from "../order-service.builder.ts";
import { anOrder } from "../orders/order.builder.ts";
import type { OrderDocument } from "../orders/order.ts";

describeWithDatabases("the dispatcher", () => {
  let service: OrderService;
  beforeAll(async () => {
    service = await startOrderService({ DISPATCH_EVERY_MS: 200 });
  });
  const stored = async (orderId: string) =>
    service.base.mongo.db.collection<OrderDocument>("orders").findOne({ _id: orderId });

  test("finds a courier for an order as soon as it is placed", async () => {
    service.answers.assign = (deliveryId) => assignedTo(deliveryId);
    const { body } = await service.place();
    const order = await eventually(async () => {
      const current = await stored(body.orderId);
      return current?.courier && current;
    });
    expect(order).toMatchObject({ awaitingCourier: false, status: "pending", version: 2 });
    expect(order.events.at(-1)).toMatchObject({ type: "courier_assigned", actor: { role: "system" } });
  });

  test("tells the delivery where its order stands, unless it knows", async () => {
    const gate = Promise.withResolvers<void>();
    let asked = 0;
    service.answers.assign = async (deliveryId) => {
      asked++;
      await gate.promise;
      return Object.assign(assignedTo(deliveryId), { orderVersion: 1 });
    };
    const [known, unknown] = [await service.place(), await service.place()];
    await eventually(async () => asked === 2);
    const moved = { actorId: unknown.body.restaurantId, prepMinutes: 5 };
    await service.move(unknown.body.orderId, "accept", service.restaurant, moved);
    gate.resolve();
    for (const { body } of [known, unknown])
      await eventually(async () => (await stored(body.orderId))?.courier);
    const toldOf = (orderId: string) =>
      service.told.filter(({ progress }) => progress.orderId === orderId).map(({ progress }) => progress);
    const [progress] = await eventually(
      async () => toldOf(unknown.body.orderId).length > 0 && toldOf(unknown.body.orderId),
    );
    const { version, readyAt } = (await stored(unknown.body.orderId)) ?? {};
    expect(progress).toMatchObject({
      status: "assigned",
      orderVersion: version,
      readyAt: readyAt?.toISOString(),
    });
    expect(await stored(known.body.orderId)).toMatchObject({ version: 2, outbox: [] });
    expect(toldOf(known.body.orderId)).toEqual([]);
  });

  test("begins each round with the oldest order, and goes on until a courier is free", async () => {
    let asked: string[] = [];
    service.answers.assign = (deliveryId) => {
      asked.push(deliveryId);
      return { outcome: "none_free" };
    };
    const [older, newer] = [await service.place(), await service.place()];
    const olderId = (await stored(older.body.orderId))?.deliveryId ?? "";
    await eventually(async () => asked.length > 3);
    asked = [];
    await eventually(async () => asked.length > 3);
    expect(new Set(asked)).toEqual(new Set([olderId]));
    service.answers.assign = (deliveryId) => assignedTo(deliveryId);
    for (const { body } of [older, newer])
      await eventually(async () => (await stored(body.orderId))?.courier);
  });

  test("goes on with the next order when nobody suits the first", async () => {
    const unlucky = new Set<string>();
    service.answers.assign = () => ({ outcome: "none_free" });
    const first = await service.place();
    const second = await service.place();
    unlucky.add((await stored(first.body.orderId))?.deliveryId ?? "");
    service.answers.assign = (deliveryId): AssignOutcome =>
      unlucky.has(deliveryId) ? { outcome: "none_suitable" } : assignedTo(deliveryId);
    await eventually(async () => (await stored(second.body.orderId))?.courier);
    expect((await stored(first.body.orderId))?.courier).toBeUndefined();
    service.answers.assign = (deliveryId) => assignedTo(deliveryId);
    await eventually(async () => (await stored(first.body.orderId))?.courier);
  });

  test("begins another round when the delivery is over already", async () => {
    const closed = new Set<string>();
    service.answers.assign = (deliveryId) => {
      if (closed.size > 0 && !closed.has(deliveryId)) return assignedTo(deliveryId);
      closed.add(deliveryId);
      return { outcome: "closed" };
    };
    const { body } = await service.place();
    await eventually(async () => (await stored(body.orderId))?.courier);
    expect((await stored(body.orderId))?.round).toBe(2);
  });

  test("leaves the order waiting while the delivery service is down", async () => {
    service.answers.assign = () => new Response("down", { status: 500 });
    const { body, status } = await service.place();
    expect(status).toBe(201);
    await eventually(async () => (await stored(body.orderId))?.awaitingCourier);
    service.answers.assign = (deliveryId) => assignedTo(deliveryId);
    await eventually(async () => (await stored(body.orderId))?.courier, 8_000);
  });

  test("gives up a courier who comes when the order has been cancelled meanwhile", async () => {
    service.answers.assign = () => ({ outcome: "none_free" });
    const { body } = await service.place();
    const order = await stored(body.orderId);
    await service.move(body.orderId, "cancel", service.customer, { actorId: body.customerId });
    const told = await eventually(async () =>
      service.told.find(({ deliveryId }) => deliveryId === order?.deliveryId),
    );
    expect(told.progress.status).toBe("released");
    expect(await stored(body.orderId)).toMatchObject({ status: "cancelled", awaitingCourier: false });
  });
});

describeWithDatabases("a dispatcher with many orders that suit nobody", () => {
  test("still asks for the order behind them, and soon again for those in front", async () => {
    const service = await startOrderService({ DISPATCH_EVERY_MS: 1_000_000 });
    const orders = service.base.mongo.db.collection<OrderDocument>("orders");
    const unlucky = Array.from({ length: 105 }, (_, i) =>
      anOrder({ placedAt: new Date(Date.now() - 60_000 + i) }),
    );
    const hopeless = new Set(unlucky.map(({ deliveryId }) => deliveryId));
    service.answers.assign = (deliveryId) =>
      hopeless.has(deliveryId) ? { outcome: "none_suitable" } : assignedTo(deliveryId);
    await orders.insertMany(unlucky);
    const { body } = await service.place();
    await eventually(async () => (await orders.findOne({ _id: body.orderId }))?.courier);
    hopeless.clear();
    await eventually(async () => (await orders.findOne({ _id: unlucky[0]?._id ?? "" }))?.courier);
  });
});

describeWithDatabases("an order for which nobody is suitable", () => {
  test("is asked for again after a pause that doubles each time, up to twenty seconds", async () => {
    const service = await startOrderService({ DISPATCH_EVERY_MS: 1_000_000 });
    const orders = service.base.mongo.db.collection<OrderDocument>("orders");
    service.answers.assign = () => ({ outcome: "none_suitable" });
    const waiting = [0, 3, 30].map((dispatchTries) => anOrder({ dispatchTries }));
    const before = Date.now();
    await orders.insertMany(waiting);
    await service.place();
    const pauses = await Promise.all(
      waiting.map(async ({ _id, dispatchTries = 0 }) => {
        const asked = await eventually(async () =>
          orders.findOne({ _id, dispatchTries: { $gt: dispatchTries }, leasedUntil: { $exists: false } }),
        );
        return {
          atMost: asked.dispatchDueAt.getTime() - before,
          atLeast: asked.dispatchDueAt.getTime() - Date.now(),
        };
      }),
    );
    for (const [i, mean] of [600, 4_800, 20_000].entries()) {
      expect(pauses[i]?.atMost).toBeGreaterThanOrEqual(mean * 0.8);
      expect(pauses[i]?.atLeast).toBeLessThanOrEqual(mean * 1.2);
    }
  });
});

describeWithDatabases("two dispatchers on one database", () => {
  test("never work on the same order at once", async () => {
    const mongoUrl = freshMongoUrl();
    const services = [
      await startOrderService({ mongoUrl, DISPATCH_EVERY_MS: 20, redisUrl: NO_REDIS }),
      await startOrderService({ mongoUrl, DISPATCH_EVERY_MS: 20, redisUrl: NO_REDIS }),
    ] as const;
    const asked: string[] = [];
    for (const service of services)
      service.answers.assign = (deliveryId) => {
        asked.push(deliveryId);
        return assignedTo(deliveryId, aCourier());
      };
    const placed = await Promise.all(Array.from({ length: 30 }, (_, i) => services[i % 2 ? 1 : 0].place()));
    const orders = services[0].base.mongo.db.collection<OrderDocument>("orders");
    await eventually(async () => (await orders.countDocuments({ awaitingCourier: false })) === placed.length);
    expect(asked).toHaveLength(new Set(asked).size);
    const versions = await orders.distinct("version");
    expect(versions).toEqual([2]);
  });
});

describeWithDatabases("deadlines", () => {
  test("cancel an order that the restaurant does not answer", async () => {
    const service = await startOrderService({ ACCEPT_WITHIN_SECONDS: 1 });
    const { body } = await service.place();
    const orders = service.base.mongo.db.collection<OrderDocument>("orders");
    const order = await eventually(async () => orders.findOne({ _id: body.orderId, status: "cancelled" }));
    expect(order).toMatchObject({ reason: "acceptance_timeout", awaitingCourier: false });
    expect(order.events.at(-1)?.at.getTime()).toBeGreaterThanOrEqual(order.acceptBy.getTime());
  });

  test("cancel an order for which no courier is found", async () => {
    const service = await startOrderService({ ASSIGN_WITHIN_SECONDS: 1 });
    const { body } = await service.place();
    await service.move(body.orderId, "accept", service.restaurant, {
      actorId: body.restaurantId,
      prepMinutes: 5,
    });
    const orders = service.base.mongo.db.collection<OrderDocument>("orders");
    const order = await eventually(async () => orders.findOne({ _id: body.orderId, status: "cancelled" }));
    expect(order.reason).toBe("no_courier");
  });

  test("give ready food to the next courier when the first does not come", async () => {
    const service = await startOrderService({ PICKUP_WITHIN_SECONDS: 1 });
    const couriers = [aCourier(), aCourier()] as const;
    const asked: string[] = [];
    service.answers.assign = (deliveryId) => {
      if (!asked.includes(deliveryId)) asked.push(deliveryId);
      return assignedTo(deliveryId, couriers[asked.indexOf(deliveryId) === 0 ? 0 : 1]);
    };
    const { body } = await service.place();
    const orders = service.base.mongo.db.collection<OrderDocument>("orders");
    const current = () => orders.findOne({ _id: body.orderId });
    await eventually(async () => (await current())?.courier);
    await service.move(body.orderId, "prepare", service.restaurant, { actorId: body.restaurantId });
    await service.move(body.orderId, "ready", service.restaurant, { actorId: body.restaurantId });
    await eventually(async () => (await current())?.courier?.courierId === couriers[1].courierId);
    const order = await current();
    expect(order).toMatchObject({ status: "ready", round: 2 });
    expect(order?.events.find(({ type }) => type === "courier_released")).toMatchObject({
      reason: "pickup_timeout",
    });
    const told = await eventually(async () =>
      service.told.find(({ deliveryId, progress }) => deliveryId === asked[0] && progress.declined),
    );
    expect(told.progress.status).toBe("released");
    await service.move(body.orderId, "pickup", service.delivery, { actorId: couriers[1].courierId });
    expect((await current())?.pickupBy).toBeUndefined();
  });
});
