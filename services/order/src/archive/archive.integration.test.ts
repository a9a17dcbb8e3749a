// What clients see of an order that is in the archive: the same as before.
import { beforeAll, expect, test } from "bun:test";
import type { Order } from "@food/shared/contracts/order";
import { openEventStream } from "@food/shared/testing/event-stream";
import {
  call,
  describeWithDatabases,
  eventually,
  freshMongoUrl,
  testBase,
} from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { type OrderService, startOrderService } from "../order-service.builder.ts";
import { aRequest } from "../orders/order.builder.ts";
import type { OrderDocument } from "../orders/order.ts";
import { orderStore } from "../orders/store.ts";
import { hashOf } from "../placing/request-hash.ts";
import { aDoneOrder } from "./archive.builder.ts";

describeWithDatabases("an archived order", () => {
  let service: OrderService;
  const request = aRequest();
  const courier = { courierId: newId("crr"), name: "Kim", vehicle: "bicycle" } as const;
  const { customerId, idempotencyKey, restaurantId } = request;
  const order = aDoneOrder(40, {
    ...{ customerId, idempotencyKey, restaurantId, courier, tipCents: 200, deliveryId: newId("dlv") },
    requestHash: hashOf(request),
  });
  const store = () => orderStore(service.base.mongo.db);
  const orderId = order._id;
  beforeAll(async () => {
    const mongoUrl = freshMongoUrl();
    const { mongo } = await testBase("order", { mongoUrl });
    const orders = mongo.db.collection<OrderDocument>("orders");
    await orders.insertMany([order, { ...aDoneOrder(10, { customerId }), customerSlot: 1, addressSlot: 1 }]);
    service = await startOrderService({ mongoUrl, ARCHIVE_AFTER_DAYS: 30, archiveFromMs: 0 });
    await eventually(async () => (await store().archive.findOne({ _id: orderId })) !== null);
    await eventually(async () => (await store().collection.findOne({ _id: orderId })) === null);
  });

  test("leaves younger orders where they are, and is not moved by default within the first hour", async () => {
    expect(await store().collection.countDocuments({ customerId })).toBe(1);
    const mongoUrl = freshMongoUrl();
    const { mongo } = await testBase("order", { mongoUrl });
    await mongo.db.collection<OrderDocument>("orders").insertOne(aDoneOrder(40));
    const later = await startOrderService({ mongoUrl, ARCHIVE_AFTER_DAYS: 30 });
    await later.stopWorkers();
    expect(await orderStore(mongo.db).archive.countDocuments()).toBe(0);
  });

  test("is placed once: a retry answers it, and another body under its key gets 422", async () => {
    const again = await service.place(request);
    expect([again.status, again.body.orderId]).toEqual([201, orderId]);
    expect(again.headers.get("idempotent-replayed")).toBe("true");
    const other = await service.place({ ...request, note: "Second floor" });
    expect([other.status, (other.body as { code?: string }).code]).toEqual([422, "IDEMPOTENCY_KEY_REUSED"]);
  });

  test("is read by its customer, its restaurant, its courier and operators, and by no other", async () => {
    for (const [by, actorId, expected] of [
      [service.customer, customerId, 200],
      [service.restaurant, restaurantId, 200],
      [service.delivery, courier.courierId, 200],
      [service.customer, newId("cus"), 404],
    ] as const)
      expect((await service.read(orderId, by, actorId)).status).toBe(expected);
    const token = await service.operatorToken();
    expect((await call(service.url, `GET /v1/town/orders/${orderId}`, { token })).status).toBe(200);
  });

  test("has its status, its timeline and a stream that ends", async () => {
    const token = await service.customer.tokenFor(customerId, "customer", "order");
    for (const path of ["status", "timeline"])
      expect((await call(service.url, `GET /v1/orders/${orderId}/${path}`, { token })).status).toBe(200);
    const stream = await openEventStream(`${service.url}/v1/orders/${orderId}/events`, {
      authorization: `Bearer ${token}`,
    });
    await eventually(async () => stream.events.length >= 2);
    expect(stream.events.map(({ event }) => event)).toEqual(["snapshot", "end"]);
  });

  test("is in the lists of its customer and its restaurant, after the younger ones", async () => {
    const list = async (by: "customer" | "restaurant", actorId: string, query = "") =>
      call<{ items: Order[]; nextCursor: string | null }>(
        service.url,
        `GET /internal/orders?actorId=${actorId}${query}`,
        { token: await service[by].serviceToken("order") },
      );
    const { items } = (await list("customer", customerId, "&limit=1")).body;
    expect(items.map((one) => one.orderId)).not.toContain(orderId);
    for (const query of ["", "&status=delivered"])
      expect((await list("customer", customerId, query)).body.items.map((one) => one.orderId).at(-1)).toBe(
        orderId,
      );
    expect((await list("restaurant", restaurantId)).body.items.at(-1)?.orderId).toBe(orderId);
    expect((await list("restaurant", restaurantId, "&status=cancelled")).body.items).toEqual([]);
    const changed = await call<{ ended: Order[] }>(service.url, "POST /internal/orders/changed", {
      token: await service.restaurant.serviceToken("order"),
      body: { actorId: restaurantId, known: [{ orderId, version: 1 }] },
    });
    expect(changed.body.ended.map((one) => one.orderId)).toEqual([orderId]);
  });

  test("takes no more moves, tips or help by hand; repeating its last move changes nothing", async () => {
    const cancelled = await service.move(orderId, "cancel", service.customer, { actorId: customerId });
    expect([cancelled.status, cancelled.body.code]).toEqual([409, "ILLEGAL_MOVE"]);
    const tip = async (tipCents: number) =>
      call<{ code: string }>(service.url, `PUT /internal/orders/${orderId}/tip`, {
        token: await service.customer.serviceToken("order"),
        body: { actorId: customerId, tipCents },
      });
    expect((await tip(300)).body.code).toBe("TIP_CLOSED");
    expect((await tip(200)).status).toBe(200);
    const helped = await call<{ code: string }>(service.url, `POST /v1/town/orders/${orderId}/cancel`, {
      token: await service.operatorToken(),
      body: { reason: "Courier had an accident" },
    });
    expect([helped.status, helped.body.code]).toEqual([409, "ILLEGAL_MOVE"]);
    expect(await store().collection.findOne({ _id: orderId })).toBeNull();
  });

  test("has used its portions, and its id can not be made void", async () => {
    const { body } = await call<{ items: object[] }>(service.url, "POST /internal/orders/outcomes", {
      token: await service.restaurant.serviceToken("order"),
      body: { orderIds: [orderId] },
    });
    expect(body.items).toEqual([{ orderId, outcome: "used" }]);
    expect(await store().collection.findOne({ _id: orderId })).toBeNull();
  });

  test("loses the personal data of its customer and its courier when they are deleted", async () => {
    service.answers.inform = () => Response.json({ remaining: 0 });
    const erase = async (path: string, issuer: "customer" | "delivery", body?: object) =>
      call<{ remaining: number }>(service.url, `PUT /internal/${path}/erasure`, {
        token: await service[issuer].serviceToken("order"),
        ...(body && { body }),
      });
    const named = () =>
      orderStore(service.base.mongo.db).archive.countDocuments({ customerId, erasedAt: { $exists: false } });
    expect(await named()).toBe(1);
    await erase(`couriers/${courier.courierId}`, "delivery", { orderIds: [orderId] });
    expect((await erase(`customers/${customerId}`, "customer")).body.remaining).toBe(0);
    expect(await named()).toBe(0);
    const kept = await store().archive.findOne({ _id: orderId });
    expect(kept).toMatchObject({
      addressKey: "Deleted",
      courier: { name: "Deleted" },
      totalCents: order.totalCents,
    });
  });
});
