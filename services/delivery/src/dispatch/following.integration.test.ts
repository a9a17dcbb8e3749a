import { beforeAll, expect, test } from "bun:test";
import { DELIVERY_STATUSES, type DeliveryStatus } from "@food/shared/contracts/delivery";
import { call, describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { canBecome, isLive } from "../deliveries/status.ts";
import {
  anOrderId,
  aTrip,
  type DeliveryService,
  type Problem,
  startDeliveryService,
} from "../delivery-service.builder.ts";

describeWithDatabases("PUT /internal/deliveries/:deliveryId/order", () => {
  let service: DeliveryService;
  beforeAll(async () => {
    service = await startDeliveryService();
  });
  const stored = async (deliveryId: string) => (await service.stored(deliveryId))?.delivery;
  const courierOf = (courierId: string) => service.couriers().findOne({ _id: courierId });
  async function anAssignmentThatIs(status: DeliveryStatus) {
    const assignment = await service.anAssignment();
    if (status !== "assigned")
      await service.follow(assignment.deliveryId, assignment.orderId, { status, orderVersion: 5 });
    return assignment;
  }

  for (const from of DELIVERY_STATUSES)
    for (const to of DELIVERY_STATUSES.filter((status) => status !== from))
      test(`${canBecome(from, to) ? "makes" : "does not make"} a delivery that is ${from} ${to}`, async () => {
        const { courierId, tripId, deliveryId, orderId } = await anAssignmentThatIs(from);
        const before = await stored(deliveryId);
        const { status } = await service.follow(deliveryId, orderId, { status: to, orderVersion: 6 });
        expect(status).toBe(204);
        const after = await stored(deliveryId);
        if (!canBecome(from, to)) expect(after).toEqual(before);
        else expect(after).toMatchObject({ status: to, live: isLive(to), orderVersion: 6 });
        const claim = (await courierOf(courierId))?.claim;
        expect(claim?.tripId).toBe(after?.live ? tripId : undefined);
      });

  test("shows the courier when the food should be ready, and when it is", async () => {
    const { token, deliveryId, orderId } = await service.anAssignment();
    const readyAt = "2026-11-23T12:30:00.000Z";
    const news = { status: "assigned", orderVersion: 3, readyAt, ready: true } as const;
    await service.follow(deliveryId, orderId, news);
    const { body } = await call(service.url, `GET /v1/deliveries/${deliveryId}`, { token });
    expect(body).toMatchObject({ status: "assigned", readyAt, ready: true });
  });

  test("changes nothing for an older or equal version", async () => {
    const { deliveryId, orderId } = await service.anAssignment();
    await service.follow(deliveryId, orderId, { status: "assigned", orderVersion: 7, ready: true });
    const before = await stored(deliveryId);
    for (const orderVersion of [7, 6, 1])
      await service.follow(deliveryId, orderId, { status: "released", orderVersion });
    expect(await stored(deliveryId)).toEqual(before);
  });

  test("when repeated, keeps the first time and reason", async () => {
    const { deliveryId, orderId } = await service.anAssignment();
    await service.follow(deliveryId, orderId, { status: "picked_up", orderVersion: 5 });
    const picked = await stored(deliveryId);
    await service.follow(deliveryId, orderId, { status: "picked_up", orderVersion: 6, ready: true });
    expect((await stored(deliveryId))?.pickedUpAt).toEqual(picked?.pickedUpAt as Date);
    await service.follow(deliveryId, orderId, { status: "failed", orderVersion: 7, reason: "refused" });
    const ended = await stored(deliveryId);
    await service.follow(deliveryId, orderId, { status: "failed", orderVersion: 8, reason: "damaged" });
    expect(await stored(deliveryId)).toEqual(ended);
  });

  test("messages in any order lead to the same state", async () => {
    const news = [
      { status: "assigned", orderVersion: 3, ready: true },
      { status: "picked_up", orderVersion: 4, ready: true },
      { status: "delivered", orderVersion: 5, ready: true },
    ] as const;
    for (const order of [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ]) {
      const { courierId, deliveryId, orderId } = await service.anAssignment();
      for (const i of [...order, ...order]) await service.follow(deliveryId, orderId, news[i] ?? news[0]);
      const end = { status: "delivered", live: false, orderVersion: 5, ready: true } as const;
      expect(await stored(deliveryId)).toMatchObject(end);
      expect((await courierOf(courierId))?.claim).toBeNull();
    }
  });

  test("with ten final messages at once, ends once and frees the courier once", async () => {
    const { courierId, deliveryId, orderId } = await service.anAssignment();
    const end = { status: "delivered", orderVersion: 9 } as const;
    await Promise.all(Array.from({ length: 10 }, () => service.follow(deliveryId, orderId, end)));
    expect(await stored(deliveryId)).toMatchObject({ status: "delivered", live: false });
    expect((await courierOf(courierId))?.claim).toBeNull();
  });

  test("when repeated, frees a courier whom a crash left claimed", async () => {
    const { courierId, tripId, deliveryId, orderId } = await anAssignmentThatIs("delivered");
    const claim = { tripId, orderIds: [orderId], at: new Date() };
    await service.couriers().updateOne({ _id: courierId }, { $set: { claim } });
    await service.follow(deliveryId, orderId, { status: "delivered", orderVersion: 5 });
    expect((await courierOf(courierId))?.claim).toBeNull();
  });

  test("does not free a courier who has the next delivery", async () => {
    const { courierId, deliveryId, orderId } = await anAssignmentThatIs("delivered");
    await service.assign(aTrip(courierId));
    const claim = (await courierOf(courierId))?.claim;
    expect(claim?.orderIds).not.toContain(orderId);
    await service.follow(deliveryId, orderId, { status: "delivered", orderVersion: 5 });
    expect((await courierOf(courierId))?.claim).toEqual(claim as NonNullable<typeof claim>);
  });

  test("stores a release that comes before its delivery, and shows it to no courier", async () => {
    const [deliveryId, orderId] = [newId("dlv"), anOrderId()];
    for (const orderVersion of [2, 2, 1])
      expect((await service.follow(deliveryId, orderId, { status: "released", orderVersion })).status).toBe(
        204,
      );
    const tombstone = await stored(deliveryId);
    expect(tombstone).toMatchObject({ orderId, status: "released", live: false, orderVersion: 2 });
    expect((await service.stored(deliveryId))?.trip).not.toHaveProperty("courierId");
    const { token } = await service.aCourier({ available: false });
    const { status, body } = await call<{ items: unknown[] }>(service.url, "GET /v1/deliveries", { token });
    expect([status, body.items]).toEqual([200, []]);
  });

  test("answers 204 and stores nothing for another status of an unknown delivery", async () => {
    for (const status of DELIVERY_STATUSES.filter((name) => name !== "released")) {
      const deliveryId = newId("dlv");
      expect((await service.follow(deliveryId, anOrderId(), { status, orderVersion: 2 })).status).toBe(204);
      expect(await stored(deliveryId)).toBeUndefined();
    }
  });

  test("answers 401 without a token and 403 to a courier", async () => {
    const body = { orderId: anOrderId(), status: "released", orderVersion: 2, ready: false };
    const route = `PUT /internal/deliveries/${newId("dlv")}/order` as const;
    expect((await call(service.url, route, { body })).status).toBe(401);
    const { token } = await service.aCourier({ available: false });
    expect((await call(service.url, route, { token, body })).status).toBe(403);
  });

  test("answers 404 for a malformed delivery id, 422 for an invalid body", async () => {
    const progress = { status: "released", orderVersion: 2 } as const;
    expect((await service.follow("dlv_x", anOrderId(), progress)).status).toBe(404);
    const lost = await service.follow(newId("dlv"), anOrderId(), { ...progress, status: "lost" as never });
    expect([lost.status, (lost.body as unknown as Problem).code]).toEqual([422, "VALIDATION_FAILED"]);
  });

  test("answers 503 while the order service's public keys are unavailable", async () => {
    const { order } = service;
    const cutOff = await startDeliveryService({ order, ORDER_URL: "http://127.0.0.1:1" });
    const news = { status: "released", orderVersion: 2 } as const;
    expect((await cutOff.follow(newId("dlv"), anOrderId(), news)).status).toBe(503);
  });
});
