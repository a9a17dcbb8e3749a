// What operators do for an order by hand, and what happens when others act at the same time.
import { beforeAll, expect, test } from "bun:test";
import { ORDER_STATUSES } from "@food/shared/contracts/order";
import { call, describeWithDatabases, eventually } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import type { Collection } from "mongodb";
import { type OrderService, type Problem, startOrderService } from "../order-service.builder.ts";
import { anOrder } from "../orders/order.builder.ts";
import type { OrderDocument } from "../orders/order.ts";
import { isBeforePickup, isFinal } from "../orders/status.ts";

const REASON = "Courier had an accident";
const courier = { courierId: newId("crr"), name: "Kim", vehicle: "bicycle" } as const;

interface Helped extends Problem {
  order: { status: string; reason?: string; courier?: object };
  timeline: { type: string; to: string; actor: { role: string; id?: string }; reason?: string }[];
  items: Helped["timeline"];
}

describeWithDatabases("help by an operator", () => {
  let service: OrderService;
  beforeAll(async () => {
    service = await startOrderService();
    await service.stopWorkers();
  });
  const collection = (): Collection<OrderDocument> => service.base.mongo.db.collection("orders");
  async function anOrderThatIs(status: OrderDocument["status"], overrides: Partial<OrderDocument> = {}) {
    const order = anOrder({ status, awaitingCourier: false, courier, ...overrides });
    await collection().insertOne(order);
    return order;
  }
  const stored = async ({ _id }: OrderDocument) => (await collection().findOne({ _id })) as OrderDocument;
  async function help(order: { _id: string }, action: string, body: object, operatorId = newId("opr")) {
    const token = await service.operatorToken(operatorId);
    return call<Helped>(service.url, `POST /v1/town/orders/${order._id}/${action}`, { token, body });
  }
  const cancel = (order: OrderDocument, operatorId?: string, reason = REASON) =>
    help(order, "cancel", { reason }, operatorId);
  const complete = (order: OrderDocument, operatorId?: string) =>
    help(order, "complete", { reason: REASON }, operatorId);
  const reassign = (order: OrderDocument, operatorId?: string, courierId: string = courier.courierId) =>
    help(order, "reassign", { courierId, reason: REASON }, operatorId);

  test.each(ORDER_STATUSES.filter((status) => !isFinal(status)))(
    "cancel ends an order that is %s, with operator and reason in the timeline",
    async (status) => {
      const [order, operatorId] = [await anOrderThatIs(status), newId("opr")];
      const { status: answered, body } = await cancel(order, operatorId);
      expect(answered).toBe(200);
      const to = isBeforePickup(status) ? "cancelled" : "delivery_failed";
      expect(body.order).toMatchObject({ status: to, reason: REASON });
      expect(body.timeline.at(-1)).toMatchObject({
        ...{ to, actor: { role: "operator", id: operatorId }, reason: REASON },
      });
      const [entry] = (await stored(order)).outbox.filter(({ kind }) => kind === "inform_delivery");
      const progress = { status: isBeforePickup(status) ? "released" : "failed", reason: REASON };
      expect(entry).toMatchObject({ deliveryId: order.deliveryId, progress });
    },
  );

  test.each(ORDER_STATUSES)("complete is for an order that is out for delivery: %s", async (status) => {
    const order = await anOrderThatIs(status);
    const { status: answered, body } = await complete(order);
    if (status === "out_for_delivery") {
      expect([answered, body.order.status]).toEqual([200, "delivered"]);
      expect(body.timeline.at(-1)).toMatchObject({ type: "delivered", reason: REASON });
    } else expect([answered, body.code]).toEqual([409, "ILLEGAL_MOVE"]);
  });

  test.each(ORDER_STATUSES)(
    "reassign takes the order from its courier before the pickup: %s",
    async (status) => {
      const order = await anOrderThatIs(status);
      const { status: answered, body } = await reassign(order);
      if (!isBeforePickup(status)) {
        expect([answered, body.code]).toEqual([409, "ILLEGAL_MOVE"]);
        expect(await stored(order)).toMatchObject({ courier, version: order.version });
        return;
      }
      expect(answered).toBe(200);
      expect(body.order.courier).toBeUndefined();
      const after = await stored(order);
      expect(after).toMatchObject({
        ...{ awaitingCourier: true, declinedBy: [courier.courierId], round: order.round + 1 },
      });
      const entry = after.outbox.find(({ kind }) => kind === "inform_delivery");
      const progress = { status: "released", declined: true, reason: REASON };
      expect(entry).toMatchObject({ deliveryId: order.deliveryId, progress });
    },
  );

  test("cancel answers 409 once the order has ended, with what is still possible", async () => {
    const { status, body } = await cancel(await anOrderThatIs("delivered"));
    expect([status, body.code]).toEqual([409, "ILLEGAL_MOVE"]);
    expect(body).toMatchObject({ currentStatus: "delivered", allowedActions: [] });
  });

  test("reassign answers 409 when another courier has the order, or none", async () => {
    for (const order of [
      await anOrderThatIs("ready"),
      await anOrderThatIs("pending", { awaitingCourier: true }),
    ]) {
      const { status, body } = await reassign(order, undefined, newId("crr"));
      expect([status, body.code]).toEqual([409, "COURIER_CHANGED"]);
    }
  });

  test("sent again by the same operator, changes nothing, also when another courier has the order by then", async () => {
    const operatorId = newId("opr");
    const cancelled = await anOrderThatIs("ready");
    const completed = await anOrderThatIs("out_for_delivery");
    const reassigned = await anOrderThatIs("ready");
    for (const [order, act] of [
      [cancelled, cancel],
      [completed, complete],
      [reassigned, reassign],
    ] as const) {
      expect((await act(order, operatorId)).status).toBe(200);
      if (act === reassign)
        await collection().updateOne(
          { _id: order._id },
          { $set: { courier: { ...courier, courierId: newId("crr") }, awaitingCourier: false } },
        );
      const { version } = await stored(order);
      expect((await act(order, operatorId)).status).toBe(200);
      expect((await stored(order)).version).toBe(version);
    }
  });

  test("sent again with another reason, answers 409", async () => {
    const [order, operatorId] = [await anOrderThatIs("ready"), newId("opr")];
    await cancel(order, operatorId);
    const { status, body } = await cancel(order, operatorId, "Something else");
    expect([status, body.code]).toEqual([409, "MOVE_ALREADY_MADE"]);
  });

  test.each(["cancel", "complete", "reassign"])("%s answers 404 for an unknown order", async (action) => {
    const body = { reason: REASON, ...(action === "reassign" && { courierId: courier.courierId }) };
    const { status, body: problem } = await help({ _id: newId("ord") }, action, body);
    expect([status, problem.code]).toEqual([404, "ORDER_NOT_FOUND"]);
  });

  test.each(["cancel", "complete", "reassign"])(
    "%s answers 422 without a reason of 1 to 200 characters",
    async (action) => {
      const order = await anOrderThatIs("ready");
      for (const reason of [undefined, "", "x".repeat(201)])
        expect((await help(order, action, { courierId: courier.courierId, reason })).status).toBe(422);
    },
  );

  test("two operators at once: one makes the move, and the other gets 409", async () => {
    for (const act of [cancel, complete, reassign]) {
      const order = await anOrderThatIs(act === complete ? "out_for_delivery" : "ready");
      const answers = await Promise.all([act(order), act(order), act(order)]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409]);
      expect((await stored(order)).version).toBe(order.version + 1);
    }
  });

  test("a cancel against the courier's pickup: one after the other, and the delivery service hears the right end", async () => {
    for (let round = 0; round < 8; round++) {
      const order = await anOrderThatIs("ready");
      const body = { actorId: courier.courierId, deliveryId: order.deliveryId };
      const [pickup, cancelled] = await Promise.all([
        service.move(order._id, "pickup", service.delivery, body),
        cancel(order),
      ]);
      expect(cancelled.status).toBe(200);
      const { status, outbox, events } = await stored(order);
      const isPickedUp = pickup.status === 200;
      expect(status).toBe(isPickedUp ? "delivery_failed" : "cancelled");
      expect(events.map(({ type }) => type)).toEqual(
        isPickedUp ? ["placed", "picked_up", "failed"] : ["placed", "cancelled"],
      );
      const last = outbox.findLast((entry) => entry.kind === "inform_delivery");
      expect(last?.progress.status).toBe(isPickedUp ? "failed" : "released");
    }
  });

  test("portions go back when the order is cancelled before the pickup, and not after it", async () => {
    const kept = await anOrderThatIs("out_for_delivery", { holdsStock: true });
    const returned = await anOrderThatIs("ready", { holdsStock: true });
    for (const order of [kept, returned]) await cancel(order);
    const isReleasing = async (order: OrderDocument) =>
      (await stored(order)).outbox.some(({ kind }) => kind === "release_stock");
    expect([await isReleasing(kept), await isReleasing(returned)]).toEqual([false, true]);
  });

  test("is in the operator's activity, and the parties see that an operator did it, not which one", async () => {
    const [order, operatorId] = [await anOrderThatIs("pending"), newId("opr")];
    await cancel(order, operatorId);
    const token = await service.operatorToken(operatorId);
    const activity = await eventually(async () => {
      const { body } = await call<{ items: object[] }>(service.url, "GET /v1/operators/me/activity", {
        token,
      });
      return body.items[0];
    });
    expect(activity).toMatchObject({ action: "order.cancelled", subject: order._id });
    const customer = await service.customer.tokenFor(order.customerId, "customer", "order");
    const timeline = `GET /v1/orders/${order._id}/timeline` as const;
    const { items } = (await call<Helped>(service.url, timeline, { token: customer })).body;
    expect(items.at(-1)).toMatchObject({ actor: { role: "operator" }, reason: REASON });
    expect(JSON.stringify(items)).not.toContain(operatorId);
  });

  test("GET /v1/town/orders/:orderId answers the order with its timeline, and 404 for an unknown one", async () => {
    const order = await anOrderThatIs("ready");
    const token = await service.operatorToken();
    const read = (orderId: string) =>
      call<Helped & { order: { handoverPin?: string } }>(service.url, `GET /v1/town/orders/${orderId}`, {
        token,
      });
    const { status, body } = await read(order._id);
    expect([status, body.timeline.length, body.order.handoverPin]).toEqual([200, 1, undefined]);
    expect((await read(newId("ord"))).status).toBe(404);
  });
});
