import { beforeAll, expect, test } from "bun:test";
import { signInLimits as limitsOf } from "@food/shared/accounts/limits";
import { describeWithDatabases, eventually } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { peopleStore } from "../people/store.ts";
import { PASSWORD, SESSION_OPTIONS } from "../restaurant-service.builder.ts";
import { restaurantStore } from "../restaurants/store.ts";
import { acceptInvitation } from "../staff/accept-invitation.ts";
import type { SignedIn } from "../staff/invitations.builder.ts";
import { teamStore } from "../staff/store.ts";
import { type Deletable, startDeletable } from "./deleting.builder.ts";
import { deletingStore } from "./store.ts";

describeWithDatabases("a deletion of a restaurant", () => {
  let on: Deletable;
  beforeAll(async () => {
    on = await startDeletable();
  });

  test("and an order that a quote has let through: it is ended, also when the kitchen has accepted it", async () => {
    const restaurant = await on.founded();
    const removing = on.remove(restaurant);
    await eventually(async () => (await on.stored(restaurant.restaurantId)) === null);
    const orders = [
      on.book.place(restaurant.restaurantId),
      on.book.place(restaurant.restaurantId, "preparing"),
      on.book.place(restaurant.restaurantId, "out_for_delivery"),
    ];
    expect((await removing).status).toBe(204);
    await on.isFinished(restaurant.restaurantId);
    expect(orders.map((orderId) => on.book.ended.get(orderId))).toEqual(["reject", "cancel", undefined]);
    expect(on.book.erased).toContain(restaurant.restaurantId);
  });

  test("and an order at the same moment: never an open order of a deleted restaurant", async () => {
    for (let round = 0; round < 12; round++) {
      const restaurant = await on.founded();
      const placing = async () => {
        await Bun.sleep(round * 8);
        const quoted = await on.quote(restaurant);
        return quoted.status === 200 ? on.book.place(restaurant.restaurantId) : undefined;
      };
      const [orderId, removed] = await Promise.all([placing(), on.remove(restaurant)]);
      expect([204, 409]).toContain(removed.status);
      if (removed.status === 409) expect(orderId).toBeDefined();
      else await on.isFinished(restaurant.restaurantId);
      expect(on.book.open.has(orderId ?? "")).toBe(removed.status === 409);
    }
  });

  test("by two owners at once: it is deleted once, and neither is left with an account", async () => {
    const restaurant = await on.founded();
    const second = await on.acting.hired(restaurant, "owner");
    const { accessToken: token } = (await on.acting.signIn(second.email)).body;
    const both = await Promise.all([on.remove(restaurant), on.remove({ token })]);
    const statuses = both.map(({ status }) => status);
    expect(statuses).toContain(204);
    for (const status of statuses) expect([204, 401, 409]).toContain(status);
    await on.isFinished(restaurant.restaurantId);
    for (const email of [restaurant.email, second.email])
      expect((await on.acting.signIn(email)).status).toBe(401);
  });

  test("and an invitation that is accepted at the same moment: the person is gone, or works where the account says", async () => {
    for (let round = 0; round < 6; round++) {
      const restaurant = await on.founded();
      const { email, token } = await on.acting.invited(restaurant);
      const accepting = async () => {
        await Bun.sleep(round * 25);
        return on.acting.accept(token);
      };
      const [accepted, removed] = await Promise.all([accepting(), on.remove(restaurant)]);
      expect(removed.status).toBe(204);
      expect([200, 404]).toContain(accepted.status);
      await on.isFinished(restaurant.restaurantId);
      expect(await on.collection("staff").countDocuments({ email } as object)).toBe(0);
    }
  });

  test("and an invitation to another restaurant at the same moment: who has joined can sign in", async () => {
    for (let round = 0; round < 6; round++) {
      const [restaurant, other] = [await on.founded(), await on.service.join()];
      const { token } = await on.acting.invited(other, restaurant.email);
      const accepting = async () => {
        await Bun.sleep(round * 25);
        return on.acting.accept(token);
      };
      const [accepted, removed] = await Promise.all([accepting(), on.remove(restaurant)]);
      expect(removed.status).toBe(204);
      // The account was removed while the password was checked. A repetition makes a new one.
      const joined = accepted.status === 401 ? await on.acting.accept(token) : accepted;
      expect(joined.status).toBe(200);
      await on.isFinished(restaurant.restaurantId);
      expect((await on.acting.signIn(restaurant.email)).body.restaurantId).toBe(other.restaurantId);
    }
  });

  test("and a sign-up with the address of a person who joins another: who has no account works nowhere", async () => {
    const other = await on.service.join();
    const { email, token } = await on.acting.invited(other);
    const { db } = on.service.base.mongo;
    const people = peopleStore(db, SESSION_OPTIONS);
    const teams = teamStore({ restaurants: restaurantStore(db).collection, moveOwner: people.moveOwner });
    const signInLimits = limitsOf({ ...on.service.base, name: newId("service") });
    let joined = "";
    const keep: typeof people.keep = async (person) => {
      joined = person._id;
      expect((await teams.membershipsOf(joined)).length).toBe(1);
      await on.collection("staff").deleteOne({ _id: joined });
      await people.add({ ...person, _id: newId("stf"), createdAt: new Date() });
      await people.keep(person);
    };
    const deps = { teams, people: { ...people, keep }, signInLimits, requireSecondFactor: async () => false };
    const accepting = acceptInvitation(deps, { token, password: PASSWORD }, "");
    expect(await accepting.catch(({ code }) => code)).toBe("EMAIL_TAKEN");
    expect(await teams.membershipsOf(joined)).toEqual([]);
    expect((await on.acting.signIn(email)).body.code).toBe("NOT_STAFF");
  });

  test("with a team that has changed since it was read: is decided again", async () => {
    const { restaurantId } = await on.founded();
    const closingAt = new Date();
    await on.collection("restaurants").updateOne({ _id: restaurantId }, { $set: { closingAt } });
    const { remove } = deletingStore(on.service.base.mongo.db);
    expect(await remove(restaurantId, closingAt, 0)).toBe(false);
    expect(await remove(restaurantId, new Date(0), 1)).toBe(false);
    expect(await remove(restaurantId, closingAt, 1)).toBe(true);
  });

  test("is finished by another process after a crash right after the restaurant was deleted", async () => {
    const restaurant = await on.founded();
    const { restaurantId, staffId, email } = restaurant;
    const session: SignedIn = (await on.acting.signIn(email)).body;
    await on.collection("deletions").insertOne({
      _id: restaurantId,
      ...{ closingAt: new Date(), staffIds: [staffId], outboxDueAt: new Date() },
      outbox: [{ id: `${restaurantId}:erase`, kind: "erase", at: new Date() }],
    } as never);
    await on.collection("restaurants").deleteOne({ _id: restaurantId });
    await on.isFinished(restaurantId);
    expect((await on.service.call("GET /v1/restaurants/me", { token: session.accessToken })).status).toBe(
      401,
    );
    expect(await on.collection("dishes").countDocuments({ restaurantId } as object)).toBe(0);
    expect(await on.collection("staff").findOne({ _id: staffId })).toBeNull();
  });

  test("is finished by a repeated request after such a crash", async () => {
    const restaurant = await on.founded();
    const { restaurantId, staffId, token } = restaurant;
    await on.collection("deletions").insertOne({
      ...{ _id: restaurantId, closingAt: new Date(), staffIds: [staffId], outbox: [] },
    } as never);
    await on.collection("restaurants").deleteOne({ _id: restaurantId });
    expect((await on.remove({ token })).status).toBe(204);
    expect((await on.remove({ token })).status).toBe(401);
    expect(await on.collection("staff").findOne({ _id: staffId })).toBeNull();
  });

  test("after a crash before the restaurant was deleted, leaves it as it was", async () => {
    const restaurant = await on.founded();
    const { restaurantId, staffId } = restaurant;
    const closingAt = new Date(Date.now() - 60_001);
    await on.collection("restaurants").updateOne({ _id: restaurantId }, { $set: { closingAt } });
    await on.collection("deletions").insertOne({
      ...{ _id: restaurantId, closingAt, staffIds: [staffId], outboxDueAt: new Date() },
      outbox: [{ id: `${restaurantId}:erase`, kind: "erase", at: closingAt }],
    } as never);
    await eventually(async () => (await on.collection("deletions").findOne({ _id: restaurantId })) === null);
    expect(await on.stored(restaurantId)).not.toHaveProperty("closingAt");
    expect((await on.quote(restaurant)).status).toBe(200);
    expect((await on.remove(restaurant)).status).toBe(204);
  });
});
