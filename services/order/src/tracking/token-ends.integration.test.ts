// Sessions that end at the service that has the account.
import { beforeAll, expect, test } from "bun:test";
import { openEventStream } from "@food/shared/testing/event-stream";
import { call, describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { type OrderService, startOrderService } from "../order-service.builder.ts";
import { anOrder } from "../orders/order.builder.ts";
import type { OrderDocument } from "../orders/order.ts";

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

describeWithDatabases("when a session ends at its issuer", () => {
  let service: OrderService;
  let order: OrderDocument;
  beforeAll(async () => {
    service = await startOrderService({ tokenEndsEveryMs: 20 });
    order = anOrder({ awaitingCourier: false });
    await service.base.mongo.db.collection<OrderDocument>("orders").insertOne(order);
  });
  async function aSession() {
    const sessionId = newId("ses");
    const claims = { subject: order.customerId, role: "customer", audience: ["order"], ttlSeconds: 300 };
    const token = await service.customer.sign({ ...claims, sessionId });
    const stream = await openEventStream(`${service.url}/v1/orders/${order._id}/events`, {
      authorization: `Bearer ${token}`,
    });
    expect(stream.status).toBe(200);
    return { sessionId, token, stream };
  }
  const statusFor = async (token: string) =>
    (await call(service.url, `GET /v1/orders/${order._id}/status`, { token })).status;

  test("its open stream ends with `signed_out`, its token is refused, and no other is", async () => {
    const [left, stays] = [await aSession(), await aSession()];
    service.customer.ended.push({
      ...{ sessionId: left.sessionId, endedAt: inMinutes(0), until: inMinutes(5) },
    });
    await left.stream.closed;
    expect(left.stream.events.at(-1)).toEqual({ event: "end", data: { reason: "signed_out" } });
    expect([await statusFor(left.token), await statusFor(stays.token)]).toEqual([401, 200]);
    expect(stays.stream.events.filter(({ event }) => event === "end")).toEqual([]);
    stays.stream.close();
  });
});
