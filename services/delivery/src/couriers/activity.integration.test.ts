import { beforeAll, expect, test } from "bun:test";
import type { ActivityItem } from "@food/shared/accounts/activity/schema";
import { call, describeWithDatabases } from "@food/shared/testing/service";
import type { Page } from "@food/shared/values/page";
import { type DeliveryService, PLACE, startDeliveryService } from "../delivery-service.builder.ts";

describeWithDatabases("a courier's activity", () => {
  let service: DeliveryService;
  beforeAll(async () => {
    service = await startDeliveryService();
  });

  test("has changes of the profile and of duty, and no position", async () => {
    const { token } = await service.aCourier();
    const send = (route: `${string} /${string}`, body: object) => call(service.url, route, { token, body });
    await send("PATCH /v1/couriers/me", { vehicle: "scooter" });
    await send("PUT /v1/couriers/me/availability", { available: false });
    await send("PUT /v1/couriers/me/availability", { available: true });
    expect((await send("PUT /v1/couriers/me/location", { location: PLACE })).status).toBe(204);
    const { body } = await call<Page<ActivityItem>>(service.url, "GET /v1/couriers/me/activity", { token });
    expect(body.items).toMatchObject([
      { action: "duty.started" },
      { action: "duty.ended" },
      { action: "profile.changed", fields: ["vehicle"] },
    ]);
    expect(body.items).toHaveLength(3);
  });
});
