import { beforeAll, expect, test } from "bun:test";
import { describeWithDatabases } from "@food/shared/testing/service";
import { PASSWORD, type RestaurantService, startRestaurantService } from "../restaurant-service.builder.ts";
import type { OwnRestaurant } from "./schema.ts";

const claimsOf = (token: string): unknown =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

describeWithDatabases("POST /v1/sessions", () => {
  let service: RestaurantService;
  beforeAll(async () => {
    service = await startRestaurantService();
  });

  test("signs the restaurant in, with a token for this and the order service", async () => {
    const { restaurantId, email } = (await service.register()).body;
    const { status, body } = await service.call<{ accessToken: string }>("POST /v1/sessions", {
      body: { email, password: PASSWORD },
    });
    expect(status).toBe(201);
    expect(claimsOf(body.accessToken)).toMatchObject({
      iss: "restaurant",
      sub: restaurantId,
      role: "restaurant",
      aud: ["restaurant", "order"],
    });
    const me = await service.call<OwnRestaurant>("GET /v1/restaurants/me", { token: body.accessToken });
    expect([me.status, me.body.restaurantId]).toEqual([200, restaurantId]);
  });

  test("answers 401 for a wrong password", async () => {
    const { email } = (await service.register()).body;
    const body = { email, password: "wrong horse battery" };
    const answer = await service.call("POST /v1/sessions", { body });
    expect([answer.status, answer.body.code]).toEqual([401, "INVALID_CREDENTIALS"]);
  });

  test("after a change of password, accepts only the new one", async () => {
    const { email, restaurantId } = (await service.register()).body;
    const token = await service.tokenFor(restaurantId);
    const newPassword = "a staple of batteries";
    const change = { token, body: { currentPassword: PASSWORD, newPassword } };
    expect((await service.call("POST /v1/restaurants/me/password", change)).status).toBe(204);
    const signIn = (password: string) => service.call("POST /v1/sessions", { body: { email, password } });
    expect((await signIn(PASSWORD)).status).toBe(401);
    expect((await signIn(newPassword)).status).toBe(201);
  });
});
