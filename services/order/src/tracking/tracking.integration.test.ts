import { beforeAll, describe, expect, test } from "bun:test";
import { locationKey, orderChannel } from "@food/shared/contracts/live";
import { type EventReader, openEventStream, type StreamedEvent } from "@food/shared/testing/event-stream";
import {
  call,
  describeWithDatabases,
  eventually,
  freshMongoUrl,
  NO_REDIS,
  publishTo,
} from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { aCourier, aFleet, onDuty } from "../dispatch/fleet.builder.ts";
import { type OrderService, startOrderService } from "../order-service.builder.ts";
import { anOrder } from "../orders/order.builder.ts";
import type { OrderDocument } from "../orders/order.ts";

/** Without the events about the stream and the estimate. */
const ofTheOrder = (stream: EventReader) => ({
  ...stream,
  get events() {
    return stream.events.filter(({ event }) => /^(snapshot|status|location|end)$/.test(event));
  },
});

type Status = { status: string; version: number; courierLocation?: { ageSeconds: number; stale: boolean } };

for (const [name, redisUrl] of [
  ["with Redis", undefined],
  ["without Redis", NO_REDIS],
] as const)
  describeWithDatabases(`following an order ${name}`, () => {
    let service: OrderService;
    const courier = aCourier();
    beforeAll(async () => {
      service = await startOrderService({ DISPATCH_EVERY_MS: 1_000_000, ...(redisUrl && { redisUrl }) });
    });

    async function anOrderThat(overrides: Partial<OrderDocument> = {}) {
      const order = anOrder({ awaitingCourier: false, ...overrides });
      await service.base.mongo.db.collection<OrderDocument>("orders").insertOne(order);
      return order;
    }
    const customerToken = (order: OrderDocument) =>
      service.customer.tokenFor(order.customerId, "customer", "order");
    async function follow(order: OrderDocument, lastEventId?: string, token?: string) {
      const stream = await openEventStream(`${service.url}/v1/orders/${order._id}/events`, {
        authorization: `Bearer ${token ?? (await customerToken(order))}`,
        ...(lastEventId !== undefined && { "last-event-id": lastEventId }),
      });
      return ofTheOrder(stream);
    }
    async function byRestaurant(order: OrderDocument, action: string, input = {}) {
      const body = { actorId: order.restaurantId, ...input };
      const { status } = await eventually(async () => {
        const answer = await service.move(order._id, action, service.restaurant, body);
        // On a busy machine the database may be late.
        return answer.status !== 503 && answer;
      });
      expect(status).toBe(200);
    }
    const ids = (events: StreamedEvent[]) => events.map(({ event, id }) => `${event} ${id ?? "-"}`);

    test("sends a snapshot, every status, and the end of the order", async () => {
      const order = await anOrderThat();
      const stream = await follow(order);
      await eventually(async () => stream.events.length > 0);
      await byRestaurant(order, "accept", { prepMinutes: 10 });
      await byRestaurant(order, "cancel", { reason: "Oven broken" });
      await stream.closed;
      expect(ids(stream.events)).toEqual(["snapshot 1", "status 2", "status 3", "end -"]);
      expect(stream.events[0]?.data).toMatchObject({ orderId: order._id, status: "pending", version: 1 });
      expect(stream.events[1]?.data).toMatchObject({ sequence: 2, status: "accepted" });
      expect(stream.events[2]?.data).toMatchObject({ status: "cancelled", reason: "Oven broken" });
      expect(stream.events[0]?.data.handoverPin).toBeUndefined();
    });

    test("resumes after Last-Event-ID without a gap or a duplicate", async () => {
      const order = await anOrderThat();
      await byRestaurant(order, "accept", { prepMinutes: 10 });
      await byRestaurant(order, "prepare");
      const stream = await follow(order, "1");
      await eventually(async () => stream.events.length >= 2);
      await byRestaurant(order, "ready");
      await eventually(async () => stream.events.length >= 3);
      expect(ids(stream.events)).toEqual(["status 2", "status 3", "status 4"]);
      stream.close();
    });

    test("ends at once for an order that has ended", async () => {
      const order = await anOrderThat({ status: "delivered" });
      const stream = await follow(order);
      await stream.closed;
      expect(ids(stream.events)).toEqual(["snapshot 1", "end -"]);
    });

    test("loses no event while a follower connects", async () => {
      const join = async () => {
        const order = await anOrderThat();
        const [stream] = await Promise.all([
          follow(order),
          byRestaurant(order, "accept", { prepMinutes: 10 }).then(() => byRestaurant(order, "prepare")),
        ]);
        await eventually(async () => {
          const last = stream.events.at(-1)?.data;
          return last?.status === "preparing";
        });
        const sequences = stream.events.flatMap(({ id }) => (id === undefined ? [] : [Number(id)]));
        // From the version of the snapshot to the last.
        expect(sequences).toEqual([1, 2, 3].slice(-sequences.length));
        stream.close();
      };
      await Promise.all(Array.from({ length: 20 }, join));
    });

    test("answers 404 to another customer, 401 without a token, 400 for an invalid Last-Event-ID", async () => {
      const order = await anOrderThat();
      const stranger = await service.customer.tokenFor(newId("cus"), "customer", "order");
      expect((await follow(order, undefined, stranger)).status).toBe(404);
      for (const path of ["events", "status", "timeline"] as const) {
        expect((await call(service.url, `GET /v1/orders/${order._id}/${path}`)).status).toBe(401);
        expect(
          (await call(service.url, `GET /v1/orders/${order._id}/${path}`, { token: stranger })).status,
        ).toBe(404);
        const missing = await call(service.url, `GET /v1/orders/${newId("ord")}/${path}`, {
          token: stranger,
        });
        expect([missing.status, missing.body.code]).toEqual([404, "ORDER_NOT_FOUND"]);
      }
      for (const nonsense of ["abc", "-1", "1.5", "99999999999", "2"])
        expect((await follow(order, nonsense)).status).toBe(400);
    });

    test("answers 403 to a service's token and 401 to a token for another audience", async () => {
      const order = await anOrderThat();
      const service403 = await service.customer.serviceToken("order");
      const elsewhere = await service.customer.tokenFor(order.customerId, "customer", "customer");
      const status = `GET /v1/orders/${order._id}/status` as const;
      expect((await call(service.url, status, { token: service403 })).status).toBe(403);
      expect((await call(service.url, status, { token: elsewhere })).status).toBe(401);
    });

    test("polls with an ETag: 304 until something changes, and never an older version", async () => {
      const order = await anOrderThat();
      const token = await customerToken(order);
      const poll = (etag?: string) =>
        call<Status>(service.url, `GET /v1/orders/${order._id}/status`, {
          token,
          ...(etag && { headers: { "if-none-match": etag } }),
        });
      const first = await poll();
      const etag = first.headers.get("etag") ?? "";
      expect([first.status, first.body.status]).toEqual([200, "pending"]);
      expect((await poll(etag)).status).toBe(304);
      const many = Array.from({ length: 400 }, (_, i) => `"${i}"`).join(", ");
      expect((await poll(many)).status).toBe(200);
      expect((await poll(`${many}, ${etag}`)).status).toBe(304);
      await byRestaurant(order, "accept", { prepMinutes: 10 });
      const next = await poll(etag);
      expect([next.status, next.body.status, next.body.version]).toEqual([200, "accepted", 2]);
    });

    test("returns a timeline with actor, move and time of each event", async () => {
      const order = await anOrderThat();
      await byRestaurant(order, "accept", { prepMinutes: 10 });
      const { body } = await call<{ items: object[] }>(service.url, `GET /v1/orders/${order._id}/timeline`, {
        token: await customerToken(order),
      });
      expect(body.items).toMatchObject([
        { sequence: 1, type: "placed", from: null, to: "pending", actor: { role: "customer" } },
        { sequence: 2, type: "accepted", from: "pending", to: "accepted", actor: { id: order.restaurantId } },
      ]);
    });

    test("sends no further events to a courier who lost the order", async () => {
      const order = await anOrderThat({ status: "accepted", courier });
      const token = await service.delivery.tokenFor(courier.courierId, "courier", "order");
      const stream = await follow(order, undefined, token);
      await eventually(async () => stream.events.length > 0);
      const lost = { actorId: courier.courierId, deliveryId: order.deliveryId };
      await service.move(order._id, "decline", service.delivery, lost);
      await stream.closed;
      expect(ids(stream.events)).toEqual(["snapshot 1", "end -"]);
      expect(stream.events.at(-1)?.data).toEqual({ reason: "released" });
    });

    test("after a gap, names the courier only in the newest event", async () => {
      const order = await anOrderThat({ status: "accepted", courier });
      await byRestaurant(order, "prepare");
      await byRestaurant(order, "ready");
      const stream = await follow(order, "1");
      await eventually(async () => stream.events.length >= 2);
      expect(stream.events.map(({ data }) => data.courier)).toEqual([undefined, courier]);
      stream.close();
    });

    test("sends the courier to the follower", async () => {
      const order = await anOrderThat({ status: "ready", courier });
      const { body } = await call(service.url, `GET /v1/orders/${order._id}/status`, {
        token: await customerToken(order),
      });
      expect(body.courier).toEqual(courier);
    });

    if (redisUrl === undefined)
      describe("the courier's position", () => {
        const report = (ageSeconds: number) => ({
          courierId: courier.courierId,
          location: { lat: 52.52, lng: 13.4 },
          recordedAt: new Date(Date.now() - ageSeconds * 1000).toISOString(),
        });
        const put = async (order: OrderDocument, ageSeconds: number) => {
          const location = report(ageSeconds);
          await service.base.redis.set(locationKey(order._id), JSON.stringify(location), "EX", 60);
          await publishTo(
            service.base.redis,
            orderChannel(order._id),
            JSON.stringify({ kind: "location", ...location }),
          );
        };
        const poll = async (order: OrderDocument, token: string) =>
          call<Status>(service.url, `GET /v1/orders/${order._id}/status`, { token });

        test("is sent to the customer with its age, and marked when stale", async () => {
          const order = await anOrderThat({ status: "out_for_delivery", courier });
          const stream = await follow(order);
          await eventually(async () => stream.events.length > 0);
          await put(order, 120);
          const { body } = await poll(order, await customerToken(order));
          expect(body.courierLocation).toMatchObject({ stale: true });
          await put(order, 5);
          await eventually(async () => stream.events.length >= 3);
          expect(stream.events[1]).toMatchObject({ event: "location", data: { stale: true } });
          expect(stream.events[2]).toMatchObject({ event: "location", data: { stale: false } });
          expect(stream.events[2]?.data.ageSeconds).toBeWithin(5, 60);
          stream.close();
        });

        test("is shown neither before a courier is assigned nor after the end", async () => {
          for (const overrides of [{ status: "pending" }, { status: "delivered", courier }] as const) {
            const order = await anOrderThat(overrides);
            await put(order, 1);
            expect((await poll(order, await customerToken(order))).body.courierLocation).toBeUndefined();
          }
        });

        test("is not shown to the courier", async () => {
          const order = await anOrderThat({ status: "ready", courier });
          await put(order, 1);
          const token = await service.delivery.tokenFor(courier.courierId, "courier", "order");
          expect((await poll(order, token)).body.courierLocation).toBeUndefined();
        });
      });
  });

describeWithDatabases("two replicas", () => {
  test.each([
    ["with Redis", {}],
    ["without Redis", { redisUrl: NO_REDIS }],
  ])("send events to each other's followers %s, and resume streams of each other", async (_, redis) => {
    const mongoUrl = freshMongoUrl();
    const one = await startOrderService({ mongoUrl, DISPATCH_EVERY_MS: 50, ...redis });
    const two = await startOrderService({
      mongoUrl,
      ...redis,
      DISPATCH_EVERY_MS: 1_000_000,
      CUSTOMER_URL: one.customer.url,
      RESTAURANT_URL: one.restaurant.url,
    });
    const fleet = aFleet([onDuty()]);
    one.answers.search = fleet.search;
    one.answers.assign = fleet.assign;
    const { body: order } = await one.place();
    const token = await one.customer.tokenFor(order.customerId, "customer", "order");
    const headers = { authorization: `Bearer ${token}` };
    const stream = ofTheOrder(await openEventStream(`${two.url}/v1/orders/${order.orderId}/events`, headers));
    await eventually(async () => stream.events.some(({ data }) => data.courier));
    await one.move(order.orderId, "accept", one.restaurant, { actorId: order.restaurantId, prepMinutes: 5 });
    await eventually(async () => stream.events.at(-1)?.data.status === "accepted");
    stream.close();
    const resumed = ofTheOrder(
      await openEventStream(`${one.url}/v1/orders/${order.orderId}/events`, {
        ...headers,
        "last-event-id": stream.events.at(-1)?.id ?? "",
      }),
    );
    await two.move(order.orderId, "cancel", one.customer, { actorId: order.customerId });
    await resumed.closed;
    expect(resumed.events.map(({ event }) => event)).toEqual(["status", "end"]);
  });
});
