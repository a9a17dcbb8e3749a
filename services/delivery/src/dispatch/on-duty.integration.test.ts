import { beforeAll, beforeEach, expect, test } from "bun:test";
import type { AllOnDuty } from "@food/shared/contracts/trip";
import { call, describeWithDatabases } from "@food/shared/testing/service";
import {
  aTrip,
  type DeliveryService,
  metersNorth,
  startDeliveryService,
} from "../delivery-service.builder.ts";

const ON_DUTY = "GET /internal/couriers/on-duty";

describeWithDatabases(ON_DUTY, () => {
  let service: DeliveryService;
  beforeAll(async () => {
    service = await startDeliveryService();
  });
  beforeEach(() => service.couriers().deleteMany({}));
  const list = async () => {
    const token = await service.order.serviceToken("delivery");
    return call<AllOnDuty>(service.url, ON_DUTY, { token });
  };
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

  test("answers 200 with everybody on duty, wherever they are, also with an old position", async () => {
    const near = await service.aCourier({ locationAt: minutesAgo(50) });
    const far = await service.aCourier({ at: metersNorth(500_000) });
    const { status, body } = await list();
    expect([status, body.hasMore]).toEqual([200, false]);
    expect(body.couriers.map(({ courierId }) => courierId).sort()).toEqual(
      [near.courierId, far.courierId].sort(),
    );
  });

  test("shows a courier on a trip with its doors, also off duty", async () => {
    const { courierId } = await service.aCourier({ vehicle: "car" });
    const trip = aTrip(courierId, { orders: 2 });
    await service.assign(trip);
    await service.couriers().updateOne({ _id: courierId }, { $set: { available: false } });
    const [courier] = (await list()).body.couriers;
    expect(courier).toMatchObject({ courierId, trip: { tripId: trip.tripId } });
    expect(courier?.trip?.drops.map(({ orderId }) => orderId)).toEqual(trip.sequence);
  });

  test("leaves out couriers who are off duty, or have no position of the last hour", async () => {
    await service.aCourier({ available: false });
    await service.aCourier({ at: null });
    await service.aCourier({ locationAt: minutesAgo(61) });
    expect((await list()).body.couriers).toEqual([]);
  });
});
