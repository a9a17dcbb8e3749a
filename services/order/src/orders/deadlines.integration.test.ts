import { expect, test } from "bun:test";
import { describeWithDatabases, eventually } from "@food/shared/testing/service";
import { aFleet, answerFor, onDuty, ordersOf } from "../dispatch/fleet.builder.ts";
import { startOrderService } from "../order-service.builder.ts";

describeWithDatabases("deadlines", () => {
  test("cancel an order that the restaurant does not answer", async () => {
    const service = await startOrderService({ ACCEPT_WITHIN_SECONDS: 1 });
    const { body } = await service.place();
    const order = await eventually(async () =>
      ordersOf(service).findOne({ _id: body.orderId, status: "cancelled" }),
    );
    expect(order).toMatchObject({ reason: "acceptance_timeout", awaitingCourier: false });
    expect(order.events.at(-1)?.at.getTime()).toBeGreaterThanOrEqual(order.acceptBy.getTime());
  });

  test("cancel an order for which no courier is found", async () => {
    const service = await startOrderService({ ASSIGN_WITHIN_SECONDS: 1 });
    const { body } = await service.place();
    await service.move(body.orderId, "accept", service.restaurant, {
      actorId: body.restaurantId,
      prepMinutes: 5,
    });
    const order = await eventually(async () =>
      ordersOf(service).findOne({ _id: body.orderId, status: "cancelled" }),
    );
    expect(order.reason).toBe("no_courier");
  });

  test("release a courier who does not pick up ready food, and give it to the next", async () => {
    const service = await startOrderService({ PICKUP_WITHIN_SECONDS: 1 });
    const [first, second] = [onDuty(), onDuty({ location: { lat: 52.5, lng: 13.4 } })];
    const fleet = aFleet([first]);
    answerFor(service, fleet);
    const { body } = await service.place();
    const current = () => ordersOf(service).findOne({ _id: body.orderId });
    const assigned = await eventually(async () => {
      const order = await current();
      return order?.courier && order;
    });
    fleet.join(second);
    for (const action of ["prepare", "ready"])
      await service.move(body.orderId, action, service.restaurant, { actorId: body.restaurantId });
    const told = await eventually(async () =>
      service.told.find(
        ({ deliveryId, progress }) => deliveryId === assigned.deliveryId && progress.declined,
      ),
    );
    expect(told.progress).toMatchObject({ status: "released", reason: "pickup_timeout" });
    fleet.end(first.courierId);
    await eventually(async () => (await current())?.courier?.courierId === second.courierId);
    const order = await current();
    expect(order).toMatchObject({ status: "ready", round: 2, declinedBy: [first.courierId] });
    expect(order?.events.find(({ type }) => type === "courier_released")).toMatchObject({
      reason: "pickup_timeout",
    });
    await service.move(body.orderId, "pickup", service.delivery, { actorId: second.courierId });
    expect((await current())?.pickupBy).toBeUndefined();
  });
});
