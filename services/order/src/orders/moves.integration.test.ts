import { beforeAll, describe, expect, test } from "bun:test";
import { ORDER_ACTIONS, ORDER_STATUSES, type OrderStatus } from "@food/shared/contracts/order";
import { call, describeWithDatabases, eventually, type FakeService } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { aCourier } from "../dispatch/fleet.builder.ts";
import { type OrderService, startOrderService } from "../order-service.builder.ts";
import { isCourierReport } from "./move-order.ts";
import { anOrder } from "./order.builder.ts";
import { findMove } from "./status.ts";

describeWithDatabases("POST /internal/orders/:orderId/:action", () => {
  let service: OrderService;
  const courier = aCourier();
  beforeAll(async () => {
    service = await startOrderService();
  });

  const collection = () => service.base.mongo.db.collection<ReturnType<typeof anOrder>>("orders");
  async function anOrderThatIs(status: OrderStatus, overrides = {}) {
    const order = anOrder({ status, awaitingCourier: false, courier, ...overrides });
    await collection().insertOne(order);
    return order;
  }
  type Actor = { by: FakeService; actorId: string };
  const actorsOf = (
    order: ReturnType<typeof anOrder>,
  ): Record<"customer" | "restaurant" | "courier", Actor> => ({
    customer: { by: service.customer, actorId: order.customerId },
    restaurant: { by: service.restaurant, actorId: order.restaurantId },
    courier: { by: service.delivery, actorId: courier.courierId },
  });
  const inputs: Record<string, object> = {
    accept: { prepMinutes: 20 },
    reject: { reason: "too_busy" },
    cancel: { reason: "Oven broken" },
    deliver: { pin: "0417" },
    fail: { reason: "refused" },
  };

  for (const status of ORDER_STATUSES)
    describe(`of an order that is ${status}`, () => {
      for (const action of ORDER_ACTIONS.filter((candidate) => !isCourierReport(candidate)))
        for (const role of ["customer", "restaurant", "courier"] as const) {
          const move = findMove(status, action, role);
          const outcome = move
            ? `lets the ${role} ${action} it`
            : `answers 409 when the ${role} tries to ${action} it`;
          test(outcome, async () => {
            const order = await anOrderThatIs(status);
            const { by, actorId } = actorsOf(order)[role];
            const answer = await service.move(order._id, action, by, { actorId, ...inputs[action] });
            const after = await collection().findOne({ _id: order._id });
            if (move) {
              expect([answer.status, answer.body.status, answer.body.version]).toEqual([200, move.to, 2]);
              expect(after?.events.at(-1)).toMatchObject({
                sequence: 2,
                from: status,
                to: move.to,
                actor: { role },
              });
            } else {
              expect([answer.status, answer.body.code]).toEqual([409, "ILLEGAL_MOVE"]);
              expect(answer.body.currentStatus).toBe(status);
              expect(answer.body.allowedActions).toBeArray();
              expect(after).toEqual(order);
            }
          });
        }
    });

  test("when the same actor repeats a move, changes nothing", async () => {
    const order = await anOrderThatIs("pending");
    const accept = () =>
      service.move(order._id, "accept", service.restaurant, { actorId: order.restaurantId, prepMinutes: 20 });
    const first = await accept();
    const again = await accept();
    expect([again.status, again.body]).toEqual([200, first.body]);
    expect((await collection().findOne({ _id: order._id }))?.events).toHaveLength(2);
  });

  test("another move than the one that led to the status is no repetition of it", async () => {
    const order = await anOrderThatIs("out_for_delivery");
    const { by, actorId } = actorsOf(order).courier;
    const content = { actorId, reason: "refused" };
    expect((await service.move(order._id, "fail", by, content)).status).toBe(200);
    const cancelled = await service.move(order._id, "cancel", by, content);
    expect([cancelled.status, cancelled.body.code]).toEqual([409, "ILLEGAL_MOVE"]);
  });

  for (const [action, status, role, first, others] of [
    ["accept", "pending", "restaurant", { prepMinutes: 20 }, [{ prepMinutes: 21 }, {}]],
    ["prepare", "pending", "restaurant", { prepMinutes: 20 }, [{ prepMinutes: 21 }, {}]],
    ["prepare", "pending", "restaurant", {}, [{ prepMinutes: 15 }]],
    ["prepare", "accepted", "restaurant", {}, [{ prepMinutes: 20 }]],
    ["reject", "pending", "restaurant", { reason: "too_busy" }, [{ reason: "other" }]],
    ["cancel", "accepted", "restaurant", { reason: "Fire" }, [{ reason: "Flood" }]],
    ["cancel", "accepted", "customer", {}, [{ reason: "Flood" }]],
    ["fail", "out_for_delivery", "courier", { reason: "refused" }, [{ reason: "damaged" }]],
    ["deliver", "out_for_delivery", "courier", { pin: "0417" }, [{ pin: "9999" }]],
  ] as const)
    test(`answers 409 when the ${role} repeats ${action} with other content than ${JSON.stringify(first)}`, async () => {
      const order = await anOrderThatIs(status);
      const { by, actorId } = actorsOf(order)[role];
      const move = (content: object) => service.move(order._id, action, by, { actorId, ...content });
      const made = await move(first);
      expect(made.status).toBe(200);
      const stored = await collection().findOne({ _id: order._id });
      for (const other of others) {
        const answer = await move(other);
        expect([answer.status, answer.body.code]).toEqual([409, "MOVE_ALREADY_MADE"]);
        expect(answer.body.currentStatus).toBe(made.body.status);
        expect(answer.body.allowedActions).toBeArray();
      }
      expect((await move(first)).body).toEqual(made.body);
      const { outbox: _, outboxDueAt: __, ...rest } = (await collection().findOne({ _id: order._id })) ?? {};
      expect(stored).toMatchObject(rest as never);
    });

  test("after accept, answers 422 to prepare with prepMinutes and 200 without", async () => {
    const order = await anOrderThatIs("accepted");
    const prepare = (content: object) =>
      service.move(order._id, "prepare", service.restaurant, { actorId: order.restaurantId, ...content });
    const refused = await prepare({ prepMinutes: 90 });
    expect([refused.status, refused.body.code]).toEqual([422, "PREP_MINUTES_SETTLED"]);
    expect(await collection().findOne({ _id: order._id })).toEqual(order);
    expect((await prepare({})).status).toBe(200);
  });

  test("of two opposite moves, exactly one wins and the other gets a 409 with the current status", async () => {
    for (let round = 0; round < 20; round++) {
      const order = await anOrderThatIs("pending");
      const [accepted, cancelled] = await Promise.all([
        service.move(order._id, "reject", service.restaurant, {
          actorId: order.restaurantId,
          reason: "other",
        }),
        service.move(order._id, "cancel", service.customer, { actorId: order.customerId }),
      ]);
      expect([accepted.status, cancelled.status].sort()).toEqual([200, 409]);
      const stored = await collection().findOne({ _id: order._id });
      expect(stored?.version).toBe(2);
      expect(stored?.events).toHaveLength(2);
    }
  });

  test("answers another customer, restaurant or courier with the 404 of an unknown order", async () => {
    const order = await anOrderThatIs("ready");
    const missing = await service.move(newId("ord"), "cancel", service.customer, { actorId: newId("cus") });
    const foreign = await Promise.all([
      service.move(order._id, "cancel", service.customer, { actorId: newId("cus") }),
      service.move(order._id, "cancel", service.restaurant, { actorId: newId("rst") }),
      service.move(order._id, "pickup", service.delivery, { actorId: newId("crr") }),
    ]);
    const shape = (answer: typeof missing) => [answer.status, { ...answer.body, requestId: "" }];
    for (const answer of foreign) expect(shape(answer)).toEqual(shape(missing));
  });

  test("refuses a service that acts for another service's actors", async () => {
    const order = await anOrderThatIs("pending");
    const accept = { actorId: order.restaurantId, prepMinutes: 5 };
    expect((await service.move(order._id, "accept", service.customer, accept)).status).toBe(404);
  });

  test("answers 401 without a token and 403 to a customer's own token", async () => {
    const order = await anOrderThatIs("pending");
    const route = `POST /internal/orders/${order._id}/cancel` as const;
    const body = { actorId: order.customerId };
    const token = await service.customer.tokenFor(order.customerId, "customer", "order");
    expect((await call(service.url, route, { body })).status).toBe(401);
    expect((await call(service.url, route, { body, token })).status).toBe(403);
  });

  test("answers 409 when the restaurant accepts after the deadline", async () => {
    const slow = await startOrderService();
    await slow.stopWorkers();
    const order = anOrder({ acceptBy: new Date(Date.now() - 1_000), awaitingCourier: false });
    await slow.base.mongo.db.collection<typeof order>("orders").insertOne(order);
    const late = await slow.move(order._id, "accept", slow.restaurant, {
      actorId: order.restaurantId,
      prepMinutes: 5,
    });
    expect([late.status, late.body.code]).toEqual([409, "ACCEPT_DEADLINE_PASSED"]);
  });

  describe("deliver", () => {
    test("answers 422 for a wrong PIN and changes nothing", async () => {
      const order = await anOrderThatIs("out_for_delivery");
      const wrong = await service.move(order._id, "deliver", service.delivery, {
        ...courierOf(),
        pin: "9999",
      });
      expect([wrong.status, wrong.body.code]).toEqual([422, "WRONG_PIN"]);
      expect(await collection().findOne({ _id: order._id })).toEqual(order);
    });

    test("after five wrong PINs, answers 429 also to the right one", async () => {
      const order = await anOrderThatIs("out_for_delivery");
      const deliver = (pin: string) =>
        service.move(order._id, "deliver", service.delivery, { ...courierOf(), pin });
      for (let i = 0; i < 5; i++) expect((await deliver(`111${i}`)).status).toBe(422);
      const locked = await deliver("0417");
      expect(locked.status).toBe(429);
      expect(Number(locked.headers.get("retry-after"))).toBeGreaterThan(0);
    });
    test("when all ten thousand PINs are tried at once, checks at most five", async () => {
      const order = await anOrderThatIs("out_for_delivery", { handoverPin: "9999" });
      const deliver = (pin: string) =>
        service.move(order._id, "deliver", service.delivery, { ...courierOf(), pin });
      const burst = Array.from({ length: 60 }, (_, i) => deliver(String(i).padStart(4, "0")));
      const statuses = (await Promise.all(burst)).map(({ status }) => status);
      expect(statuses.filter((status) => status === 422)).toHaveLength(5);
      expect(statuses.filter((status) => status === 429)).toHaveLength(55);
    });

    const courierOf = () => ({ actorId: courier.courierId });
  });

  describe("outbox entries for the delivery service", () => {
    test("delivers one entry when an order with a courier is cancelled", async () => {
      const order = await anOrderThatIs("accepted");
      await service.move(order._id, "cancel", service.customer, { actorId: order.customerId });
      const told = await eventually(async () =>
        service.told.find(({ deliveryId }) => deliveryId === order.deliveryId),
      );
      expect(told.progress).toMatchObject({ orderId: order._id, status: "released", orderVersion: 2 });
      await eventually(async () => (await collection().findOne({ _id: order._id }))?.outbox.length === 0);
    });

    test("retries while the delivery service refuses, and keeps the order of events", async () => {
      const order = await anOrderThatIs("ready");
      service.answers.inform = () => new Response(null, { status: 503 });
      await service.move(order._id, "pickup", service.delivery, { actorId: courier.courierId });
      await service.move(order._id, "deliver", service.delivery, { actorId: courier.courierId, pin: "0417" });
      const { outbox = [] } = (await collection().findOne({ _id: order._id })) ?? {};
      expect(outbox.filter(({ kind }) => kind === "inform_delivery")).toHaveLength(2);
      service.answers.inform = () => new Response(null, { status: 204 });
      const told = await eventually(async () => {
        const mine = service.told.filter(({ deliveryId }) => deliveryId === order.deliveryId);
        return mine.length === 2 && mine;
      });
      expect(told.map(({ progress }) => progress.status)).toEqual(["picked_up", "delivered"]);
    });

    test("has none for a courier's move that the delivery service follows up", async () => {
      const order = await anOrderThatIs("ready");
      // An entry would stay.
      service.answers.inform = () => new Response(null, { status: 503 });
      for (const [action, body] of [
        ["pickup", {}],
        ["deliver", { pin: "0417" }],
      ] as const) {
        const actor = { actorId: courier.courierId, ...body };
        const { status } = await service.move(order._id, `${action}?followsUp=true`, service.delivery, actor);
        expect(status).toBe(200);
        expect((await collection().findOne({ _id: order._id }))?.outbox).toEqual([]);
      }
      service.answers.inform = () => new Response(null, { status: 204 });
    });
  });

  test("when a ready order is cancelled, removes its pickup deadline", async () => {
    const order = await anOrderThatIs("ready", { pickupBy: new Date(Date.now() + 60_000) });
    await service.move(order._id, "cancel", service.restaurant, {
      actorId: order.restaurantId,
      reason: "Fire",
    });
    expect((await collection().findOne({ _id: order._id }))?.pickupBy).toBeUndefined();
  });

  test("does not list a restaurant's orders for the delivery service", async () => {
    const order = await anOrderThatIs("accepted");
    const token = await service.delivery.serviceToken("order");
    const listed = await call(service.url, `GET /internal/orders?actorId=${order.restaurantId}`, { token });
    expect([listed.status, listed.body.code]).toEqual([403, "WRONG_SERVICE"]);
  });
});
