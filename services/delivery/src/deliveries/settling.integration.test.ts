import { beforeAll, expect, test } from "bun:test";
import type { Order, OrderStatus } from "@food/shared/contracts/order";
import { repeatedFailures } from "@food/shared/observe/repeated-failures";
import { describeWithDatabases } from "@food/shared/testing/service";
import { notFound } from "@food/shared/values/errors";
import { courierStore } from "../couriers/store.ts";
import {
  anOrderView,
  aProblem,
  type DeliveryService,
  startDeliveryService,
} from "../delivery-service.builder.ts";
import { tripStore } from "../trips/store.ts";
import { sweepClaims } from "../trips/sweep-claims.ts";

describeWithDatabases("a courier's move whose process died", () => {
  let service: DeliveryService;
  beforeAll(async () => {
    service = await startDeliveryService();
    await service.stopWorkers();
  });
  const store = () => tripStore(service.base.mongo.db);
  /** All times of a test count from then. */
  let askedAt: Date;
  const asked = async (to: "picked_up" | "delivered" | "failed") => {
    const mine = await service.anAssignment();
    askedAt = new Date();
    await store().ask(mine.deliveryId, mine.courierId, to, askedAt);
    return mine;
  };
  const found = async (deliveryId: string) => (await service.stored(deliveryId))?.delivery;
  const sweepIn = (seconds: number, readOrder: (orderId: string) => Promise<Order>) =>
    sweepClaims(
      {
        ...{ couriers: courierStore(service.base.mongo.db, 300_000), trips: store(), readOrder },
        ...{ onFree: () => undefined, onChanged: () => undefined },
        outages: repeatedFailures(service.base.log),
      },
      new Date(askedAt.getTime() + seconds * 1_000),
    );

  for (const [to, orderStatus] of [
    ["picked_up", "out_for_delivery"],
    ["delivered", "delivered"],
    ["failed", "delivery_failed"],
  ] as const)
    test(`after the order became ${orderStatus}: the delivery is ${to} ten seconds later`, async () => {
      const { courierId, deliveryId } = await asked(to);
      const moved = async (orderId: string) =>
        anOrderView(orderId, { status: orderStatus, ...(to === "failed" && { reason: "refused" }) });
      await sweepIn(9, moved);
      expect((await found(deliveryId))?.status).toBe("assigned");
      await sweepIn(11, moved);
      expect(await found(deliveryId)).toMatchObject({
        ...{ status: to, orderVersion: 10, ready: true },
        ...(to === "failed" && { reason: "refused" }),
      });
      const courier = await service.couriers().findOne({ _id: courierId });
      expect(courier?.claim === null).toBe(to !== "picked_up");
    });

  /** What became of the deliveries that the sweeps at these seconds read. */
  async function readsAt(seconds: number[], orderId: string, answer: () => Order) {
    const reads: number[] = [];
    for (const second of seconds)
      await sweepIn(second, async (readId) => {
        if (readId === orderId) reads.push(second);
        return readId === orderId ? answer() : anOrderView(readId);
      });
    return reads;
  }

  test("before the order moved: the order is asked ever more rarely, and the delivery stays", async () => {
    const { deliveryId, orderId } = await asked("picked_up");
    const before = await found(deliveryId);
    const seconds = Array.from({ length: 40 }, (_, i) => 5 * i + 1);
    const unmoved = () => anOrderView(orderId, { status: "ready" });
    expect(await readsAt(seconds, orderId, unmoved)).toEqual([11, 26, 56, 116, 176]);
    expect(await found(deliveryId)).toEqual({ ...before, asked: expect.anything() } as typeof before);
  });

  test.each<[string, () => Order]>([
    ["has no answer", () => raise(new Error("away"))],
    ["has another courier", () => raise(notFound("ORDER_NOT_FOUND", "None."))],
  ])("when the order %s: is asked again", async (_, answer) => {
    const { deliveryId, orderId } = await asked("delivered");
    expect(await readsAt([11, 23], orderId, answer)).toEqual([11, 23]);
    await sweepIn(50, async (readId) => anOrderView(readId, { status: "delivered" }));
    expect((await found(deliveryId))?.status).toBe("delivered");
  });

  test("when two replicas sweep at once: one asks", async () => {
    const { orderId } = await asked("picked_up");
    const reads = await Promise.all(
      [1, 2].map(() => readsAt([11], orderId, () => anOrderView(orderId, { status: "ready" }))),
    );
    expect(reads.flat()).toEqual([11]);
  });

  test.each([
    ["fail", "delivery_failed", "failed", "deliver", { pin: "0417" }],
    ["deliver", "delivered", "delivered", "fail", { reason: "refused" }],
    ["pickup", "out_for_delivery", "picked_up", "decline", undefined],
  ] as const)(
    "after %s made the order %s: a courier who tries another action sees at once that the delivery is %s",
    async (_, orderStatus, to, action, body) => {
      const { courierId, deliveryId, token } = await asked(to);
      const refusal = { code: "ILLEGAL_MOVE", currentStatus: orderStatus, allowedActions: [] };
      service.answers.move = ({ orderId, action: made }) =>
        made ? aProblem(409, refusal) : Response.json(anOrderView(orderId, { status: orderStatus }));
      const answer = await service.act({ token }, deliveryId, action, body);
      expect([answer.status, answer.body.code]).toEqual([409, "ILLEGAL_MOVE"]);
      expect((await found(deliveryId))?.status).toBe(to);
      const courier = await service.couriers().findOne({ _id: courierId });
      expect(courier?.claim === null).toBe(to !== "picked_up");
    },
  );

  test("whose order cannot be read when it refuses another action: the refusal stays the answer", async () => {
    const { deliveryId, token } = await asked("failed");
    service.answers.move = ({ action }) =>
      action
        ? aProblem(409, { code: "ILLEGAL_MOVE", currentStatus: "delivery_failed" })
        : aProblem(500, { code: "INTERNAL_ERROR" });
    const { status, body } = await service.act({ token }, deliveryId, "deliver", { pin: "0417" });
    expect([status, body.code]).toEqual([409, "ILLEGAL_MOVE"]);
    expect((await found(deliveryId))?.status).toBe("assigned");
  });

  test.each<OrderStatus>(["out_for_delivery", "delivered"])(
    "once the answer is stored: the order is not asked (%s)",
    async (status) => {
      const mine = await service.anAssignment();
      service.answers.move = ({ orderId, action }) =>
        Response.json(anOrderView(orderId, { status, version: action === "pickup" ? 10 : 11 }));
      askedAt = new Date();
      await service.act(mine, mine.deliveryId, "pickup");
      if (status === "delivered") await service.act(mine, mine.deliveryId, "deliver", { pin: "0417" });
      expect(await readsAt([11, 60], mine.orderId, () => raise(new Error("asked")))).toEqual([]);
    },
  );
});

function raise(error: Error): never {
  throw error;
}
