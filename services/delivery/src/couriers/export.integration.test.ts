import { beforeAll, expect, test } from "bun:test";
import { expectWholeExport } from "@food/shared/testing/own-data";
import { call, describeWithDatabases } from "@food/shared/testing/service";
import {
  aNewDelivery,
  aTrip,
  type DeliveryService,
  startDeliveryService,
} from "../delivery-service.builder.ts";
import { ownData } from "../own-data.ts";

describeWithDatabases("GET /v1/couriers/me/export", () => {
  let service: DeliveryService;
  beforeAll(async () => {
    service = await startDeliveryService();
  });

  test("has the courier and the trips, without the customer's door and other couriers", async () => {
    const [courier, other] = [await service.aCourier(), await service.aCourier()];
    const { token, courierId } = courier;
    const delivery = aNewDelivery();
    const dropoff = {
      ...delivery.dropoff,
      note: "Ring twice at the third door",
      contact: { name: "Frau Specht of the third floor" },
    };
    await service.assign(
      aTrip(courierId, { deliveries: [{ ...delivery, dropoff }] }),
      aTrip(other.courierId),
    );
    await call(service.url, "PATCH /v1/couriers/me", { token, body: { name: "Kim L." } });
    const { status, body } = await call<Record<string, unknown>>(service.url, "GET /v1/couriers/me/export", {
      token,
    });
    expect(status).toBe(200);
    const compared = await expectWholeExport(service.base.mongo.db, body, ownData, [courierId]);
    expect(compared).toBe(3);
    expect(body.trips).toHaveLength(1);
    for (const secret of [other.courierId, "Specht", "third door"])
      expect(JSON.stringify(body)).not.toContain(secret);
  });
});
