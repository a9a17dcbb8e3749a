import { beforeAll, beforeEach, expect, test } from "bun:test";
import type { CouriersOnDuty } from "@food/shared/contracts/trip";
import { call, describeWithDatabases } from "@food/shared/testing/service";
import type { Location } from "@food/shared/values/geo";
import {
  aNewDelivery,
  aTrip,
  type DeliveryService,
  metersNorth,
  PLACE,
  type Problem,
  startDeliveryService,
} from "../delivery-service.builder.ts";

describeWithDatabases("POST /internal/couriers/search", () => {
  let service: DeliveryService;
  beforeAll(async () => {
    service = await startDeliveryService({ MAX_PICKUP_DISTANCE_METERS: 5_000 });
  });
  beforeEach(async () => {
    await service.couriers().deleteMany({});
  });
  const search = async (pickups: Location[], includeBusy = false) =>
    call<CouriersOnDuty & Problem>(service.url, "POST /internal/couriers/search", {
      token: await service.order.serviceToken("delivery"),
      body: { pickups, includeBusy },
    });
  const found = async (pickups: Location[], includeBusy = false) =>
    (await search(pickups, includeBusy)).body.couriers.map(({ courierId }) => courierId).toSorted();

  test("answers 200 with the free couriers within reach, their position and capacity", async () => {
    const { courierId } = await service.aCourier({ at: metersNorth(4_900), vehicle: "car", name: "Sam" });
    await service.aCourier({ at: metersNorth(5_100) });
    const { status, body } = await search([PLACE]);
    expect([status, body.reachMeters]).toEqual([200, 5_000]);
    expect(body.couriers).toMatchObject([{ courierId, name: "Sam", vehicle: "car", capacity: 4 }]);
    expect(body.couriers[0]?.location.lat).toBeCloseTo(metersNorth(4_900).lat);
  });

  test("leaves out couriers who are off duty, busy, or without a fresh position", async () => {
    await service.aCourier({ available: false });
    await service.aCourier({ at: null });
    await service.aCourier({ locationAt: new Date(Date.now() - 301_000) });
    await service.anAssignment();
    expect(await found([PLACE])).toEqual([]);
    expect(await found([PLACE, PLACE, PLACE, PLACE])).toEqual([]);
  });

  test("with many pickups, finds each courier near any of them once", async () => {
    const pickups = [0, 20_000, 40_000, 60_000].map(metersNorth);
    const near = await Promise.all([0, 20_100, 59_000].map((m) => service.aCourier({ at: metersNorth(m) })));
    await service.aCourier({ at: metersNorth(10_000) });
    const expected = near.map(({ courierId }) => courierId).toSorted();
    expect(await found(pickups)).toEqual(expected);
    expect(await found([...pickups, ...pickups])).toEqual(expected);
  });

  test("shows a busy courier with the remaining drop-offs, in sequence", async () => {
    const { courierId } = await service.aCourier({ vehicle: "car" });
    const trip = aTrip(courierId, { orders: 2 });
    await service.assign({ ...trip, sequence: trip.sequence.toReversed() });
    const [first = aNewDelivery(), second = aNewDelivery()] = trip.deliveries;
    const { body } = await search([PLACE], true);
    expect(body.couriers).toMatchObject([
      {
        courierId,
        trip: {
          ...{ tripId: trip.tripId, restaurantId: trip.restaurantId, open: true },
          drops: [{ orderId: second.orderId, pickedUp: false }, { orderId: first.orderId }],
        },
      },
    ]);
    await service.follow(first.deliveryId, first.orderId, { status: "picked_up", orderVersion: 3 });
    await service.follow(second.deliveryId, second.orderId, { status: "released", orderVersion: 3 });
    const later = (await search([PLACE], true)).body.couriers[0]?.trip;
    expect(later).toMatchObject({ open: false, drops: [{ orderId: first.orderId, pickedUp: true }] });
  });

  test("leaves out a courier who is claimed and has no trip yet", async () => {
    await service.aCourier({ claim: { tripId: "trp_x", orderIds: [], at: new Date() } });
    expect(await found([PLACE], true)).toEqual([]);
  });

  test("answers 401 without a token, 403 to a courier, 422 for no pickup or too many, 503 without public keys", async () => {
    const body = { pickups: [PLACE], includeBusy: false };
    const route = "POST /internal/couriers/search" as const;
    expect((await call(service.url, route, { body })).status).toBe(401);
    const { token } = await service.aCourier();
    expect((await call(service.url, route, { token, body })).status).toBe(403);
    for (const pickups of [[], Array.from({ length: 51 }, () => PLACE)])
      expect((await search(pickups)).status).toBe(422);
    const cutOff = await startDeliveryService({ order: service.order, ORDER_URL: "http://127.0.0.1:1" });
    const asked = { token: await service.order.serviceToken("delivery"), body };
    expect((await call(cutOff.url, route, asked)).status).toBe(503);
  });
});
