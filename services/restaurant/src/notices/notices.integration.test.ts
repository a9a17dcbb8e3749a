import { beforeAll, expect, test } from "bun:test";
import { describeWithDatabases, eventually } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { type RestaurantService, startRestaurantService } from "../restaurant-service.builder.ts";
import { invitationsOf } from "../staff/invitations.builder.ts";

const webhookId = newId("whk");

describeWithDatabases("PUT /internal/restaurants/:restaurantId/disabled-webhooks/:webhookId", () => {
  let service: RestaurantService;
  beforeAll(async () => {
    service = await startRestaurantService({ sendsMail: true });
  });
  const tell = async (restaurantId: string, body: object = {}, on = service) =>
    on.call<{ code?: string }>(`PUT /internal/restaurants/${restaurantId}/disabled-webhooks/${webhookId}`, {
      token: await on.order.serviceToken("restaurant"),
      body: { host: "pos.example.com", reason: "failing", ...body },
    });

  test("answers 204 and mails the owners, and nobody else who works there", async () => {
    const restaurant = await service.signUp();
    const acting = invitationsOf(service);
    const [owner, manager] = [
      await acting.hired(restaurant, "owner"),
      await acting.hired(restaurant, "manager"),
    ];
    expect((await tell(restaurant.restaurantId)).status).toBe(204);
    const told = () => service.mails.filter(({ subject }) => subject.startsWith("A webhook of "));
    await eventually(async () => told().length === 2);
    expect(
      told()
        .map(({ to }) => to)
        .sort(),
    ).toEqual([owner.email, restaurant.email].sort());
    expect(told()[0]?.text).toContain(`pos.example.com (${webhookId}) gets no more messages. For a day`);
    expect(JSON.stringify(told())).not.toContain(manager.email);
  });

  test("without a mail server: answers 204", async () => {
    const silent = await startRestaurantService();
    const { restaurantId } = await silent.signUp();
    expect((await tell(restaurantId, {}, silent)).status).toBe(204);
  });

  test("answers 404 for a restaurant that is not there, and 422 for another reason", async () => {
    const missing = await tell(newId("rst"));
    expect([missing.status, missing.body.code]).toEqual([404, "RESTAURANT_NOT_FOUND"]);
    const { restaurantId } = await service.signUp();
    expect((await tell(restaurantId, { reason: "by_owner" })).status).toBe(422);
  });
});
