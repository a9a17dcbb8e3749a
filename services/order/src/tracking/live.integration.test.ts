// The other events of a stream: degraded and live, a stale position, a moved estimate.
import { afterAll, afterEach, beforeAll, describe, expect, spyOn, test } from "bun:test";
import { locationKey, orderChannel } from "@food/shared/contracts/live";
import type { Redis } from "@food/shared/storage/redis";
import { openEventStream, type StreamedEvent } from "@food/shared/testing/event-stream";
import { type Gate, gateToRedis, whyNotCutOff } from "@food/shared/testing/gate";
import {
  call,
  connectTestRedis,
  describeWithDatabases,
  eventually,
  freshMongoUrl,
  NO_REDIS,
  publishTo,
  untilReady,
} from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { Collection, FindCursor } from "mongodb";
import { aCourier } from "../dispatch/fleet.builder.ts";
import { type OrderService, startOrderService } from "../order-service.builder.ts";
import { anOrder } from "../orders/order.builder.ts";
import type { OrderDocument } from "../orders/order.ts";

const MINUTE_MS = 60_000;
const inMinutes = (minutes: number) => new Date(Date.now() + minutes * MINUTE_MS);
const named = (events: StreamedEvent[], name: string) => events.filter(({ event }) => event === name);

describeWithDatabases("following live", () => {
  const mongoUrl = freshMongoUrl();
  const courier = aCourier();
  let gate: Gate;
  let redis: Redis;
  let service: OrderService;
  /** Has no Redis, so it publishes nothing. */
  let silent: OrderService;
  beforeAll(async () => {
    gate = gateToRedis();
    redis = await connectTestRedis();
    const quiet = { mongoUrl, DISPATCH_EVERY_MS: 1_000_000, DEADLINES_EVERY_MS: 1_000_000 };
    service = await startOrderService({ ...quiet, redisUrl: gate.url });
    silent = await startOrderService({ ...quiet, redisUrl: NO_REDIS });
  });
  afterAll(() => {
    redis.disconnect();
    gate.stop();
  });
  async function anOrderThat(overrides: Partial<OrderDocument> = {}) {
    const order = anOrder({ awaitingCourier: false, ...overrides });
    await service.base.mongo.db.collection<OrderDocument>("orders").insertOne(order);
    return order;
  }
  const tokenOf = (order: OrderDocument) => service.customer.tokenFor(order.customerId, "customer", "order");
  async function follow(order: OrderDocument) {
    const stream = await openEventStream(`${service.url}/v1/orders/${order._id}/events`, {
      authorization: `Bearer ${await tokenOf(order)}`,
    });
    await eventually(async () => stream.events.length > 0);
    return stream;
  }
  const moveUnheard = (order: OrderDocument, action: string, input = {}) =>
    silent.move(order._id, action, silent.restaurant, { actorId: order.restaurantId, ...input });
  const isLive = (streams: { events: StreamedEvent[] }[]) =>
    eventually(async () =>
      streams.every(({ events }) => named(events, "live").length === named(events, "degraded").length),
    );

  describe.skipIf(whyNotCutOff() !== "")(`when Redis${whyNotCutOff()}`, () => {
    afterEach(async () => {
      gate.open();
      await untilReady(service.base.redis);
      await untilReady(service.base.subscriber);
    });

    for (const [what, breakIt] of [
      ["falls silent", () => gate.close()],
      ["goes", () => gate.cut()],
    ] as const)
      test(`${what}: sends "degraded" once, shares one read for all, and sends "live" at the end`, async () => {
        const order = await anOrderThat();
        const streams = await Promise.all(Array.from({ length: 5 }, () => follow(order)));
        await isLive(streams);
        const told = (name: string, more: number) => {
          const before = streams.map(({ events }) => named(events, name).length);
          return () =>
            eventually(async () =>
              streams.every(({ events }, i) => named(events, name).length === (before[i] ?? 0) + more),
            );
        };
        const degraded = told("degraded", 1);
        const live = told("live", 1);
        breakIt();
        await degraded();
        const reading = spyOn(Collection.prototype, "find");
        const ofVersions = spyOn(FindCursor.prototype, "project");
        await moveUnheard(order, "accept", { prepMinutes: 10 });
        await eventually(async () =>
          streams.every(({ events }) => events.some(({ data }) => data.status === "accepted")),
        );
        const ofWholeOrder = reading.mock.results.filter(
          ({ value }, nth) =>
            JSON.stringify(reading.mock.calls[nth]).includes(`["${order._id}"]`) &&
            !ofVersions.mock.contexts.includes(value),
        );
        expect(ofWholeOrder.length).toBe(1);
        reading.mockRestore();
        ofVersions.mockRestore();
        gate.open();
        await live();
        await moveUnheard(order, "prepare");
        await service.move(order._id, "ready", service.restaurant, { actorId: order.restaurantId });
        await eventually(async () =>
          streams.every(({ events }) => events.some(({ data }) => data.status === "ready")),
        );
        for (const { events, close } of streams) {
          expect(events.flatMap(({ id }) => id ?? [])).toEqual(["1", "2", "3", "4"]);
          close();
        }
      });

    test("is away for a moment: all followers get the missed events at once", async () => {
      const orders = await Promise.all(Array.from({ length: 10 }, () => anOrderThat()));
      const streams = await Promise.all(orders.map(follow));
      await isLive(streams);
      gate.cut();
      await eventually(async () => streams.every(({ events }) => named(events, "degraded").length > 0));
      await Promise.all(orders.map((order) => moveUnheard(order, "accept", { prepMinutes: 10 })));
      gate.open();
      await eventually(async () =>
        streams.every(({ events }) => events.some(({ data }) => data.status === "accepted")),
      );
      for (const { close } of streams) close();
    });

    test("is away when a follower connects: sends `degraded` after the snapshot", async () => {
      const order = await anOrderThat();
      const stream = await openEventStream(`${silent.url}/v1/orders/${order._id}/events`, {
        authorization: `Bearer ${await silent.customer.tokenFor(order.customerId, "customer", "order")}`,
      });
      await eventually(async () => stream.events.length >= 2);
      expect(stream.events.map(({ event }) => event)).toEqual(["snapshot", "degraded"]);
      stream.close();
    });
  });

  const positionAt = (recordedAt: Date, courierId = courier.courierId, lat = 52.52) => ({
    courierId,
    location: { lat, lng: 13.4 },
    recordedAt: recordedAt.toISOString(),
  });
  type Position = ReturnType<typeof positionAt>;
  const publish = (order: OrderDocument, position: Position) =>
    publishTo(redis, orderChannel(order._id), JSON.stringify({ kind: "location", ...position }));

  describe("the courier's position", () => {
    test("is sent once more, as stale, when the courier stops reporting", async () => {
      const order = await anOrderThat({ status: "out_for_delivery", courier });
      const stream = await follow(order);
      await isLive([stream]);
      await publish(order, positionAt(new Date(Date.now() - 58_000)));
      await eventually(async () => named(stream.events, "location").length === 2);
      expect(named(stream.events, "location").map(({ data }) => data.stale)).toEqual([false, true]);
      await publish(order, positionAt(new Date()));
      await eventually(async () => named(stream.events, "location").length === 3);
      expect(named(stream.events, "location").at(-1)?.data).toMatchObject({ stale: false });
      stream.close();
    });

    test("does not go back when an older one arrives later", async () => {
      const order = await anOrderThat({ status: "out_for_delivery", courier });
      const stream = await follow(order);
      await isLive([stream]);
      const [first, older, newest] = [4_000, 6_000, 2_000].map((ageMs) =>
        positionAt(new Date(Date.now() - ageMs)),
      ) as [Position, Position, Position];
      for (const position of [first, older, newest]) await publish(order, position);
      const told = () => named(stream.events, "location").map(({ data }) => data.recordedAt);
      await eventually(async () => told().includes(newest.recordedAt));
      expect(told()).not.toContain(older.recordedAt);
      stream.close();
    });

    test("is never that of a courier who lost the order, and does not name the courier", async () => {
      const order = await anOrderThat({ status: "ready", courier });
      await redis.set(locationKey(order._id), JSON.stringify(positionAt(new Date(), newId("crr"))), "EX", 60);
      const stream = await follow(order);
      await isLive([stream]);
      await publish(order, positionAt(new Date(), newId("crr")));
      await publish(order, positionAt(new Date()));
      await eventually(async () => named(stream.events, "location").length > 0);
      expect(stream.events[0]?.data.courierLocation).toBeUndefined();
      expect(Object.keys(named(stream.events, "location")[0]?.data ?? {})).toEqual([
        "location",
        "recordedAt",
        "ageSeconds",
        "stale",
      ]);
      expect(named(stream.events, "location")).toHaveLength(1);
      stream.close();
    });

    test("when it arrives before the assignment, is sent after the assignment", async () => {
      const order = await anOrderThat({ status: "accepted" });
      const stream = await follow(order);
      await isLive([stream]);
      await publish(order, positionAt(new Date()));
      const message = { kind: "status", sequence: 2, type: "courier_assigned", status: "accepted", courier };
      await publishTo(redis, orderChannel(order._id), JSON.stringify(message));
      await eventually(async () => named(stream.events, "location").length === 1);
      expect(stream.events.filter(({ event }) => event !== "live" && event !== "degraded")).toMatchObject([
        { event: "snapshot" },
        { event: "status" },
        { event: "location" },
      ]);
      stream.close();
    });
  });

  describe("the estimate", () => {
    const status = async (order: OrderDocument) =>
      (
        await call<{ estimatedDeliveryAt: string; estimateReason: string }>(
          service.url,
          `GET /v1/orders/${order._id}/status`,
          { token: await tokenOf(order) },
        )
      ).body;

    test("moves once for all followers when the kitchen is late, with the reason", async () => {
      const order = await anOrderThat({
        status: "preparing",
        readyAt: inMinutes(-5),
        estimatedDeliveryAt: inMinutes(1),
      });
      const streams = await Promise.all([follow(order), follow(order)]);
      await eventually(async () => streams.every(({ events }) => named(events, "estimate").length === 1));
      const [told] = streams.map(({ events }) => named(events, "estimate")[0]?.data);
      expect(told?.reason).toBe("kitchen");
      expect(Date.parse(String(told?.estimatedDeliveryAt))).toBeGreaterThan(inMinutes(4).getTime());
      const polled = await status(order);
      expect([polled.estimatedDeliveryAt, polled.estimateReason]).toEqual([
        String(told?.estimatedDeliveryAt),
        "kitchen",
      ]);
      for (const { close } of streams) close();
    });

    test("moves with the courier, also for polling clients", async () => {
      const order = await anOrderThat({
        status: "out_for_delivery",
        courier,
        estimatedDeliveryAt: inMinutes(5),
        estimateReason: "courier",
      });
      await redis.set(
        locationKey(order._id),
        JSON.stringify(positionAt(new Date(), courier.courierId, 52.62)),
        "EX",
        60,
      );
      const polled = await status(order);
      expect(Date.parse(polled.estimatedDeliveryAt)).toBeGreaterThan(inMinutes(30).getTime());
      expect((await status(order)).estimatedDeliveryAt).toBe(polled.estimatedDeliveryAt);
    });

    test("is not moved earlier without a courier position", async () => {
      const order = await anOrderThat({
        status: "preparing",
        courier,
        readyAt: inMinutes(1),
        estimatedDeliveryAt: inMinutes(40),
        estimateReason: "courier",
      });
      expect((await status(order)).estimatedDeliveryAt).toBe(order.estimatedDeliveryAt.toISOString());
      const { body } = await service.move(order._id, "ready", service.restaurant, {
        actorId: order.restaurantId,
      });
      expect(body.estimatedDeliveryAt).toBe(order.estimatedDeliveryAt.toISOString());
    });

    test("stays while it is off by less than a minute", async () => {
      const order = await anOrderThat({ status: "accepted", readyAt: inMinutes(15) });
      order.estimatedDeliveryAt = inMinutes(23.7);
      await service.base.mongo.db
        .collection<OrderDocument>("orders")
        .updateOne({ _id: order._id }, { $set: { estimatedDeliveryAt: order.estimatedDeliveryAt } });
      expect((await status(order)).estimatedDeliveryAt).toBe(order.estimatedDeliveryAt.toISOString());
    });
  });

  test("ends with `token_expired` when the token expires, not with an error", async () => {
    const order = await anOrderThat();
    const shortLived = { subject: order.customerId, role: "customer", audience: ["order"], ttlSeconds: 1 };
    const stream = await openEventStream(`${service.url}/v1/orders/${order._id}/events`, {
      authorization: `Bearer ${await service.customer.sign(shortLived)}`,
    });
    await stream.closed;
    expect(stream.events.at(-1)).toEqual({ event: "end", data: { reason: "token_expired" } });
  });
});
