import { beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { Order } from "@food/shared/contracts/order";
import { call, describeWithDatabases, type FakeService } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { type OrderService, type Problem, startOrderService } from "../order-service.builder.ts";
import type { OrderDocument } from "../orders/order.ts";
import { tipped } from "./price.ts";
import { setTip } from "./store.ts";

let service: OrderService;
let order: Order;
const orders = () => service.base.mongo.db.collection<OrderDocument>("orders");
const tip = async (
  tipCents: unknown,
  { orderId = order.orderId, actorId = order.customerId, by = service.customer as FakeService } = {},
) =>
  call<Order & Problem>(service.url, `PUT /internal/orders/${orderId}/tip`, {
    token: await by.serviceToken("order"),
    body: { actorId, tipCents },
  });
const read = async () => (await service.read(order.orderId, service.customer, order.customerId)).body;
/** Puts the order at the end of its life, without its way there. */
async function end(status: OrderDocument["status"], hoursAgo = 0) {
  const at = new Date(Date.now() - hoursAgo * 3_600_000);
  const event = {
    sequence: 2,
    type: status,
    from: "ready" as const,
    to: status,
    actor: { role: "system" as const },
    at,
  };
  await orders().updateOne({ _id: order.orderId }, { $set: { status }, $push: { events: event } });
}

describeWithDatabases("PUT /internal/orders/:orderId/tip", () => {
  beforeAll(async () => {
    service = await startOrderService();
    await service.stopWorkers();
  });
  beforeEach(async () => {
    order = (await service.place()).body;
  });

  test("answers 200, and the order has the tip, its component and the new total", async () => {
    const { status, body } = await tip(300);
    expect(status).toBe(200);
    expect(body as Order).toEqual({
      ...order,
      tipCents: 300,
      totalCents: order.totalCents + 300,
      components: [...(order.components ?? []), { kind: "tip", amountCents: 300 }],
    });
    expect(await read()).toEqual(body);
  });

  test("replaces the tip before, and the same again changes nothing", async () => {
    for (const tipCents of [300, 200, 200, 0]) {
      const { status, body } = await tip(tipCents);
      expect([status, body.tipCents ?? 0, body.totalCents]).toEqual([
        200,
        tipCents,
        order.totalCents + tipCents,
      ]);
    }
    expect(await read()).toEqual(order);
  });

  test("with many tips at once, the order has exactly one of them", async () => {
    const tips = [100, 200, 300, 400, 500];
    const answers = await Promise.all(tips.map((cents) => tip(cents)));
    expect(new Set(answers.map(({ status }) => status)).isSubsetOf(new Set([200, 409]))).toBe(true);
    const { tipCents = 0, totalCents } = await read();
    expect(tips).toContain(tipCents);
    expect(totalCents).toBe(order.totalCents + tipCents);
  });

  test("the order's courier reads the tip, and no other courier does", async () => {
    await tip(300);
    const courier = { courierId: newId("crr"), name: "Kim", vehicle: "bicycle" as const };
    await orders().updateOne({ _id: order.orderId }, { $set: { courier } });
    const { body } = await service.read(order.orderId, service.delivery, courier.courierId);
    expect([body.tipCents, body.handoverPin]).toEqual([300, undefined]);
    expect((await service.read(order.orderId, service.delivery, newId("crr"))).status).toBe(404);
  });

  test("stores no tip for an order whose status or tip has changed since it was read", async () => {
    const find = async () => (await orders().findOne({ _id: order.orderId })) as OrderDocument;
    const before = await find();
    await tip(100);
    expect(await setTip(orders(), before, tipped(before, 200))).toBeNull();
    const tippedBefore = await find();
    await end("cancelled");
    expect(await setTip(orders(), tippedBefore, tipped(tippedBefore, 200))).toBeNull();
    expect((await read()).tipCents).toBe(100);
  });

  test("after the delivery only raises it, until 24 hours have passed", async () => {
    await tip(200);
    await end("delivered", 23.9);
    expect((await tip(300)).status).toBe(200);
    const lower = await tip(299);
    expect([lower.status, lower.body.code, lower.body.currentStatus]).toEqual([
      409,
      "TIP_ONLY_HIGHER",
      "delivered",
    ]);
    await orders().updateOne(
      { _id: order.orderId },
      { $set: { "events.1.at": new Date(Date.now() - 86_401_000) } },
    );
    const late = await tip(400);
    expect([late.status, late.body.code]).toEqual([409, "TIP_CLOSED"]);
    expect((await tip(300)).status).toBe(200);
    expect((await read()).tipCents).toBe(300);
  });

  test.each(["rejected", "cancelled", "delivery_failed"] as const)(
    "answers 409 for an order that is %s",
    async (status) => {
      await end(status);
      const { status: answered, body } = await tip(100);
      expect([answered, body.code, body.currentStatus, body.allowedActions]).toEqual([
        409,
        "TIP_CLOSED",
        status,
        [],
      ]);
      expect((await read()).totalCents).toBe(order.totalCents);
    },
  );

  describe("answers 422", () => {
    test("for a tip above the bound, which is half of a large subtotal", async () => {
      expect((await tip(5_000)).status).toBe(200);
      const { status, body } = await tip(5_001);
      expect([status, body.code]).toEqual([422, "TIP_TOO_LARGE"]);
      await orders().updateOne({ _id: order.orderId }, { $set: { subtotalCents: 20_001 } });
      expect((await tip(10_000)).status).toBe(200);
      expect((await tip(10_001)).status).toBe(422);
    });

    test.each([-1, 0.5, "100", null, 1e9, { $gt: 0 }])("for a tip of %p", async (tipCents) => {
      const { status, body } = await tip(tipCents);
      expect([status, body.code]).toEqual([422, "VALIDATION_FAILED"]);
      expect(await read()).toEqual(order);
    });
  });

  test("answers 404 alike for another customer's order and for one that does not exist", async () => {
    for (const whose of [{ actorId: newId("cus") }, { orderId: newId("ord") }]) {
      const { status, body } = await tip(100, whose);
      expect([status, body.code]).toEqual([404, "ORDER_NOT_FOUND"]);
    }
  });

  test("answers 401 without a token, and 403 to a service of another actor", async () => {
    const route = `PUT /internal/orders/${order.orderId}/tip` as const;
    expect((await call(service.url, route, { body: {} })).status).toBe(401);
    for (const by of [service.restaurant, service.delivery])
      expect((await tip(100, { by })).status).toBe(403);
  });
});
