import { beforeAll, describe, expect, test } from "bun:test";
import type { Problem } from "@food/shared/http/problem";
import { describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { founderOf } from "../people/founder.ts";
import {
  type Member,
  type RestaurantService,
  startRestaurantService,
} from "../restaurant-service.builder.ts";
import type { StaffMember } from "./schema.ts";

const STAFF = "/v1/restaurants/me/staff";

describeWithDatabases("staff", () => {
  let service: RestaurantService;
  beforeAll(async () => {
    service = await startRestaurantService();
  });
  const list = async ({ token }: Pick<Member, "token">) =>
    (await service.call<{ items: StaffMember[] }>(`GET ${STAFF}`, { token })).body.items;
  const giveRole = (token: string, staffId: string, role: string) =>
    service.call<StaffMember & Problem>(`PATCH ${STAFF}/${staffId}`, { token, body: { role } });
  const remove = (token: string, staffId: string) => service.call(`DELETE ${STAFF}/${staffId}`, { token });
  const rolesIn = async (member: Member) =>
    Object.fromEntries((await list(member)).map(({ staffId, role }) => [staffId, role]));

  describe(`GET ${STAFF}`, () => {
    test("answers 200 with everybody who works there, and nobody else", async () => {
      const [member, other] = await Promise.all([service.join(), service.join()]);
      const { staffId, email } = await service.employ(member, "kitchen");
      await service.employ(other, "manager");
      const others = { since: expect.any(String), secondFactor: false };
      expect(await list(member)).toEqual([
        { staffId: founderOf(member.restaurantId), email: "", role: "owner", ...others },
        { staffId, email, role: "kitchen", ...others },
      ]);
    });

    test("answers 404 when the restaurant is gone", async () => {
      const answer = await service.call(`GET ${STAFF}`, { token: await service.tokenFor(newId("rst")) });
      expect([answer.status, answer.body.code]).toEqual([404, "RESTAURANT_NOT_FOUND"]);
    });
  });

  describe(`PATCH ${STAFF}/:staffId`, () => {
    test("answers 200 with the person's new role", async () => {
      const member = await service.join();
      const { staffId, email } = await service.employ(member, "kitchen");
      const answer = await giveRole(member.token, staffId, "manager");
      expect([answer.status, answer.body]).toMatchObject([200, { staffId, email, role: "manager" }]);
      expect((await rolesIn(member))[staffId]).toBe("manager");
    });

    test("answers 403 to an owner whose role has changed since the token was signed", async () => {
      const member = await service.join();
      const [former, cook] = [await service.employ(member, "owner"), await service.employ(member, "kitchen")];
      await giveRole(member.token, former.staffId, "manager");
      const answer = await giveRole(former.token, cook.staffId, "owner");
      expect([answer.status, answer.body.code]).toEqual([403, "WRONG_STAFF_ROLE"]);
    });

    test("answers 404 for a person of another restaurant, as for nobody", async () => {
      const [member, other] = await Promise.all([service.join(), service.join()]);
      const { staffId } = await service.employ(other, "kitchen");
      for (const id of [staffId, newId("stf")]) {
        const answer = await giveRole(member.token, id, "owner");
        expect([answer.status, answer.body.code]).toEqual([404, "STAFF_NOT_FOUND"]);
      }
    });

    test("answers 409 for the last owner", async () => {
      const member = await service.join();
      const answer = await giveRole(member.token, founderOf(member.restaurantId), "manager");
      expect([answer.status, answer.body.code]).toEqual([409, "LAST_OWNER"]);
    });

    test.each(["chef", "", null, [["owner"]], { $ne: "owner" }])(
      "answers 422 for the role %j",
      async (role) => {
        const member = await service.join();
        const { staffId } = await service.employ(member, "kitchen");
        const options = { token: member.token, body: { role } };
        expect((await service.call(`PATCH ${STAFF}/${staffId}`, options)).status).toBe(422);
      },
    );
  });

  describe(`DELETE ${STAFF}/:staffId`, () => {
    test("answers 204, and 404 when repeated", async () => {
      const member = await service.join();
      const { staffId } = await service.employ(member, "manager");
      expect((await remove(member.token, staffId)).status).toBe(204);
      expect(await list(member)).toHaveLength(1);
      const again = await remove(member.token, staffId);
      expect([again.status, again.body.code]).toEqual([404, "STAFF_NOT_FOUND"]);
    });

    test("answers 204 to everybody who leaves, and 403 to others than owners for somebody else", async () => {
      const member = await service.join();
      const [manager, cook] = [
        await service.employ(member, "manager"),
        await service.employ(member, "kitchen"),
      ];
      for (const [one, other] of [
        [manager, cook],
        [cook, manager],
      ] as const) {
        const refused = await remove(one.token, other.staffId);
        expect([refused.status, refused.body.code]).toEqual([403, "WRONG_STAFF_ROLE"]);
      }
      expect((await remove(cook.token, cook.staffId)).status).toBe(204);
      expect((await remove(manager.token, manager.staffId)).status).toBe(204);
      expect(await list(member)).toHaveLength(1);
    });

    test("answers 409 for the last owner", async () => {
      const member = await service.join();
      await service.employ(member, "manager");
      const answer = await remove(member.token, founderOf(member.restaurantId));
      expect([answer.status, answer.body.code]).toEqual([409, "LAST_OWNER"]);
    });

    test("answers 404 for an id that is none", async () => {
      const { token } = await service.join();
      expect((await remove(token, "me")).status).toBe(404);
    });
  });

  describe("of two owners, at once", () => {
    const ROUNDS = 10;
    async function twoOwners() {
      const member = await service.join();
      const second = await service.employ(member, "owner");
      return { member, first: founderOf(member.restaurantId), second };
    }
    const owners = async (member: Member) => {
      const stored = await service.base.mongo.db
        .collection<{ _id: string; team: { members: { role: string }[] } }>("restaurants")
        .findOne({ _id: member.restaurantId });
      return stored?.team.members.filter(({ role }) => role === "owner").length;
    };

    test("each demotes the other: one wins, and one stays owner", async () => {
      for (let i = 0; i < ROUNDS; i++) {
        const { member, first, second } = await twoOwners();
        const both = await Promise.all([
          giveRole(member.token, second.staffId, "kitchen"),
          giveRole(second.token, first, "kitchen"),
        ]);
        expect(both.map(({ status }) => status).sort()).toEqual([200, 403]);
        expect(await owners(member)).toBe(1);
      }
    });

    test("each removes the other: one wins, and one stays owner", async () => {
      for (let i = 0; i < ROUNDS; i++) {
        const { member, first, second } = await twoOwners();
        const both = await Promise.all([remove(member.token, second.staffId), remove(second.token, first)]);
        expect(both.map(({ status }) => status).sort()).toEqual([204, 403]);
        expect(await owners(member)).toBe(1);
      }
    });

    test("both leave: one does, and the other stays owner", async () => {
      for (let i = 0; i < ROUNDS; i++) {
        const { member, first, second } = await twoOwners();
        const both = await Promise.all([remove(member.token, first), remove(second.token, second.staffId)]);
        expect(both.map(({ status }) => status).sort()).toEqual([204, 409]);
        expect(await owners(member)).toBe(1);
      }
    });
  });
});
