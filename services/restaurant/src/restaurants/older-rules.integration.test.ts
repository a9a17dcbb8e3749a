import { expect, test } from "bun:test";
import { describeWithDatabases } from "@food/shared/testing/service";
import { startRestaurantService } from "../restaurant-service.builder.ts";

describeWithDatabases("a restaurant", () => {
  test("stored under an older rule is returned to its owner and in public", async () => {
    const service = await startRestaurantService();
    const member = await service.join();
    const old = { name: "\u202eold", phone: "1    ", currency: "ZZZ", "address.country": "QQ" };
    const restaurants = service.base.mongo.db.collection<{ _id: string }>("restaurants");
    await restaurants.updateOne({ _id: member.restaurantId }, { $set: old });
    const shown = { name: old.name, phone: old.phone, currency: old.currency };
    const own = await service.call("GET /v1/restaurants/me", { token: member.token });
    expect([own.status, own.body]).toMatchObject([200, shown]);
    const everybody = await service.call(`GET /v1/restaurants/${member.restaurantId}`);
    expect([everybody.status, everybody.body]).toMatchObject([200, shown]);
    const changed = await service.call("PATCH /v1/restaurants/me", {
      token: member.token,
      body: { prepMinutes: 7 },
    });
    expect([changed.status, changed.body]).toMatchObject([200, { ...shown, prepMinutes: 7 }]);
  });
});
