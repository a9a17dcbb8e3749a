import { beforeAll, describe, expect, test } from "bun:test";
import { codeAt } from "@food/shared/accounts/second-factor/totp";
import { openEventStream } from "@food/shared/testing/event-stream";
import { describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { access } from "../access.ts";
import { type RestaurantService, startRestaurantService } from "../restaurant-service.builder.ts";
import { invitationsOf, type SignedIn } from "./invitations.builder.ts";
import { POLICY, secondFactorsOf, staffRoleOf } from "./second-factor.builder.ts";

const ME = "/v1/restaurants/me";
const OPEN = [
  `GET ${ME}`,
  `GET ${ME}/second-factor`,
  `POST ${ME}/second-factor`,
  `POST ${ME}/second-factor/confirm`,
];
const ROUTES = Object.entries(access).flatMap(([route, row]) => ("roles" in row ? [route] : []));

describeWithDatabases("a restaurant that requires a second factor", () => {
  let service: RestaurantService;
  let acting: ReturnType<typeof secondFactorsOf>;
  beforeAll(async () => {
    service = await startRestaurantService({ sendsMail: true });
    service.answers.order = () => Response.json({ open: [], ended: [] });
    acting = secondFactorsOf(service);
  });
  const dishes = async ({ accessToken: token }: SignedIn) =>
    (await service.call(`GET ${ME}/dishes`, { token })).status;
  const outcome = ({ status, body }: { status: number; body: { code: string } }) => [status, body.code];

  describe(`PUT ${POLICY}`, () => {
    test("answers 200; the restaurant's own view and its activity show it", async () => {
      const { token, staffId } = await acting.founded();
      const own = async () =>
        (await service.call<{ secondFactorRequired: boolean }>(`GET ${ME}`, { token })).body;
      expect((await own()).secondFactorRequired).toBe(false);
      for (const required of [true, false]) {
        const { status, body } = await acting.setPolicy(token, required);
        expect([status, body]).toEqual([200, { required } as never]);
        expect((await own()).secondFactorRequired).toBe(required);
      }
      const { body } = await service.call<{ items: object[] }>(`GET ${ME}/activity`, { token });
      expect(body.items.slice(0, 2)).toMatchObject([
        { action: "second_factor.optional", actorId: staffId },
        { action: "second_factor.required", actorId: staffId },
      ]);
    });

    test("answers 409 to an owner without a second factor", async () => {
      const { token } = await service.signUp();
      expect(outcome(await acting.setPolicy(token, true))).toEqual([409, "OWN_SECOND_FACTOR_MISSING"]);
      const { body } = await service.call<{ secondFactorRequired: boolean }>(`GET ${ME}`, { token });
      expect(body.secondFactorRequired).toBe(false);
    });

    test("answers 403 to others than owners, and to a former owner", async () => {
      const owner = await acting.founded();
      const [manager, former] = [
        await acting.employed(owner, "manager"),
        await acting.employed(owner, "owner"),
      ];
      for (const { session } of [manager, former]) await acting.setUp(session);
      // An access token outlives the role where its end is not known yet.
      const actor = { id: former.staffId, staffRole: "owner" };
      const token = await service.tokenFor(owner.restaurantId, "restaurant", actor);
      await service.call(`PATCH ${ME}/staff/${former.staffId}`, {
        ...{ token: owner.token, body: { role: "manager" } },
      });
      for (const one of [manager.session.accessToken, token])
        expect(outcome(await acting.setPolicy(one, true))).toEqual([403, "WRONG_STAFF_ROLE"]);
    });

    test("answers 404 when the restaurant is gone", async () => {
      const { staffId } = await acting.founded();
      const actor = { id: staffId, staffRole: "owner" };
      const token = await service.tokenFor(newId("rst"), "restaurant", actor);
      expect(outcome(await acting.setPolicy(token, true))).toEqual([404, "RESTAURANT_NOT_FOUND"]);
    });

    test.each([["yes"], [1], [null], [{ $ne: false }]])("answers 422 for %j", async (required) => {
      const { token } = await service.signUp();
      expect((await acting.setPolicy(token, required)).status).toBe(422);
    });

    test("ends the tokens and streams of people without one, and no others", async () => {
      const owner = await acting.founded();
      const [without, having] = [await acting.employed(owner), await acting.employed(owner)];
      await acting.setUp(having.session);
      const follow = ({ accessToken }: SignedIn) =>
        openEventStream(`${service.url}/v1/orders/events`, { authorization: `Bearer ${accessToken}` });
      const [ending, staying] = [await follow(without.session), await follow(having.session)];
      await acting.setPolicy(owner.token, true);
      await ending.closed;
      expect(ending.events.at(-1)).toEqual({ event: "end", data: { reason: "signed_out" } });
      expect(staying.events.map(({ event }) => event)).not.toContain("end");
      staying.close();
      const people = [without, having, owner];
      expect(await Promise.all(people.map(({ session }) => dishes(session)))).toEqual([401, 200, 200]);
      const refreshed = await Promise.all(people.map(({ session }) => acting.refresh(session)));
      expect(refreshed.map(({ status }) => status)).toEqual([401, 200, 200]);
    });

    test("ends the sessions that were opened before the second factor", async () => {
      const owner = await acting.founded();
      const cook = await acting.employed(owner);
      const earlier = (await acting.signIn(cook.email)).body;
      await acting.setUp(cook.session);
      await acting.setPolicy(owner.token, true);
      expect([await dishes(earlier), await dishes(cook.session)]).toEqual([401, 200]);
    });
  });

  test("shows its owners who has one", async () => {
    const owner = await acting.founded();
    const cook = await acting.employed(owner);
    const { body } = await service.call<{ items: object[] }>(`GET ${ME}/staff`, { token: owner.token });
    expect(body.items).toMatchObject([
      { staffId: owner.staffId, secondFactor: true },
      { staffId: cook.staffId, secondFactor: false },
    ]);
  });

  async function requiring() {
    const owner = await acting.founded();
    const cook = await acting.employed(owner, "manager");
    await acting.setPolicy(owner.token, true);
    return { owner, cook };
  }

  describe("a person without one", () => {
    test("signs in, can set one up and nothing else, and has the role after the next refresh", async () => {
      const { cook } = await requiring();
      const { status, body: limited } = await acting.signIn(cook.email);
      expect([status, limited.next, staffRoleOf(limited)]).toEqual([201, "set_up_second_factor", "setup"]);
      expect(limited.memberships).toMatchObject([{ role: "manager", secondFactorRequired: true }]);
      expect(await service.call(`GET ${ME}`, { token: limited.accessToken })).toMatchObject({ status: 200 });
      const again = (await acting.refresh(limited)).body;
      expect(staffRoleOf(again)).toBe("setup");
      const { recoveryCodes } = await acting.setUp(again);
      expect(recoveryCodes).toHaveLength(10);
      const { body: full } = await acting.refresh(again);
      expect([full.next, staffRoleOf(full), await dishes(full)]).toEqual([undefined, "manager", 200]);
    });

    test.each(ROUTES)("is admitted or refused by %s as written here", async (route) => {
      const actor = { id: newId("stf"), staffRole: "setup" };
      const token = await service.tokenFor(newId("rst"), "restaurant", actor);
      const answer = await service.call(route.replace(/:(\w+)/g, "x") as `GET /${string}`, { token });
      const isRefused = answer.status === 403 && answer.body.code === "SECOND_FACTOR_SETUP_REQUIRED";
      expect(isRefused).toBe(!OPEN.includes(route));
    });

    test("is held back in that restaurant alone", async () => {
      const { cook } = await requiring();
      const other = await acting.founded();
      const { invited, accept } = invitationsOf(service);
      const { token } = await invited({ ...other }, cook.email, "kitchen");
      await accept(token);
      const roleIn = async (given: object) => staffRoleOf((await acting.signIn(cook.email, given)).body);
      expect([await roleIn({}), await roleIn({ restaurantId: other.restaurantId })]).toEqual([
        "setup",
        "kitchen",
      ]);
    });

    test("sets one up in a session, and no other session has the role after that", async () => {
      const { cook } = await requiring();
      const [own, stolen] = [(await acting.signIn(cook.email)).body, (await acting.signIn(cook.email)).body];
      const { secret } = await acting.setUp(own);
      const { body } = await acting.refresh(stolen);
      expect([body.next, staffRoleOf(body)]).toEqual(["set_up_second_factor", "setup"]);
      const { body: signedIn } = await acting.signIn(cook.email, { code: codeAt(secret, new Date()) });
      expect(staffRoleOf(signedIn)).toBe("manager");
    });

    test("has the role after the requirement has ended", async () => {
      const { owner, cook } = await requiring();
      const limited = (await acting.signIn(cook.email)).body;
      await acting.setPolicy(owner.token, false);
      expect(staffRoleOf((await acting.refresh(limited)).body)).toBe("manager");
    });
  });

  describe("a person with one", () => {
    test("signs in with it to the own role", async () => {
      const { owner } = await requiring();
      const { body } = await acting.signIn(owner.email, { recoveryCode: owner.recoveryCodes[0] });
      expect([body.next, staffRoleOf(body)]).toEqual([undefined, "owner"]);
    });

    test("cannot turn it off until the requirement has ended", async () => {
      const { owner } = await requiring();
      const [first, second] = owner.recoveryCodes;
      expect(outcome(await acting.turnOff(owner.token, first))).toEqual([409, "SECOND_FACTOR_NEEDED"]);
      expect(await acting.hasFactor(owner.staffId)).toBe(true);
      await acting.setPolicy(owner.token, false);
      expect((await acting.turnOff(owner.token, second)).status).toBe(204);
    });

    test("turned off before the requirement: is held back like one without", async () => {
      const owner = await acting.founded();
      const cook = await acting.employed(owner);
      const { recoveryCodes } = await acting.setUp(cook.session);
      await acting.turnOff(cook.session.accessToken, recoveryCodes[0]);
      await acting.setPolicy(owner.token, true);
      expect([await dishes(cook.session), (await acting.refresh(cook.session)).status]).toEqual([401, 401]);
      expect(staffRoleOf((await acting.signIn(cook.email)).body)).toBe("setup");
    });
  });

  describe("is required while", () => {
    const ROUNDS = 5;

    test("people sign in and refresh: none without one keeps a token with a role", async () => {
      const owner = await acting.founded();
      const cook = await acting.employed(owner);
      for (let i = 0; i < ROUNDS; i++) {
        await acting.setPolicy(owner.token, false);
        const sessions = await Promise.all([1, 2, 3].map(async () => (await acting.signIn(cook.email)).body));
        const [, ...answers] = await Promise.all([
          acting.setPolicy(owner.token, true),
          ...sessions.map(acting.refresh),
          acting.signIn(cook.email),
        ]);
        const granted = answers.filter(({ status }) => status < 300).map(({ body }) => body as SignedIn);
        const statuses = await Promise.all([...sessions, ...granted].map(dishes));
        expect(statuses).not.toContain(200);
      }
    });

    test("a person turns it off: it stays on, or the person loses the tokens", async () => {
      const owner = await acting.founded();
      for (let i = 0; i < ROUNDS; i++) {
        await acting.setPolicy(owner.token, false);
        const cook = await acting.employed(owner);
        const { recoveryCodes } = await acting.setUp(cook.session);
        await Promise.all([
          acting.turnOff(cook.session.accessToken, recoveryCodes[0]),
          acting.setPolicy(owner.token, true),
        ]);
        const isIn = (await dishes(cook.session)) === 200;
        expect(isIn).toBe(await acting.hasFactor(cook.staffId));
      }
    });
  });
});
