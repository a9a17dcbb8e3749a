import { beforeAll, expect, test } from "bun:test";
import { describeWithDatabases } from "@food/shared/testing/service";
import { PASSWORD } from "../restaurant-service.builder.ts";
import { type Deletable, startDeletable } from "./deleting.builder.ts";

describeWithDatabases("DELETE /v1/restaurants/me", () => {
  let on: Deletable;
  beforeAll(async () => {
    on = await startDeletable();
  });

  test("answers 204, and what browses, searches and orders no longer finds the restaurant", async () => {
    const restaurant = await on.founded();
    const { restaurantId, dish } = restaurant;
    const pages = [
      "/v1/restaurants?limit=100",
      "/v1/restaurants?limit=100&near=52.52,13.405",
      `/v1/search?query=${encodeURIComponent(dish.name)}`,
    ];
    const found = async () =>
      Promise.all(
        pages.map(async (path) =>
          JSON.stringify((await on.service.call(`GET ${path}` as `GET /${string}`)).body).includes(
            restaurantId,
          ),
        ),
      );
    expect(await found()).toEqual([true, true, true]);
    const own = [`/v1/restaurants/${restaurantId}`, `/v1/restaurants/${restaurantId}/menu`];
    for (const path of own)
      expect((await on.service.call(`GET ${path}` as `GET /${string}`)).status).toBe(200);
    expect((await on.remove(restaurant)).status).toBe(204);
    expect(await found()).toEqual([false, false, false]);
    for (const path of own)
      expect((await on.service.call(`GET ${path}` as `GET /${string}`)).status).toBe(404);
    expect((await on.quote(restaurant)).body.code).toBe("RESTAURANT_NOT_FOUND");
  });

  test("ends the sessions of everybody who works there, their accounts and the invitations, and leaves nothing", async () => {
    const restaurant = await on.founded();
    const { restaurantId, staffId, email } = restaurant;
    const cook = await on.acting.hired(restaurant);
    const invited = await on.acting.invited(restaurant);
    const sessions = [(await on.acting.signIn(email)).body, (await on.acting.signIn(cook.email)).body];
    for (const id of [staffId, cook.staffId])
      for (const name of ["email-changes", "second-factors"])
        await on.collection(name).insertOne({ _id: id });
    expect((await on.remove(restaurant)).status).toBe(204);
    for (const { accessToken, refreshToken } of sessions) {
      expect((await on.service.call("GET /v1/restaurants/me", { token: accessToken })).status).toBe(401);
      const refresh = await on.service.call("POST /v1/sessions/refresh", { body: { refreshToken } });
      expect(refresh.status).toBe(401);
    }
    for (const one of [email, cook.email]) expect((await on.acting.signIn(one)).status).toBe(401);
    expect((await on.acting.accept(invited.token)).body.code).toBe("INVITATION_NOT_FOUND");
    await on.isFinished(restaurantId);
    for (const { name } of await on.service.base.mongo.db.listCollections().toArray())
      if (name !== "sessions" && name !== "deletions")
        for (const row of await on.service.base.mongo.db.collection(name).find().toArray())
          for (const trace of [restaurantId, staffId, email, cook.staffId, cook.email, invited.email])
            expect(`${name} ${JSON.stringify(row)}`).not.toContain(trace);
    expect(JSON.stringify(await on.collection("deletions").findOne({ _id: restaurantId }))).not.toContain(
      "stf_",
    );
  });

  test("leaves people who work elsewhere their accounts and sessions there, and the founder no second restaurant", async () => {
    const [restaurant, other] = [await on.founded(), await on.service.join()];
    const { email, restaurantId, staffId } = restaurant;
    const { token } = await on.acting.invited(other, email, "manager");
    await on.acting.accept(token);
    const there = (await on.acting.signIn(email, PASSWORD, other.restaurantId)).body;
    expect((await on.remove(restaurant)).status).toBe(204);
    await on.isFinished(restaurantId);
    expect((await on.service.call("GET /v1/restaurants/me", { token: there.accessToken })).status).toBe(200);
    const again = await on.acting.signIn(email);
    expect(again.body).toMatchObject({ staffId, memberships: [{ restaurantId: other.restaurantId }] });
    expect((await on.service.register({ email })).body.code).toBe("EMAIL_TAKEN");
    expect(await on.stored(restaurantId)).toBeNull();
  });

  test("frees the email address for another restaurant with another id", async () => {
    const restaurant = await on.founded();
    await on.remove(restaurant);
    const { status, body } = await on.service.register({ email: restaurant.email });
    expect(status).toBe(201);
    expect(body.restaurantId).not.toBe(restaurant.restaurantId);
  });

  test("answers 401 for a wrong password and 422 without one, and deletes nothing", async () => {
    const restaurant = await on.founded();
    const [wrong, none] = [await on.remove(restaurant, "wrong horse"), await on.remove(restaurant, null)];
    expect([wrong.status, wrong.body.code, none.status]).toEqual([401, "INVALID_CREDENTIALS", 422]);
    expect((await on.quote(restaurant)).status).toBe(200);
  });

  test("answers 429 after too many wrong passwords", async () => {
    const restaurant = await on.founded();
    const statuses: number[] = [];
    for (let i = 0; i < 11; i++) statuses.push((await on.remove(restaurant, "wrong horse")).status);
    expect([statuses[9], statuses[10]]).toEqual([401, 429]);
  });

  test("answers 403 to managers and the kitchen, and to an owner of the token alone", async () => {
    const restaurant = await on.founded();
    for (const role of ["manager", "kitchen"]) {
      const { email } = await on.acting.hired(restaurant, role);
      const { accessToken: token } = (await on.acting.signIn(email)).body;
      expect((await on.remove({ token })).body.code).toBe("WRONG_STAFF_ROLE");
    }
    const former = await on.acting.hired(restaurant, "manager");
    const actor = { id: former.staffId, staffRole: "owner" };
    const token = await on.service.tokenFor(restaurant.restaurantId, "restaurant", actor);
    const refused = await on.remove({ token });
    expect([refused.status, refused.body.code]).toEqual([403, "WRONG_STAFF_ROLE"]);
    expect((await on.quote(restaurant)).status).toBe(200);
  });

  test("answers 409 that names the orders under way, and the restaurant goes on", async () => {
    const restaurant = await on.founded();
    const orderId = on.book.place(restaurant.restaurantId);
    const { status, body } = await on.remove(restaurant);
    expect([status, body.code]).toEqual([409, "ORDERS_UNDER_WAY"]);
    expect(body.detail).toContain(orderId);
    expect((await on.quote(restaurant)).status).toBe(200);
    on.book.open.delete(orderId);
    expect((await on.remove(restaurant)).status).toBe(204);
  });

  test("answers 503 while the order service is away, and the restaurant goes on", async () => {
    const restaurant = await on.founded();
    on.service.answers.order = () => new Response(null, { status: 503 });
    expect((await on.remove(restaurant)).status).toBe(503);
    on.service.answers.order = on.book.answer;
    expect((await on.quote(restaurant)).status).toBe(200);
  });

  test("takes no order while it is under way, and after a crash orders again a minute later", async () => {
    const restaurant = await on.founded();
    const closing = (closingAt: Date) =>
      on.collection("restaurants").updateOne({ _id: restaurant.restaurantId }, { $set: { closingAt } });
    await closing(new Date());
    expect((await on.quote(restaurant)).body.code).toBe("RESTAURANT_CLOSED");
    expect((await on.remove(restaurant)).body.code).toBe("ACCOUNT_CLOSING");
    await closing(new Date(Date.now() - 60_000));
    expect((await on.quote(restaurant)).status).toBe(200);
  });
});
