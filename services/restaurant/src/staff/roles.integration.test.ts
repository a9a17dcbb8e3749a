// Which role of staff may call which route of a restaurant, said here once more than in access.ts.
import { beforeAll, describe, expect, test } from "bun:test";
import type { Dish } from "@food/shared/contracts/restaurant";
import { describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import { access } from "../access.ts";
import {
  type Member,
  type RestaurantService,
  startRestaurantService,
} from "../restaurant-service.builder.ts";
import type { StaffRole } from "./team.ts";

const ROLES: StaffRole[] = ["owner", "manager", "kitchen"];
const ME = "/v1/restaurants/me";

const OWNERS_ONLY = [
  `GET ${ME}/activity`,
  `GET ${ME}/staff`,
  `PATCH ${ME}/staff/:staffId`,
  `GET ${ME}/staff/invitations`,
  `POST ${ME}/staff/invitations`,
  `DELETE ${ME}/staff/invitations/:invitationId`,
  `PUT ${ME}/second-factor-policy`,
  `DELETE ${ME}`,
];
const NOT_FOR_KITCHENS = [
  ...OWNERS_ONLY,
  `PATCH ${ME}`,
  `PUT ${ME}/availability`,
  `POST ${ME}/dishes`,
  `DELETE ${ME}/dishes/:dishId`,
  `POST ${ME}/option-groups`,
  `PATCH ${ME}/option-groups/:optionGroupId`,
  `DELETE ${ME}/option-groups/:optionGroupId`,
];
const FORBIDDEN: Record<StaffRole, string[]> = { owner: [], manager: OWNERS_ONLY, kitchen: NOT_FOR_KITCHENS };

const IDS: Record<string, string> = { dishId: "dsh", optionGroupId: "ogp", optionId: "opt", orderId: "ord" };
const routes = Object.entries(access).flatMap(([route, row]) => ("roles" in row ? [route] : []));

describeWithDatabases("of a restaurant's routes", () => {
  let service: RestaurantService;
  let member: Member;
  let tokens: Record<StaffRole, string>;
  beforeAll(async () => {
    service = await startRestaurantService();
    member = await service.join();
    const people = await Promise.all(ROLES.map((role) => service.employ(member, role)));
    tokens = Object.fromEntries(ROLES.map((role, i) => [role, people[i]?.token])) as typeof tokens;
  });

  test.each(ROLES.flatMap((role) => routes.map((route): [StaffRole, string] => [role, route])))(
    "the role %s: %s",
    async (role, route) => {
      const path = route.replace(/:(\w+)/g, (_, name) => newId(IDS[name] ?? name.slice(0, 3)));
      if (path.endsWith("/events")) return expect(FORBIDDEN[role]).not.toContain(route);
      const answer = await service.call(path as `GET /${string}`, { token: tokens[role] });
      const isForbidden = answer.status === 403 && answer.body.code === "WRONG_STAFF_ROLE";
      expect(isForbidden).toBe(FORBIDDEN[role].includes(route));
    },
  );

  describe("the kitchen", () => {
    const change = (path: string, body: object, role: StaffRole) =>
      service.call<Dish & { code: string }>(`PATCH ${ME}/${path}`, { token: tokens[role], body });

    test("says that a dish is sold out, and changes nothing else of it", async () => {
      const { dishId, priceCents } = await service.addDish(member);
      const path = `dishes/${dishId}`;
      expect((await change(path, { available: false }, "kitchen")).status).toBe(200);
      const until = new Date(Date.now() + 3_600_000).toISOString();
      expect((await change(path, { soldOutUntil: until }, "kitchen")).status).toBe(200);
      for (const body of [{ priceCents: 1 }, { available: true, priceCents: 1 }, { name: "Mine" }]) {
        const refused = await change(path, body, "kitchen");
        expect([refused.status, refused.body.code]).toEqual([403, "WRONG_STAFF_ROLE"]);
      }
      const { body } = await service.call<Dish>(`GET ${ME}/${path}`, { token: member.token });
      expect([body.priceCents, body.available]).toEqual([priceCents, false]);
      expect((await change(path, { priceCents: 1 }, "manager")).status).toBe(200);
    });

    test("says that an option is sold out, and changes nothing else of it", async () => {
      const { optionGroupId, options } = await service.addGroup(member);
      const path = `option-groups/${optionGroupId}/options/${options[0]?.optionId}`;
      expect((await change(path, { available: false }, "kitchen")).status).toBe(200);
      const refused = await change(path, { available: true, priceCents: 1 }, "kitchen");
      expect([refused.status, refused.body.code]).toEqual([403, "WRONG_STAFF_ROLE"]);
      expect((await change(path, { priceCents: 1 }, "manager")).status).toBe(200);
    });
  });
});
