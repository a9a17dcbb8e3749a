import { beforeAll, expect, test } from "bun:test";
import { describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  aRestaurant,
  PASSWORD,
  type RestaurantService,
  SESSION_OPTIONS,
  startRestaurantService,
} from "../restaurant-service.builder.ts";
import { restaurantStore } from "../restaurants/store.ts";
import { founderOf } from "./founder.ts";
import { signUp } from "./sign-up.ts";
import { peopleStore } from "./store.ts";

interface SignedIn {
  restaurantId: string;
  memberships: object[];
  code: string;
}

describeWithDatabases("a sign-up", () => {
  let service: RestaurantService;
  beforeAll(async () => {
    service = await startRestaurantService();
  });
  const signIn = (email: string, password = PASSWORD) =>
    service.call<SignedIn>("POST /v1/sessions", { body: { email, password } });
  /** What a process leaves behind that dies between the two writes. */
  async function interrupted() {
    const { mongo } = service.base;
    const restaurants = restaurantStore(mongo.db);
    const died = () => Promise.reject(new Error("died"));
    const body = aRestaurant();
    const deps = {
      restaurants: { ...restaurants, add: died },
      people: peopleStore(mongo.db, SESSION_OPTIONS),
      signInLimits: noLimit,
    };
    await expect(signUp(deps, body, "")).rejects.toThrow("died");
    expect(await mongo.db.collection("staff").countDocuments({ email: body.email })).toBe(1);
    return body;
  }
  const noLimit = { take: async () => {}, giveBack: async () => {} } as never;

  test("makes the first owner, who signs in for the restaurant", async () => {
    const { restaurantId, email, name } = (await service.register()).body;
    const { status, body } = await signIn(email);
    expect([status, body.restaurantId]).toEqual([201, restaurantId]);
    expect(body.memberships).toEqual([{ restaurantId, name, role: "owner", secondFactorRequired: false }]);
    const stored = await service.base.mongo.db.collection("restaurants").findOne({ email });
    expect(stored).not.toHaveProperty("passwordHash");
    expect(stored?.team.members).toMatchObject([{ staffId: founderOf(restaurantId), role: "owner" }]);
  });

  test("that died between its two writes shows no restaurant, and succeeds when it is repeated", async () => {
    const body = await interrupted();
    expect((await signIn(body.email)).body.code).toBe("NOT_STAFF");
    expect(await service.base.mongo.db.collection("restaurants").countDocuments({ email: body.email })).toBe(
      0,
    );
    const again = await service.register(body);
    expect(again.status).toBe(201);
    expect((await signIn(body.email)).body.restaurantId).toBe(again.body.restaurantId);
    expect((await service.register(body)).status).toBe(409);
  });

  test("that died is repeated twice at once: one succeeds", async () => {
    const body = await interrupted();
    const both = await Promise.all([service.register(body), service.register(body)]);
    expect(both.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect((await signIn(body.email)).body.memberships).toHaveLength(1);
  });

  test("that died is not continued with another password", async () => {
    const body = await interrupted();
    const stranger = await service.register({ ...body, password: "a staple of batteries" });
    expect([stranger.status, stranger.body.code]).toEqual([409, "EMAIL_TAKEN"]);
    expect((await service.register(body)).status).toBe(201);
  });

  test("answers 409 for the address of a restaurant of an older version", async () => {
    const { db } = service.base.mongo;
    const email = `${newId("mail")}@example.com`;
    const { restaurantId } = await service.join({ email });
    await db
      .collection<{ _id: string }>("restaurants")
      .updateOne({ _id: restaurantId }, { $set: { passwordHash: "x" }, $unset: { team: "" } });
    const answer = await service.register({ email });
    expect([answer.status, answer.body.code]).toEqual([409, "EMAIL_TAKEN"]);
  });
});
