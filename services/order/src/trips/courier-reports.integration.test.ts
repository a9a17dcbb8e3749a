import { beforeAll, describe, expect, test } from "bun:test";
import { describeWithDatabases, eventually } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { aCourier } from "../dispatch/fleet.builder.ts";
import { type OrderService, startOrderService } from "../order-service.builder.ts";
import { isCourierReport } from "../orders/move-order.ts";
import { anOrder } from "../orders/order.builder.ts";
import type { OrderDocument } from "../orders/order.ts";

const MINUTE_MS = 60_000;

describeWithDatabases("reports about a courier", () => {
  let service: OrderService;
  const courier = aCourier();
  beforeAll(async () => {
    service = await startOrderService();
  });
  const collection = () => service.base.mongo.db.collection<OrderDocument>("orders");
  const stored = async ({ _id }: OrderDocument) => {
    const order = await collection().findOne({ _id });
    if (!order) throw new Error("The order is gone");
    return order;
  };
  async function anOrderThatIs(status: OrderDocument["status"], overrides: Partial<OrderDocument> = {}) {
    const order = anOrder({ status, awaitingCourier: false, courier, ...overrides });
    await collection().insertOne(order);
    return order;
  }
  const report = (action: string, { _id, deliveryId }: OrderDocument, body: object = {}) =>
    service.move(_id, action, service.delivery, { actorId: courier.courierId, deliveryId, ...body });
  const toldOf = ({ deliveryId }: OrderDocument) =>
    eventually(async () => service.told.find((told) => told.deliveryId === deliveryId)?.progress);

  describe.each(["decline", "release"])("%s", (action) => {
    test("removes the courier and starts another round", async () => {
      const order = await anOrderThatIs("accepted");
      const answer = await report(action, order);
      expect([answer.status, answer.body.courier]).toEqual([200, undefined]);
      const after = await stored(order);
      expect(after).toMatchObject({ round: 2, awaitingCourier: true, status: "accepted" });
      expect(after.deliveryId).not.toBe(order.deliveryId);
      expect([after.trip, after.pickupAt]).toEqual([undefined, undefined]);
    });

    test("when repeated, changes nothing", async () => {
      const order = await anOrderThatIs("accepted");
      await report(action, order);
      expect((await report(action, order)).status).toBe(200);
      expect((await stored(order)).round).toBe(2);
    });

    test("answers 409 after the pickup, 404 for another courier, and 422 without a delivery", async () => {
      const order = await anOrderThatIs("out_for_delivery");
      expect((await report(action, order)).status).toBe(409);
      const other = await anOrderThatIs("ready");
      expect((await report(action, other, { actorId: newId("crr") })).status).toBe(404);
      const nameless = { actorId: courier.courierId };
      expect((await service.move(other._id, action, service.delivery, nameless)).status).toBe(422);
    });
  });

  test("a courier who declined does not get the order again, a silent courier may", async () => {
    const [declined, silent] = [await anOrderThatIs("accepted"), await anOrderThatIs("accepted")];
    await report("decline", declined);
    await report("release", silent, { reason: "courier_silent" });
    expect((await stored(declined)).declinedBy).toEqual([courier.courierId]);
    expect((await stored(silent)).declinedBy).toBeUndefined();
    expect(await toldOf(declined)).toMatchObject({ status: "released", declined: true });
    const told = await toldOf(silent);
    expect([told.status, told.reason, told.declined]).toEqual(["released", "courier_silent", undefined]);
    const event = (await stored(silent)).events.at(-1);
    expect(event).toMatchObject({ actor: { role: "system" }, reason: "courier_silent" });
  });

  describe("arrive", () => {
    test("before the pickup, stores the first arrival at the restaurant and keeps the status", async () => {
      const order = await anOrderThatIs("accepted");
      const answer = await report("arrive", order);
      expect([answer.status, answer.body.status, answer.body.version]).toEqual([200, "accepted", 2]);
      const after = await stored(order);
      expect(after.events.at(-1)).toMatchObject({
        type: "courier_at_restaurant",
        from: "accepted",
        to: "accepted",
      });
      expect(after.pickupAt).toEqual(after.events.at(-1)?.at as Date);
      expect((await report("arrive", order)).body.version).toBe(2);
    });

    test("after the pickup, stores the arrival at the door and updates the estimate", async () => {
      const order = await anOrderThatIs("out_for_delivery", {
        estimatedDeliveryAt: new Date(Date.now() + 30 * MINUTE_MS),
      });
      expect((await report("arrive", order)).status).toBe(200);
      const after = await stored(order);
      expect(after.events.at(-1)?.type).toBe("courier_at_door");
      expect(after.estimatedDeliveryAt.getTime()).toBeLessThan(Date.now() + 3 * MINUTE_MS);
      expect((await report("arrive", order)).body.version).toBe(2);
    });

    test("answers 404 to another courier, 409 after the end, and 503 while the assignment is being stored", async () => {
      const order = await anOrderThatIs("ready");
      expect((await report("arrive", order, { actorId: newId("crr") })).status).toBe(404);
      expect((await report("arrive", order, { deliveryId: newId("dlv") })).status).toBe(404);
      expect((await report("arrive", await anOrderThatIs("delivered"))).status).toBe(409);
      const { courier: _, ...settling } = anOrder({ awaitingCourier: false });
      await collection().insertOne(settling);
      expect((await report("arrive", settling)).status).toBe(503);
    });
  });

  test("answers 422 when another service than the delivery service reports", async () => {
    const order = await anOrderThatIs("accepted");
    for (const action of ["decline", "release", "arrive"] as const) {
      expect(isCourierReport(action)).toBe(true);
      const { actorId, deliveryId } = { actorId: order.customerId, deliveryId: order.deliveryId };
      expect((await service.move(order._id, action, service.customer, { actorId, deliveryId })).status).toBe(
        422,
      );
    }
  });

  describe("an order that shares its trip", () => {
    const door = (lat: number) => ({ ...anOrder().deliveryAddress, location: { lat, lng: 13.4 } });
    async function aTripOf(status: OrderDocument["status"]) {
      const [one, other] = [anOrder(), anOrder()];
      const place = { tripId: newId("trp"), version: 1, sequence: [one._id, other._id] };
      const shared = { status, awaitingCourier: false, courier };
      const orders: [OrderDocument, OrderDocument] = [
        { ...one, ...shared, deliveryAddress: door(52.53), trip: { ...place, before: [] } },
        {
          ...other,
          ...shared,
          deliveryAddress: door(52.54),
          trip: { ...place, before: [door(52.53).location] },
        },
      ];
      await collection().insertMany(orders);
      return orders;
    }
    const stops = async (order: OrderDocument) => (await stored(order)).trip?.before.length;

    test.each([
      [
        "is delivered",
        "out_for_delivery",
        (order: OrderDocument) => report("deliver", order, { pin: "0417" }),
      ],
      ["fails", "out_for_delivery", (order: OrderDocument) => report("fail", order, { reason: "refused" })],
      ["is declined", "ready", (order: OrderDocument) => report("decline", order)],
      [
        "is cancelled",
        "ready",
        ({ _id, restaurantId: actorId }: OrderDocument) =>
          service.move(_id, "cancel", service.restaurant, { actorId, reason: "Fire" }),
      ],
    ] as const)("when it %s, lowers `stopsBefore` of the orders behind it", async (_, status, end) => {
      const [first, second] = await aTripOf(status);
      expect((await end(first)).status).toBe(200);
      await eventually(async () => (await stops(second)) === 0);
      const { events, version } = await stored(second);
      expect(events.at(-1)).toMatchObject({ type: "trip_changed", from: status, to: status });
      expect(version).toBe(2);
      await eventually(async () => (await stored(first)).outbox.length === 0);
      const { outbox, ...rest } = await stored(second);
      expect(rest).toMatchObject({ version });
      expect(outbox.filter(({ kind }) => kind === "inform_delivery")).toEqual([]);
    });

    test("when it ends, does not change the orders before it", async () => {
      const [first, second] = await aTripOf("out_for_delivery");
      await report("deliver", second, { pin: "0417" });
      await eventually(async () => (await stored(second)).outbox.length === 0);
      expect((await stored(first)).version).toBe(1);
    });

    test("shows `stopsBefore` to its customer, and the trip to the restaurant only", async () => {
      const [, second] = await aTripOf("ready");
      const shownTo = async (by: OrderService["customer"], actorId: string) => {
        const { body } = await service.read(second._id, by, actorId);
        return [body.stopsBefore, body.tripId];
      };
      expect(await shownTo(service.customer, second.customerId)).toEqual([1, undefined]);
      expect(await shownTo(service.restaurant, second.restaurantId)).toEqual([1, second.trip?.tripId]);
    });
  });

  test("updates the kitchen's record from its reports", async () => {
    const restaurantId = newId("rst");
    const readyAt = new Date(Date.now() - 4 * MINUTE_MS);
    const order = await anOrderThatIs("preparing", { restaurantId, readyAt });
    await service.move(order._id, "ready", service.restaurant, { actorId: restaurantId });
    await service.move(order._id, "ready", service.restaurant, { actorId: restaurantId });
    const kitchens = service.base.mongo.db.collection<{ _id: string; lateMs: number[] }>("kitchens");
    const habit = await eventually(() => kitchens.findOne({ _id: restaurantId }));
    expect(habit?.lateMs).toHaveLength(1);
    expect(habit?.lateMs[0]).toBeWithin(4 * MINUTE_MS, 5 * MINUTE_MS);
  });
});
