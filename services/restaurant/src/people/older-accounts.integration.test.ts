// Restaurants that were stored when a restaurant was its own account.
import { beforeAll, expect, test } from "bun:test";
import { hashPassword } from "@food/shared/accounts/passwords";
import { hashOf } from "@food/shared/accounts/refresh-tokens";
import { describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import type { Db } from "mongodb";
import {
  PASSWORD,
  type RestaurantService,
  SESSION_OPTIONS,
  startRestaurantService,
} from "../restaurant-service.builder.ts";
import type { OwnRestaurant } from "../restaurants/schema.ts";
import { founderOf } from "./founder.ts";
import { peopleStore } from "./store.ts";

interface SignedIn {
  accessToken: string;
  refreshToken: string;
  restaurantId: string;
  code: string;
}
const NEXT_PASSWORD = "a staple of batteries";
const claimsOf = (token: string) =>
  JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

describeWithDatabases("a restaurant of an older version", () => {
  let service: RestaurantService;
  let passwordHash: string;
  beforeAll(async () => {
    service = await startRestaurantService();
    passwordHash = await hashPassword(PASSWORD);
  });
  const collection = (name: string) =>
    service.base.mongo.db.collection<{ _id: string; [field: string]: unknown }>(name);
  async function older() {
    const { restaurantId, email } = await service.join();
    const update = { $set: { passwordHash }, $unset: { team: "" as const } };
    await collection("restaurants").updateOne({ _id: restaurantId }, update);
    return { restaurantId, email, staffId: founderOf(restaurantId) };
  }
  const stored = async (restaurantId: string) => collection("restaurants").findOne({ _id: restaurantId });
  const signIn = (email: string, password = PASSWORD) =>
    service.call<SignedIn>("POST /v1/sessions", { body: { email, password } });
  const refresh = (refreshToken: string) =>
    service.call<SignedIn>("POST /v1/sessions/refresh", { body: { refreshToken } });
  /** A session as the older version stores it. */
  async function olderSession(accountId: string) {
    const [_id, secret] = [newId("session"), newId("secret")];
    const expiresAt = new Date(Date.now() + 3_600_000);
    await collection("sessions").insertOne({ _id, accountId, tokenHash: hashOf(secret), expiresAt });
    return `${_id}.${secret}`;
  }

  test("signs in, which moves the account to its first owner", async () => {
    const { restaurantId, email, staffId } = await older();
    const { status, body } = await signIn(email);
    expect([status, body.restaurantId]).toEqual([201, restaurantId]);
    expect(claimsOf(body.accessToken)).toMatchObject({
      sub: restaurantId,
      act: { sub: staffId },
      staff_role: "owner",
    });
    expect(await stored(restaurantId)).not.toHaveProperty("passwordHash");
    expect(await collection("staff").findOne({ _id: staffId })).toMatchObject({ email, passwordHash });
    expect((await signIn(email)).status).toBe(201);
  });

  test("answers 401 for a wrong password, before and after the move", async () => {
    const { email } = await older();
    for (let i = 0; i < 2; i++)
      expect((await signIn(email, "wrong horse")).body.code).toBe("INVALID_CREDENTIALS");
    expect((await signIn(email)).status).toBe(201);
  });

  test("when many sign in at once, is moved once", async () => {
    const { restaurantId, email, staffId } = await older();
    const answers = await Promise.all(Array.from({ length: 8 }, () => signIn(email)));
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(201));
    expect(await collection("staff").countDocuments({ email })).toBe(1);
    expect((await stored(restaurantId))?.team).toMatchObject({ version: 1, members: [{ staffId }] });
  });

  test("keeps its sessions, which become the first owner's", async () => {
    const { restaurantId, staffId } = await older();
    const token = await olderSession(restaurantId);
    const { status, body } = await refresh(token);
    expect(status).toBe(200);
    expect(claimsOf(body.accessToken)).toMatchObject({ sub: restaurantId, act: { sub: staffId } });
    const [session] = await collection("sessions").find({ accountId: staffId }).toArray();
    expect(session).toMatchObject({ ownerId: restaurantId });
    expect((await refresh(body.refreshToken)).status).toBe(200);
  });

  test("keeps a session that the older version stores after the move", async () => {
    const { restaurantId, email } = await older();
    await signIn(email);
    expect((await refresh(await olderSession(restaurantId))).status).toBe(200);
  });

  test("takes its access tokens, which name no person, as the owner's", async () => {
    const { restaurantId } = await older();
    const token = await service.tokenFor(restaurantId);
    const me = await service.call<OwnRestaurant>("GET /v1/restaurants/me", { token });
    expect([me.status, me.body.restaurantId]).toEqual([200, restaurantId]);
    const body = { currentPassword: PASSWORD, newPassword: NEXT_PASSWORD };
    expect((await service.call("POST /v1/restaurants/me/password", { token, body })).status).toBe(204);
  });

  test("after a move that died halfway, has the password that the older version has set since", async () => {
    const { restaurantId, email, staffId } = await older();
    await collection("staff").insertOne({ _id: staffId, email, passwordHash, createdAt: new Date() });
    const changed = { $set: { passwordHash: await hashPassword(NEXT_PASSWORD) } };
    await collection("restaurants").updateOne({ _id: restaurantId }, changed);
    expect((await signIn(email)).status).toBe(401);
    expect((await signIn(email, NEXT_PASSWORD)).status).toBe(201);
  });

  /** A database whose first reads of restaurants are followed by `then`. */
  function interrupting(then: () => Promise<unknown>, times = 1): Db {
    const { db } = service.base.mongo;
    let reads = 0;
    const restaurants = new Proxy(db.collection("restaurants"), {
      get(target, name) {
        const value = Reflect.get(target, name);
        if (name !== "findOne") return typeof value === "function" ? value.bind(target) : value;
        return async (...given: Parameters<typeof target.findOne>) => {
          const found = await target.findOne(...given);
          if (reads++ < times) await then();
          return found;
        };
      },
    });
    return {
      collection: (name: string) => (name === "restaurants" ? restaurants : db.collection(name)),
    } as Db;
  }

  test("a slow move does not take back a password that was changed meanwhile", async () => {
    const { restaurantId, email } = await older();
    const people = peopleStore(
      interrupting(async () => {
        const { accessToken: token } = (await signIn(email)).body;
        const body = { currentPassword: PASSWORD, newPassword: NEXT_PASSWORD };
        expect((await service.call("POST /v1/restaurants/me/password", { token, body })).status).toBe(204);
      }),
      SESSION_OPTIONS,
    );
    await people.moveOwner(restaurantId);
    expect((await signIn(email, NEXT_PASSWORD)).status).toBe(201);
    expect((await signIn(email)).status).toBe(401);
  });

  test("a slow move takes the password that the older version sets meanwhile", async () => {
    const { restaurantId, email } = await older();
    const changed = { $set: { passwordHash: await hashPassword(NEXT_PASSWORD) } };
    const people = peopleStore(
      interrupting(() => collection("restaurants").updateOne({ _id: restaurantId }, changed)),
      SESSION_OPTIONS,
    );
    await people.moveOwner(restaurantId);
    expect((await signIn(email, NEXT_PASSWORD)).status).toBe(201);
  });

  test("a move that other requests interrupt again and again answers 503 with Retry-After", async () => {
    const { restaurantId, email } = await older();
    const changing = interrupting(
      () =>
        collection("restaurants").updateOne({ _id: restaurantId }, { $set: { passwordHash: newId("hash") } }),
      Infinity,
    );
    const { accounts } = peopleStore(changing, SESSION_OPTIONS);
    await expect(accounts.findByEmail(email)).rejects.toMatchObject({
      ...{ status: 503, code: "OVERLOADED" },
      extras: { retryAfterSeconds: expect.any(Number) },
    });
  });
});
