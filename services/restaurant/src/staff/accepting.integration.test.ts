import { beforeAll, describe, expect, test } from "bun:test";
import { describeWithDatabases, fromNewAddress } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { founderOf } from "../people/founder.ts";
import { PASSWORD, type RestaurantService, startRestaurantService } from "../restaurant-service.builder.ts";
import { anEmail, invitationsOf, OTHER_PASSWORD, type SignedIn } from "./invitations.builder.ts";
import { secondFactorsOf } from "./second-factor.builder.ts";

describeWithDatabases("a person who is invited", () => {
  let service: RestaurantService;
  let acting: ReturnType<typeof invitationsOf>;
  beforeAll(async () => {
    service = await startRestaurantService({ sendsMail: true });
    acting = invitationsOf(service);
  });
  const list: typeof acting.list = (...given) => acting.list(...given);
  const accept: typeof acting.accept = (...given) => acting.accept(...given);
  const signIn: typeof acting.signIn = (...given) => acting.signIn(...given);
  const invited: typeof acting.invited = (...given) => acting.invited(...given);
  const hired: typeof acting.hired = (...given) => acting.hired(...given);

  describe("POST /v1/staff/invitations/accept", () => {
    test("answers 200 and makes a new account, which signs in with its role", async () => {
      const member = await service.join({ name: "Da Enzo" });
      const { email, token } = await invited(member, anEmail(), "manager");
      const { status, body } = await accept(token, PASSWORD, { name: "Kim" });
      const { restaurantId } = member;
      expect([status, body]).toEqual([
        200,
        { staffId: expect.stringMatching(/^stf_/), restaurantId, name: "Da Enzo", role: "manager" } as never,
      ]);
      const { body: session } = await signIn(email);
      expect(session).toMatchObject({
        staffId: body.staffId,
        restaurantId,
        memberships: [{ restaurantId, name: "Da Enzo", role: "manager" }],
      });
      const staff = await service.call<{ items: object[] }>("GET /v1/restaurants/me/staff", {
        token: member.token,
      });
      expect(staff.body.items).toContainEqual(
        expect.objectContaining({ email, name: "Kim", role: "manager" }),
      );
      expect(await list(member)).toEqual([]);
    });

    test("answers 404 for a link that was used, by its person too", async () => {
      const { token } = await invited(await service.join());
      expect((await accept(token)).status).toBe(200);
      const again = await accept(token);
      expect([again.status, again.body.code]).toEqual([404, "INVITATION_NOT_FOUND"]);
    });

    test("answers 404 for a link that a newer one has replaced", async () => {
      const member = await service.join();
      const { email, token } = await invited(member);
      const { token: newer } = await invited(member, email);
      expect((await accept(token)).status).toBe(404);
      expect((await accept(newer)).status).toBe(200);
    });

    test("answers 404 for a link that has expired", async () => {
      const member = await service.join();
      const { token } = await invited(member);
      await service.base.mongo.db
        .collection<{ _id: string }>("restaurants")
        .updateOne({ _id: member.restaurantId }, { $set: { "team.invitations.0.expiresAt": new Date() } });
      expect((await accept(token)).status).toBe(404);
      expect(await list(member)).toEqual([]);
    });

    test("answers 404 for a link to another restaurant, and with another secret", async () => {
      const [member, other] = await Promise.all([service.join(), service.join()]);
      const { token } = await invited(member);
      const secret = token.split(".")[1];
      const wrong = [
        `${other.restaurantId}.${secret}`,
        `${newId("rst")}.${secret}`,
        `${member.restaurantId}.${"x".repeat(43)}`,
      ];
      for (const text of wrong) expect((await accept(text)).status).toBe(404);
    });

    test("answers 401 without the password of an existing account, which stays as it was", async () => {
      const [member, other] = await Promise.all([service.join(), service.join()]);
      const { email, staffId } = await hired(member);
      const { token } = await invited(other, email, "owner");
      const stolen = await accept(token, OTHER_PASSWORD);
      expect([stolen.status, stolen.body.code]).toEqual([401, "INVALID_CREDENTIALS"]);
      expect((await signIn(email, OTHER_PASSWORD)).status).toBe(401);
      expect((await signIn(email)).body.memberships).toHaveLength(1);
      expect((await accept(token)).body).toMatchObject({ staffId, role: "owner" });
    });

    test("answers 401 without the second factor of an existing account, and 200 with it", async () => {
      const member = await service.join();
      const { setUp } = secondFactorsOf(service);
      const { email, staffId } = await hired(await service.join());
      const { recoveryCodes } = await setUp((await signIn(email)).body);
      const { token } = await invited(member, email);
      const codes = [{}, { code: "000000x" }, { recoveryCode: "wrong" }, { recoveryCode: recoveryCodes[0] }];
      const answers: unknown[] = [];
      for (const given of codes) {
        const { status, body } = await accept(token, PASSWORD, given);
        answers.push(body.code ?? body.staffId, status);
      }
      expect(answers).toEqual([
        ...["SECOND_FACTOR_REQUIRED", 401, "VALIDATION_FAILED", 422, "INVALID_SECOND_FACTOR", 401],
        ...[staffId, 200],
      ]);
    });

    test("answers 429 after too many wrong passwords", async () => {
      const [member, other] = await Promise.all([service.join(), service.join()]);
      const { email } = await hired(member);
      const { token } = await invited(other, email);
      const headers = fromNewAddress();
      const statuses: number[] = [];
      for (let i = 0; i < 12; i++) {
        const body = { token, password: OTHER_PASSWORD };
        statuses.push((await service.call("POST /v1/staff/invitations/accept", { body, headers })).status);
      }
      expect([statuses[0], statuses.at(-1)]).toEqual([401, 429]);
    });

    test("by the owner of a restaurant of an older version needs the password that it had", async () => {
      const { body: founded } = await service.register();
      const { db } = service.base.mongo;
      const person = await db
        .collection<{ _id: string; passwordHash: string }>("staff")
        .findOneAndDelete({ email: founded.email });
      const older = { $set: { passwordHash: person?.passwordHash }, $unset: { team: "" as const } };
      await db
        .collection<{ _id: string }>("restaurants")
        .updateOne({ _id: founded.restaurantId }, older as object);
      const { token } = await invited(await service.join(), founded.email);
      expect((await accept(token, OTHER_PASSWORD)).status).toBe(401);
      expect((await accept(token)).body.staffId).toBe(founderOf(founded.restaurantId));
      expect((await signIn(founded.email)).body.memberships).toHaveLength(2);
    });

    test("of a new person many times at once: joins once", async () => {
      const member = await service.join();
      const { email, token } = await invited(member);
      const answers = await Promise.all(Array.from({ length: 8 }, () => accept(token)));
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
      for (const { status } of answers) expect([200, 404, 409]).toContain(status);
      expect((await signIn(email)).body.memberships).toHaveLength(1);
    });

    test("after a crash before the membership was stored, is repeated with the same password", async () => {
      const member = await service.join();
      const { email, token } = await invited(member);
      const { body: other } = await service.register();
      const { db } = service.base.mongo;
      const stored = await db.collection<{ _id: string }>("staff").findOne({ email: other.email });
      await db.collection("staff").insertOne({ ...stored, _id: newId("stf") as never, email });
      expect((await accept(token, OTHER_PASSWORD)).status).toBe(401);
      expect((await accept(token)).status).toBe(200);
    });

    test("answers 409 when the team is full", async () => {
      const member = await service.join();
      const { token } = await invited(member);
      const crowd = Array.from({ length: 99 }, () => ({
        staffId: newId("stf"),
        role: "kitchen",
        since: new Date(),
      }));
      await service.base.mongo.db
        .collection<{ _id: string }>("restaurants")
        .updateOne({ _id: member.restaurantId }, { $push: { "team.members": { $each: crowd } } } as object);
      const answer = await accept(token);
      expect([answer.status, answer.body.code]).toEqual([409, "TOO_MANY_STAFF"]);
    });

    test.each([
      ["", PASSWORD],
      [null, PASSWORD],
      [{ $ne: null }, PASSWORD],
      ["x".repeat(201), PASSWORD],
      ["x", PASSWORD],
      [`${newId("rst")}.`, PASSWORD],
      [`${newId("rst")}.${"x".repeat(43)}`, "short"],
      [`${newId("rst")}.${"x".repeat(43)}`, { $gt: "" }],
    ])("answers 422 for the token %j and the password %j", async (token, password) => {
      expect((await accept(token, password)).status).toBe(422);
    });
  });

  describe("a person in two restaurants", () => {
    async function inTwo() {
      const [first, second] = [await service.join(), await service.join()];
      const person = await hired(first, "manager");
      const { token } = await invited(second, person.email, "kitchen");
      await accept(token);
      return { ...person, first, second };
    }

    test("signs in to the one asked for, else to the first, and to no other", async () => {
      const { email, first, second } = await inTwo();
      const byDefault = (await signIn(email)).body;
      expect(byDefault.restaurantId).toBe(first.restaurantId);
      expect(byDefault.memberships).toMatchObject([
        { restaurantId: first.restaurantId, role: "manager" },
        { restaurantId: second.restaurantId, role: "kitchen" },
      ]);
      const there = (await signIn(email, PASSWORD, second.restaurantId)).body;
      expect(there.restaurantId).toBe(second.restaurantId);
      const { restaurantId } = await service.join();
      const nowhere = await signIn(email, PASSWORD, restaurantId);
      expect([nowhere.status, nowhere.body.code]).toEqual([403, "NOT_STAFF"]);
      expect((await signIn(email, OTHER_PASSWORD, restaurantId)).status).toBe(401);
    });

    test("has in each only its role there, also after a refresh", async () => {
      const { email, second } = await inTwo();
      const session = (await signIn(email, PASSWORD, second.restaurantId)).body;
      const { body: fresh } = await service.call<SignedIn>("POST /v1/sessions/refresh", {
        body: { refreshToken: session.refreshToken },
      });
      expect(fresh.restaurantId).toBe(second.restaurantId);
      const body = { name: "Mine" };
      for (const token of [session.accessToken, fresh.accessToken])
        expect((await service.call("PATCH /v1/restaurants/me", { token, body })).status).toBe(403);
      const token = (await signIn(email)).body.accessToken;
      expect((await service.call("PATCH /v1/restaurants/me", { token, body })).status).toBe(200);
    });

    test("who is removed from one loses its sessions and tokens there, and no others", async () => {
      const { email, staffId, first, second } = await inTwo();
      const [here, there] = [
        (await signIn(email)).body,
        (await signIn(email, PASSWORD, second.restaurantId)).body,
      ];
      await service.call(`DELETE /v1/restaurants/me/staff/${staffId}`, { token: first.token });
      const refresh = ({ refreshToken }: SignedIn) =>
        service.call("POST /v1/sessions/refresh", { body: { refreshToken } });
      const me = ({ accessToken: token }: SignedIn) => service.call("GET /v1/restaurants/me", { token });
      expect([(await me(here)).status, (await me(there)).status]).toEqual([401, 200]);
      expect((await refresh(here)).status).toBe(401);
      expect((await refresh(there)).status).toBe(200);
      expect((await signIn(email)).body.restaurantId).toBe(second.restaurantId);
    });
  });
});
