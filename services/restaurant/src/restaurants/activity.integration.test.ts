import { beforeAll, expect, test } from "bun:test";
import type { ActivityItem } from "@food/shared/accounts/activity/schema";
import type { Problem } from "@food/shared/http/problem";
import { describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import type { Page } from "@food/shared/values/page";
import { founderOf } from "../people/founder.ts";
import {
  aDish,
  anOptionGroup,
  type RestaurantService,
  startRestaurantService,
} from "../restaurant-service.builder.ts";

/** Around the restaurant. */
const RING = [
  [13.3, 52.4],
  [13.5, 52.4],
  [13.5, 52.6],
  [13.3, 52.4],
];

describeWithDatabases("a restaurant's activity", () => {
  let service: RestaurantService;
  beforeAll(async () => {
    service = await startRestaurantService();
  });
  const read = (token: string) =>
    service.call<Page<ActivityItem> & Problem>("GET /v1/restaurants/me/activity", { token });

  test("has sign-ups, sign-ins and changes, with the person who made them", async () => {
    const { restaurantId, token } = await service.signUp();
    const put = (acceptingOrders: boolean) =>
      service.call("PUT /v1/restaurants/me/availability", { token, body: { acceptingOrders } });
    await put(true);
    await put(false);
    const deliveryZones = [{ name: "Mitte", area: { type: "Polygon", coordinates: [RING] }, feeCents: 200 }];
    await service.call("PATCH /v1/restaurants/me", { token, body: { deliveryZones } });
    const dish = await service.call<{ dishId: string }>("POST /v1/restaurants/me/dishes", {
      token,
      body: aDish(),
    });
    const path = `/v1/restaurants/me/dishes/${dish.body.dishId}` as const;
    await service.call(`PUT ${path}/stock`, { token, body: { remaining: 3 } });
    await service.call(`DELETE ${path}/stock`, { token });
    await service.call(`PATCH ${path}`, { token, body: { priceCents: 1_000 } });
    await service.call(`DELETE ${path}`, { token });
    const group = await service.call<{ optionGroupId: string; options: { optionId: string }[] }>(
      "POST /v1/restaurants/me/option-groups",
      { token, body: anOptionGroup() },
    );
    const { optionGroupId, options } = group.body;
    const groupPath = `/v1/restaurants/me/option-groups/${optionGroupId}` as const;
    const optionId = options[0]?.optionId ?? "";
    await service.call(`PATCH ${groupPath}/options/${optionId}`, { token, body: { available: false } });
    await service.call(`PATCH ${groupPath}`, { token, body: { name: "Sizes" } });
    await service.call(`DELETE ${groupPath}`, { token });

    const { items } = (await read(token)).body;
    const subject = dish.body.dishId;
    const actorId = founderOf(restaurantId);
    expect(items.at(-1)).toMatchObject({ action: "account.created" });
    expect(items.slice(0, -1)).toMatchObject([
      { action: "option_group.removed", subject: optionGroupId, actorId },
      { action: "option_group.changed", subject: optionGroupId, fields: ["name"], actorId },
      { action: "option.changed", subject: optionId, fields: ["available"], actorId },
      { action: "option_group.added", subject: optionGroupId, actorId },
      { action: "dish.removed", subject, actorId },
      { action: "dish.changed", subject, fields: ["priceCents"], actorId },
      { action: "stock.unlimited", subject, actorId },
      { action: "stock.set", subject, actorId },
      { action: "dish.added", subject, actorId },
      { action: "restaurant.changed", fields: ["deliveryZones"], actorId },
      { action: "orders.closed", actorId },
      { action: "orders.opened", actorId },
      { action: "session.opened", actorId },
    ]);
  });

  test("is for its owners only", async () => {
    const { restaurantId } = await service.join();
    const cook = { id: newId("stf"), staffRole: "kitchen" };
    const token = await service.tokenFor(restaurantId, "restaurant", cook);
    const { status, body } = await read(token);
    expect([status, body.code]).toEqual([403, "WRONG_STAFF_ROLE"]);
  });
});
