import { beforeAll, describe, expect, test } from "bun:test";
import { BUSY, type Locks } from "@food/shared/storage/lock";
import { call, describeWithDatabases, fakeService, NO_REDIS } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  type Assigned,
  anAssignRequest,
  anOrderId,
  type DeliveryService,
  metersNorth,
  type Problem,
  startDeliveryService,
} from "../delivery-service.builder.ts";

describeWithDatabases("PUT /internal/deliveries/:deliveryId", () => {
  let service: DeliveryService;
  beforeAll(async () => {
    service = await startDeliveryService();
  });
  /** Nobody else is around. */
  const alone = () => service.couriers().updateMany({}, { $set: { available: false } });
  const aDeliveryId = () => newId("dlv");

  test("answers 200 with the nearest free courier, and why it was them", async () => {
    await alone();
    await service.aCourier({ at: metersNorth(900) });
    const near = await service.aCourier({
      at: metersNorth(300),
      name: "Sam",
      vehicle: "scooter",
      idleSince: new Date(Date.now() - 90_000),
    });
    const deliveryId = aDeliveryId();
    const { status, body } = await service.assign(deliveryId, anAssignRequest());
    expect(status).toBe(200);
    const { distanceMeters, idleSeconds, ...rest } = body as Assigned;
    expect(rest).toEqual({
      outcome: "assigned",
      deliveryId,
      courier: { courierId: near.courierId, name: "Sam", vehicle: "scooter" },
      orderVersion: 1,
    });
    expect(Math.abs(distanceMeters - 300)).toBeLessThanOrEqual(1);
    expect(idleSeconds).toBeGreaterThanOrEqual(90);
    expect(idleSeconds).toBeLessThan(100);
    const stored = await service.deliveries().findOne({ _id: deliveryId });
    expect(stored).toMatchObject({ distanceMeters, idleSeconds, status: "assigned", live: true, slot: 0 });
  });

  test("finds the nearest by where couriers are now, whatever other places are indexed", async () => {
    const other = await startDeliveryService();
    await other.couriers().createIndex({ home: "2dsphere" });
    const { courierId } = await other.aCourier();
    const { status, body } = await other.assign(aDeliveryId(), anAssignRequest());
    expect([status, body]).toMatchObject([200, { outcome: "assigned", courier: { courierId } }]);
  });

  test("answers the same again, whoever else has become free meanwhile", async () => {
    await alone();
    await service.aCourier({ at: metersNorth(900) });
    const [deliveryId, request] = [aDeliveryId(), anAssignRequest()];
    const first = await service.assign(deliveryId, request);
    await service.aCourier({ at: metersNorth(1) });
    const again = await service.assign(deliveryId, { ...request, orderVersion: 3 });
    expect(first.body.outcome).toBe("assigned");
    expect(again.body).toEqual(first.body);
    expect(await service.deliveries().countDocuments({ orderId: request.orderId })).toBe(1);
  });

  test("says none_free when everybody is busy, off duty, nowhere or not heard of for long", async () => {
    await alone();
    await service.aCourier({ available: false });
    await service.aCourier({ at: null });
    await service.anAssignment();
    await service.aCourier({ locationAt: new Date(Date.now() - 301_000) });
    const { status, body } = await service.assign(aDeliveryId(), anAssignRequest());
    expect(status).toBe(200);
    expect(body).toEqual({ outcome: "none_free" });
  });

  test("gives nothing to a courier whose position is too old, however near", async () => {
    await alone();
    const old = { at: metersNorth(10), locationAt: new Date(Date.now() - 301_000) };
    const { courierId } = await service.aCourier(old);
    const next = await service.aCourier({ at: metersNorth(900) });
    const { body } = await service.assign(aDeliveryId(), anAssignRequest());
    expect((body as Assigned).courier.courierId).toBe(next.courierId);
    await service.couriers().updateOne({ _id: courierId }, { $set: { locationAt: new Date() } });
    const { body: then } = await service.assign(aDeliveryId(), anAssignRequest());
    expect((then as Assigned).courier.courierId).toBe(courierId);
  });

  test("says none_suitable when somebody is free, but too far away", async () => {
    await alone();
    await service.aCourier({ at: metersNorth(30_100) });
    const { body } = await service.assign(aDeliveryId(), anAssignRequest());
    expect(body).toEqual({ outcome: "none_suitable" });
  });

  test("does not offer an order again to a courier who declined it, only to the next", async () => {
    await alone();
    const decliner = await service.aCourier();
    const request = anAssignRequest();
    const first = aDeliveryId();
    await service.assign(first, request);
    const declined = { status: "released", orderVersion: 4, declined: true } as const;
    await service.follow(first, request.orderId, declined);
    expect((await service.assign(aDeliveryId(), request)).body).toEqual({ outcome: "none_suitable" });
    const next = await service.aCourier({ at: metersNorth(5_000) });
    const { body } = await service.assign(aDeliveryId(), request);
    expect((body as Assigned).courier.courierId).toBe(next.courierId);
    const other = await service.assign(aDeliveryId(), anAssignRequest());
    expect((other.body as Assigned).courier.courierId).toBe(decliner.courierId);
  });

  test("waits for the round before to be over, then goes on to the next courier", async () => {
    await alone();
    const first = await service.aCourier();
    const next = await service.aCourier({ at: metersNorth(50) });
    const [round, request] = [aDeliveryId(), anAssignRequest()];
    expect((await service.assign(round, request)).body).toMatchObject({
      courier: { courierId: first.courierId },
    });
    const early = service.assign(aDeliveryId(), request);
    await service.follow(round, request.orderId, { status: "released", orderVersion: 4, declined: true });
    expect((await early).body).toMatchObject({ outcome: "assigned", courier: { courierId: next.courierId } });
  });

  describe("when somebody else comes between", () => {
    /** Does this right before a courier is claimed. */
    const beforeClaiming = (meanwhile: () => Promise<unknown>): Locks => ({
      async withLock(key, _ttlMs, run) {
        if (key.startsWith("courier:")) await meanwhile();
        return run();
      },
    });

    test("says none_suitable while the round before goes on, and tries nobody meanwhile", async () => {
      let tried = 0;
      const watched = await startDeliveryService({ locks: beforeClaiming(async () => tried++) });
      const { orderId } = await watched.anAssignment();
      tried = 0;
      await watched.aCourier();
      const { body } = await watched.assign(aDeliveryId(), anAssignRequest({ orderId }));
      expect(body).toEqual({ outcome: "none_suitable" });
      expect(tried).toBe(0);
    });

    test("says none_free when the only one who is free is just being claimed", async () => {
      const locks: Locks = {
        withLock: async (key, _ttlMs, run) => (key.startsWith("courier:") ? BUSY : run()),
      };
      const contended = await startDeliveryService({ locks });
      await contended.aCourier();
      const { body } = await contended.assign(aDeliveryId(), anAssignRequest());
      expect(body).toEqual({ outcome: "none_free" });
    });

    test("goes on with a courier whom another process claims for the same delivery", async () => {
      const [deliveryId, request] = [aDeliveryId(), anAssignRequest()];
      const claim = { deliveryId, orderId: request.orderId, at: new Date() };
      const locks = beforeClaiming(() => overtaken.couriers().updateOne({}, { $set: { claim } }));
      const overtaken: DeliveryService = await startDeliveryService({ locks });
      const { courierId } = await overtaken.aCourier();
      const { body } = await overtaken.assign(deliveryId, request);
      expect(body).toMatchObject({ outcome: "assigned", courier: { courierId } });
    });

    test("goes on with the next courier when the nearest goes off duty", async () => {
      const locks = beforeClaiming(() =>
        overtaken.couriers().updateOne({ name: "Nearest" }, { $set: { available: false } }),
      );
      const overtaken: DeliveryService = await startDeliveryService({ locks });
      await overtaken.aCourier({ name: "Nearest" });
      const { courierId } = await overtaken.aCourier({ at: metersNorth(100) });
      const { body } = await overtaken.assign(aDeliveryId(), anAssignRequest());
      expect(body).toMatchObject({ outcome: "assigned", courier: { courierId } });
    });
  });

  test("says closed when the delivery is over", async () => {
    await alone();
    const { deliveryId, orderId } = await service.anAssignment();
    await service.follow(deliveryId, orderId, { status: "delivered", orderVersion: 9 });
    const { body } = await service.assign(deliveryId, anAssignRequest({ orderId }));
    expect(body).toEqual({ outcome: "closed" });
  });

  test("says closed when the order released it before it came, and claims nobody", async () => {
    await alone();
    const { courierId } = await service.aCourier();
    const [deliveryId, orderId] = [aDeliveryId(), anOrderId()];
    await service.follow(deliveryId, orderId, { status: "released", orderVersion: 2 });
    const { body } = await service.assign(deliveryId, anAssignRequest({ orderId }));
    expect(body).toEqual({ outcome: "closed" });
    expect(await service.couriers().findOne({ _id: courierId })).toMatchObject({ claim: null });
  });

  test("keeps the pickup, the way and the time the food is expected", async () => {
    await alone();
    const courier = await service.aCourier();
    const [deliveryId, readyAt] = [aDeliveryId(), "2026-11-23T12:30:00.000Z"];
    const request = anAssignRequest({ readyAt });
    await service.assign(deliveryId, request);
    const { body } = await call(service.url, `GET /v1/deliveries/${deliveryId}`, courier);
    expect(body).toMatchObject({ pickup: request.pickup, dropoff: request.dropoff, readyAt, ready: false });
  });

  describe("after a crash", () => {
    test("between claim and delivery, asking again finishes with the courier who was claimed", async () => {
      await alone();
      const [deliveryId, request] = [aDeliveryId(), anAssignRequest()];
      const claim = { deliveryId, orderId: request.orderId, at: new Date() };
      const claimed = await service.aCourier({ at: metersNorth(2_000), claim });
      await service.aCourier({ at: metersNorth(10) });
      const { body } = await service.assign(deliveryId, request);
      expect(body).toMatchObject({ outcome: "assigned", courier: { courierId: claimed.courierId } });
      expect(Math.abs((body as Assigned).distanceMeters - 2_000)).toBeLessThanOrEqual(5);
    });

    test("that left a wrong claim for this delivery, the courier goes back to what they really do", async () => {
      await alone();
      const busy = await service.anAssignment();
      const [deliveryId, request] = [aDeliveryId(), anAssignRequest()];
      const wrong = { deliveryId, orderId: request.orderId, at: new Date() };
      await service.couriers().updateOne({ _id: busy.courierId }, { $set: { claim: wrong } });
      expect((await service.assign(deliveryId, request)).body).toEqual({ outcome: "none_free" });
      const after = await service.couriers().findOne({ _id: busy.courierId });
      expect(after?.claim).toMatchObject({ deliveryId: busy.deliveryId, orderId: busy.orderId });
    });

    test("that left a busy courier without claim, the index refuses and the next courier gets it", async () => {
      await alone();
      const busy = await service.anAssignment();
      await service.couriers().updateOne({ _id: busy.courierId }, { $set: { claim: null } });
      const next = await service.aCourier({ at: metersNorth(700) });
      const { body } = await service.assign(aDeliveryId(), anAssignRequest());
      expect(body).toMatchObject({ outcome: "assigned", courier: { courierId: next.courierId } });
      const after = await service.couriers().findOne({ _id: busy.courierId });
      expect(after?.claim).toMatchObject({ deliveryId: busy.deliveryId });
    });

    test("that claimed two couriers for one delivery, its end sets both free", async () => {
      await alone();
      const { deliveryId, orderId } = await service.anAssignment();
      const second = await service.aCourier({ claim: { deliveryId, orderId, at: new Date() } });
      await service.follow(deliveryId, orderId, { status: "released", orderVersion: 5 });
      expect(await service.couriers().countDocuments({ "claim.deliveryId": deliveryId })).toBe(0);
      expect(await service.couriers().findOne({ _id: second.courierId })).toMatchObject({ claim: null });
    });
  });

  test("answers 401 without a token", async () => {
    const { status } = await call(service.url, `PUT /internal/deliveries/${aDeliveryId()}`, {
      body: anAssignRequest(),
    });
    expect(status).toBe(401);
  });

  test("answers 403 to a courier", async () => {
    const { token } = await service.aCourier({ available: false });
    const { status, body } = await call<Problem>(service.url, `PUT /internal/deliveries/${aDeliveryId()}`, {
      token,
      body: anAssignRequest(),
    });
    expect([status, body.code]).toEqual([403, "WRONG_ROLE"]);
  });

  test("answers 404 for what is no delivery id", async () => {
    expect((await service.assign("dlv_x", anAssignRequest())).status).toBe(404);
  });

  test("answers 422 for a field it does not know", async () => {
    const extra = { ...anAssignRequest(), courierId: newId("crr") };
    const { status, body } = await service.assign(aDeliveryId(), extra);
    expect(status).toBe(422);
    expect((body as unknown as Problem).details).toMatchObject([{ pointer: "/courierId" }]);
  });

  test("answers 503 while the order service's keys cannot be had", async () => {
    const order = await fakeService("order");
    const cutOff = await startDeliveryService({ redisUrl: NO_REDIS, order, ORDER_URL: "http://127.0.0.1:1" });
    const { status, headers } = await cutOff.assign(aDeliveryId(), anAssignRequest());
    expect(status).toBe(503);
    expect(headers.get("retry-after")).toBe("1");
  });
});
