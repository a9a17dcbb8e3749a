// Requests to an order's stream that are answered without a stream.
import { beforeAll, expect, test } from "bun:test";
import { headsOf, openEventStream, openStreamsOf } from "@food/shared/testing/event-stream";
import { describeWithDatabases } from "@food/shared/testing/service";
import { type OrderService, startOrderService } from "../order-service.builder.ts";
import { anOrder } from "../orders/order.builder.ts";
import type { OrderDocument } from "../orders/order.ts";

describeWithDatabases("GET /v1/orders/:orderId/events", () => {
  let service: OrderService;
  beforeAll(async () => {
    service = await startOrderService({ DISPATCH_EVERY_MS: 1_000_000 });
  });

  async function placed() {
    const order = anOrder({ awaitingCourier: false });
    await service.base.mongo.db.collection<OrderDocument>("orders").insertOne(order);
    const token = await service.customer.tokenFor(order.customerId, "customer", "order");
    return {
      order,
      url: `${service.url}/v1/orders/${order._id}/events`,
      authorization: `Bearer ${token}`,
    };
  }

  test("answers 204 when Last-Event-ID is the final event of the order", async () => {
    const { order, url, authorization } = await placed();
    const follow = (lastEventId: string) =>
      openEventStream(url, { authorization, "last-event-id": lastEventId });
    const open = await follow("1");
    expect(open.status).toBe(200);
    const rejected = { actorId: order.restaurantId, reason: "too_busy" };
    expect((await service.move(order._id, "reject", service.restaurant, rejected)).status).toBe(200);
    await open.closed;
    const missing = await follow("1");
    await missing.closed;
    expect(missing.events.map(({ event }) => event)).toEqual(["status", "end"]);
    expect((await follow("2")).status).toBe(204);
    expect((await follow("3")).status).toBe(400);
  });

  test("answers HEAD with the headers of a stream, and opens none", async () => {
    const { url, authorization } = await placed();
    expect(await headsOf(url, { authorization })).toEqual({ 200: 40 });
    expect(await headsOf(url, {})).toEqual({ 401: 40 });
    expect(await openStreamsOf(service.base)).toBe(0);
  });
});
