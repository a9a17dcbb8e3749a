import { beforeAll, expect, test } from "bun:test";
import { expectWholeExport } from "@food/shared/testing/own-data";
import { describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { ownDataOf } from "../own-data.ts";
import { founderOf } from "../people/founder.ts";
import {
  aDish,
  anOptionGroup,
  type RestaurantService,
  startRestaurantService,
} from "../restaurant-service.builder.ts";

describeWithDatabases("GET /v1/restaurants/me/export", () => {
  let service: RestaurantService;
  beforeAll(async () => {
    service = await startRestaurantService();
  });
  const read = (token: string) =>
    service.call<Record<string, unknown[]>>("GET /v1/restaurants/me/export", { token });

  test("has the restaurant, its menu, its activity and the person, without secrets and others", async () => {
    const other = await service.join();
    const { restaurantId, email, token } = await service.signUp();
    await service.call("POST /v1/restaurants/me/dishes", { token, body: aDish() });
    await service.call("POST /v1/restaurants/me/option-groups", { token, body: anOptionGroup() });
    const invitation = { invitationId: newId("inv"), email: "cook@example.com", secretHash: "h".repeat(43) };
    const restaurants = service.base.mongo.db.collection<{ _id: string }>("restaurants");
    await restaurants.updateOne({ _id: restaurantId }, { $set: { "team.invitations": [invitation] } });

    const { status, body } = await read(token);
    expect(status).toBe(200);
    const ids = [restaurantId, founderOf(restaurantId), email];
    const compared = await expectWholeExport(service.base.mongo.db, body, ownDataOf({}), ids);
    // The restaurant, the person, a session, a dish, and four entries of activity.
    expect(compared).toBe(8);
    for (const secret of [other.restaurantId, "argon2id", "tokenHash", "cook@example.com"])
      expect(JSON.stringify(body)).not.toContain(secret);
  });

  test("of a person who is no owner has that person only", async () => {
    const { restaurantId } = await service.join();
    const cook = { id: newId("stf"), staffRole: "kitchen" };
    const token = await service.tokenFor(restaurantId, "restaurant", cook);
    const { status, body } = await read(token);
    expect([status, Object.keys(body).sort()]).toEqual([
      200,
      ["elsewhere", "emailChanges", "exportedAt", "links", "person", "secondFactors", "sessions"],
    ]);
  });
});
