import { beforeAll, expect, test } from "bun:test";
import { openEventStream } from "@food/shared/testing/event-stream";
import { call, describeWithDatabases, type FakeService, freshMongoUrl } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { type OrderService, startOrderService } from "../order-service.builder.ts";
import { anOrder } from "../orders/order.builder.ts";
import type { OrderDocument } from "../orders/order.ts";

describeWithDatabases("POST /v1/orders/:orderId/events/tickets", () => {
  let service: OrderService;
  const order = anOrder({ awaitingCourier: false });
  beforeAll(async () => {
    service = await startOrderService({ DISPATCH_EVERY_MS: 1_000_000, mongoUrl: freshMongoUrl() });
    await service.base.mongo.db.collection<OrderDocument>("orders").insertOne(order);
  });

  const ask = async (orderId: string, by: FakeService, id: string, role: string) =>
    call<{ ticket: string; expiresAt: string; code: string }>(
      service.url,
      `POST /v1/orders/${orderId}/events/tickets`,
      { token: await by.tokenFor(id, role, "order") },
    );
  const streamUrl = (orderId: string, ticket: string) =>
    `${service.url}/v1/orders/${orderId}/events?ticket=${ticket}`;

  test.each([["customer"], ["restaurant"]] as const)(
    "answers the order's %s with a ticket that opens its stream once",
    async (role) => {
      const { status, body } = await ask(order._id, service[role], order[`${role}Id`], role);
      expect(status).toBe(201);
      expect(Date.parse(body.expiresAt)).toBeGreaterThan(Date.now());
      const url = streamUrl(order._id, body.ticket);
      const streams = await Promise.all([openEventStream(url, {}), openEventStream(url, {})]);
      expect(streams.map((stream) => stream.status).sort()).toEqual([200, 401]);
      for (const stream of streams) stream.close();
    },
  );

  test("answers 404 for the order of another customer, as for a missing one", async () => {
    const other = await ask(order._id, service.customer, newId("cus"), "customer");
    const missing = await ask(newId("ord"), service.customer, order.customerId, "customer");
    expect([other.status, other.body.code]).toEqual([404, missing.body.code]);
    expect(missing.status).toBe(404);
  });

  test("a ticket for one order opens no other, with the answer to any bad ticket", async () => {
    const second = anOrder({ awaitingCourier: false, customerId: order.customerId });
    await service.base.mongo.db.collection<OrderDocument>("orders").insertOne(second);
    const { body } = await ask(order._id, service.customer, order.customerId, "customer");
    for (const ticket of [body.ticket, "", "x", "a.b.c"]) {
      const response = await fetch(streamUrl(second._id, ticket));
      expect(response.status).toBe(401);
      expect(((await response.json()) as { code: string }).code).toBe("INVALID_TICKET");
    }
  });

  test("a ticket of a session that has ended since opens no stream", async () => {
    const path = `/v1/orders/${order._id}/events`;
    const sessionId = newId("ses");
    const until = Date.now() + 60_000;
    const caller = {
      id: order.customerId,
      role: "customer",
      issuer: "customer",
      expiresAt: until,
      sessionId,
    };
    const { ticket } = await service.base.tickets.issue(caller, path);
    service.base.tokenEnds.add([{ sessionId, until }]);
    expect((await fetch(streamUrl(order._id, ticket))).status).toBe(401);
  });

  test("a ticket opens nothing but the stream", async () => {
    const { body } = await ask(order._id, service.customer, order.customerId, "customer");
    for (const path of ["status", "timeline"]) {
      const response = await fetch(`${service.url}/v1/orders/${order._id}/${path}?ticket=${body.ticket}`);
      expect(response.status).toBe(401);
    }
  });
});
