// The town as operators read and follow it: from MongoDB and the delivery service, with Redis and without it.
import { beforeAll, describe, expect, test } from "bun:test";
import { type EventReader, openEventStream } from "@food/shared/testing/event-stream";
import {
  call,
  cleanUp,
  describeWithDatabases,
  eventually,
  freshMongoUrl,
  NO_REDIS,
} from "@food/shared/testing/service";
import { type OrderService, startOrderService } from "../order-service.builder.ts";
import { anOrder } from "../orders/order.builder.ts";
import type { OrderDocument } from "../orders/order.ts";
import type { Town } from "./schema.ts";
import { aCourierOnDuty } from "./town.builder.ts";

const EVENTS = "/v1/town/events";
const NOW = () => new Date().toISOString();
const QUICK = { DISPATCH_EVERY_MS: 1_000_000, DEADLINES_EVERY_MS: 1_000_000 };
let slots = 0;
const placed = (overrides: Partial<OrderDocument> = {}) =>
  anOrder({ customerSlot: ++slots, awaitingCourier: false, ...overrides });
const start = (options: Parameters<typeof startOrderService>[0] = {}) =>
  startOrderService({ ...QUICK, mongoUrl: freshMongoUrl(), ...options });

describeWithDatabases("the town", () => {
  let service: OrderService;
  beforeAll(async () => {
    service = await start();
  });
  const orders = (of = service) => of.base.mongo.db.collection<OrderDocument>("orders");
  async function read(of = service) {
    const { status, body } = await call<Town>(of.url, "GET /v1/town", { token: await of.operatorToken() });
    expect(status).toBe(200);
    return body;
  }
  async function follow(of = service): Promise<EventReader> {
    const authorization = `Bearer ${await of.operatorToken()}`;
    const stream = await openEventStream(`${of.url}${EVENTS}`, { authorization });
    cleanUp(stream.close);
    await eventually(async () => stream.events.length > 0);
    return stream;
  }
  const changesIn = ({ events }: EventReader, name: string) =>
    events.flatMap(({ event, data }) => (event === "changes" && data[name] ? (data[name] as object[]) : []));

  test("shows open orders, and neither ended ones nor ended ones that keep a slot", async () => {
    const open = placed({ status: "ready" });
    const ended = [placed({ status: "delivered" }), anOrder({ status: "rejected" })];
    const of = await start();
    await orders(of).insertMany([open, ...ended]);
    const town = await read(of);
    expect(town.orders).toMatchObject([{ orderId: open._id, status: "ready", version: 1 }]);
    expect(town.figures.ordersByStatus).toEqual({ ready: 1 });
  });

  test("counts from placing to the door in the last hour", async () => {
    const of = await start();
    const deliveredAt = (agoMs: number, tookMs: number) => {
      const order = placed({ status: "delivered", placedAt: new Date(Date.now() - agoMs - tookMs) });
      const [event] = order.events;
      return { ...order, events: event ? [{ ...event, at: new Date(Date.now() - agoMs) }] : [] };
    };
    await orders(of).insertMany([deliveredAt(60_000, 1_200_000), deliveredAt(3_700_000, 60_000)]);
    expect((await read(of)).figures.clickToDoor).toMatchObject({ deliveries: 1, p50Seconds: 1_200 });
  });

  test("a stream begins with the town, and sends each change once, with numbers without a gap", async () => {
    const stream = await follow();
    expect(stream.events[0]).toMatchObject({ event: "snapshot", data: { orders: [] } });
    const order = placed();
    await orders().insertOne(order);
    await eventually(async () => changesIn(stream, "orders").length > 0);
    await service.move(order._id, "accept", service.restaurant, {
      ...{ actorId: order.restaurantId, prepMinutes: 5 },
    });
    await eventually(async () => changesIn(stream, "orders").length > 1);
    await service.move(order._id, "cancel", service.customer, { actorId: order.customerId });
    await eventually(async () => changesIn(stream, "endedOrderIds").includes(order._id as never));
    expect(changesIn(stream, "orders")).toMatchObject([{ status: "pending" }, { status: "accepted" }]);
    const numbers = stream.events.flatMap(({ data }) =>
      data.sequence === undefined ? [] : Number(data.sequence),
    );
    expect(numbers).toEqual(numbers.map((_, i) => (numbers[0] ?? 0) + i));
  });

  test("many streams of a process share its reads", async () => {
    const streams = await Promise.all(Array.from({ length: 20 }, () => follow()));
    const asked = () => service.delivery.seen.filter((one) => one.endsWith("/on-duty")).length;
    const before = asked();
    const [first] = streams;
    const got = () => first?.events.filter(({ event }) => event === "changes").length ?? 0;
    const had = got();
    await eventually(async () => got() >= had + 3);
    expect(asked() - before).toBeLessThan(10);
  });

  test("a ticket opens the stream once", async () => {
    const token = await service.operatorToken();
    const { status, body } = await call<{ ticket: string }>(service.url, `POST ${EVENTS}/tickets`, { token });
    expect(status).toBe(201);
    const url = `${service.url}${EVENTS}?ticket=${body.ticket}`;
    const streams = await Promise.all([openEventStream(url, {}), openEventStream(url, {})]);
    expect(streams.map((one) => one.status).sort()).toEqual([200, 401]);
    for (const stream of streams) stream.close();
  });

  test("answers 429 to one stream too many of an operator", async () => {
    const operatorId = `opr_${"0".repeat(26)}`;
    const authorization = `Bearer ${await service.operatorToken(operatorId)}`;
    const streams = await Promise.all(
      Array.from({ length: 51 }, () => openEventStream(`${service.url}${EVENTS}`, { authorization })),
    );
    expect(streams.filter(({ status }) => status === 429)).toHaveLength(1);
    for (const stream of streams) stream.close();
  });

  describe("while the delivery service does not answer", () => {
    test("shows the orders, and the couriers that it has read before", async () => {
      const courier = aCourierOnDuty({ locationAt: NOW() });
      service.answers.onDuty = () => ({ couriers: [courier], hasMore: false });
      const stream = await follow();
      await eventually(async () => (await read()).couriers.length > 0);
      service.answers.onDuty = () => new Response(null, { status: 500 });
      const { couriersAt = "" } = await read();
      await eventually(async () => (await read()).ordersAt > couriersAt);
      expect((await read()).couriers).toMatchObject([{ courierId: courier.courierId }]);
      stream.close();
    });

    test("also when it has never answered", async () => {
      const of = await start();
      of.answers.onDuty = () => new Response(null, { status: 500 });
      const town = await read(of);
      expect([town.couriersAt, town.couriers, town.orders]).toEqual([undefined, [], []]);
    });
  });

  test("without Redis: sends changes of orders and couriers all the same", async () => {
    const of = await start({ redisUrl: NO_REDIS });
    const stream = await follow(of);
    of.answers.onDuty = () => ({ couriers: [aCourierOnDuty({ locationAt: NOW() })], hasMore: false });
    await orders(of).insertOne(placed());
    await eventually(async () => changesIn(stream, "orders").length > 0);
    await eventually(async () => changesIn(stream, "couriers").length > 0);
    expect(changesIn(stream, "couriers")).toMatchObject([{ state: "idle" }]);
  });
});
