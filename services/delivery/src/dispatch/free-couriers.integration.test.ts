import { beforeAll, beforeEach, expect, test } from "bun:test";
import type { FreeCouriers } from "@food/shared/contracts/delivery";
import { call, describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  type DeliveryService,
  PLACE,
  type Problem,
  startDeliveryService,
} from "../delivery-service.builder.ts";

describeWithDatabases("GET /internal/couriers/free", () => {
  let service: DeliveryService;
  beforeAll(async () => {
    service = await startDeliveryService();
  });
  beforeEach(() => service.couriers().deleteMany({}));
  const list = async () => {
    const token = await service.order.serviceToken("delivery");
    return call<FreeCouriers & Problem>(service.url, "GET /internal/couriers/free", { token });
  };
  const secondsAgo = (seconds: number) => new Date(Date.now() - seconds * 1_000);

  test("answers 200 with the couriers who have just become free, their position and reach", async () => {
    const later = await service.aCourier({ idleSince: secondsAgo(2) });
    const sooner = await service.aCourier({ idleSince: secondsAgo(8) });
    const { status, body } = await list();
    expect(status).toBe(200);
    const location = { lat: expect.closeTo(PLACE.lat), lng: expect.closeTo(PLACE.lng) };
    expect(body.items).toEqual(
      [later, sooner].map(({ courierId }) => ({ courierId, location, reachMeters: 30_000 })),
    );
  });

  test("leaves out couriers who have been free for longer, are busy, off duty, or have no fresh position", async () => {
    await service.aCourier({ idleSince: secondsAgo(15) });
    await service.aCourier({ claim: { tripId: newId("trp"), orderIds: [newId("ord")], at: new Date() } });
    await service.aCourier({ available: false });
    await service.aCourier({ at: null });
    await service.aCourier({ locationAt: secondsAgo(301) });
    expect((await list()).body.items).toEqual([]);
  });

  test("answers 401 without a token and 403 to a courier", async () => {
    expect((await call(service.url, "GET /internal/couriers/free")).status).toBe(401);
    const { token } = await service.aCourier();
    expect((await call(service.url, "GET /internal/couriers/free", { token })).status).toBe(403);
  });

  test("answers 503 while the order service's public keys are unavailable", async () => {
    const { order } = service;
    const cutOff = await startDeliveryService({ order, ORDER_URL: "http://127.0.0.1:1" });
    const token = await order.serviceToken("delivery");
    expect((await call(cutOff.url, "GET /internal/couriers/free", { token })).status).toBe(503);
  });
});
