import { beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { OPTION_GROUPS_MAX, type OptionGroup } from "@food/shared/contracts/option-groups";
import { describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  anOptionGroup,
  type Member,
  type RestaurantService,
  startRestaurantService,
  withoutRequestId,
} from "../restaurant-service.builder.ts";

interface Page {
  items: OptionGroup[];
  nextCursor: null;
}

const GROUPS = "/v1/restaurants/me/option-groups";
let service: RestaurantService;
let member: Member;
const start = async () => {
  service ??= await startRestaurantService();
};
const ifMatch = (etag: string | undefined) => (etag === undefined ? {} : { headers: { "if-match": etag } });
const add = (body: unknown, { token } = member) => service.call(`POST ${GROUPS}`, { token, body });
const read = (id: string, { token } = member) => service.call(`GET ${GROUPS}/${id}`, { token });
const patch = (path: string, body: unknown, etag?: string, { token } = member) =>
  service.call<OptionGroup & { code: string; details?: { pointer: string }[] }>(`PATCH ${GROUPS}/${path}`, {
    ...{ token, body },
    ...ifMatch(etag),
  });
const remove = (id: string, etag?: string, { token } = member) =>
  service.call(`DELETE ${GROUPS}/${id}`, { token, ...ifMatch(etag) });
const list = async () => (await service.call<Page>(`GET ${GROUPS}`, member)).body.items;

describeWithDatabases("/v1/restaurants/me/option-groups", () => {
  beforeAll(start);
  beforeEach(async () => {
    member = await service.join();
  });

  const [groupId, anOptionId] = [newId("ogp"), newId("opt")];
  test.each([
    [`GET ${GROUPS}`, undefined],
    [`POST ${GROUPS}`, { surprise: true }],
    [`GET ${GROUPS}/${groupId}`, undefined],
    [`PATCH ${GROUPS}/${groupId}`, { surprise: true }],
    [`PATCH ${GROUPS}/${groupId}/options/${anOptionId}`, { surprise: true }],
    [`DELETE ${GROUPS}/${groupId}`, undefined],
  ] as const)("%s answers 401 without a token and 403 to another role", async (route, body) => {
    const aService = await service.order.serviceToken("restaurant");
    expect((await service.call(route, { body })).status).toBe(401);
    expect((await service.call(route, { body, token: aService })).status).toBe(403);
  });

  test("GET and POST answer 404 when the restaurant is gone", async () => {
    const token = await service.tokenFor(newId("rst"));
    for (const answer of [
      await service.call(`GET ${GROUPS}`, { token }),
      await service.call(`POST ${GROUPS}`, { token, body: anOptionGroup() }),
    ])
      expect([answer.status, answer.body.code]).toEqual([404, "RESTAURANT_NOT_FOUND"]);
  });

  test("POST answers 201 with the group, its ids, defaults and ETag", async () => {
    const { status, body, headers } = await add(anOptionGroup());
    expect(status).toBe(201);
    const option = { optionId: expect.stringMatching(/^opt_[0-9a-z]{26}$/), available: true, maxQuantity: 1 };
    expect(body as unknown).toEqual({
      ...{ optionGroupId: expect.stringMatching(/^ogp_[0-9a-z]{26}$/), name: "Size" },
      ...{ minSelections: 1, maxSelections: 1 },
      options: [
        { ...option, name: "Small", priceCents: 0 },
        { ...option, name: "Large", priceCents: 300 },
      ],
    });
    expect(headers.get("etag")).toBe('"1"');
  });

  const [small] = anOptionGroup().options;
  test.each([
    ["without options", { options: [] }, "/options"],
    ["with too many options", { options: Array(51).fill(small) }, "/options"],
    ["with a maximum of zero", { minSelections: 0, maxSelections: 0 }, "/maxSelections"],
    ["with a minimum below zero", { minSelections: -1 }, "/minSelections"],
    ["with a maximum of 51", { maxSelections: 51 }, "/maxSelections"],
    ["with a blank name", { name: " " }, "/name"],
    ["with an id of its own", { optionGroupId: newId("ogp") }, "/optionGroupId"],
    ["with a negative price", { options: [{ name: "A", priceCents: -1 }] }, "/options/0/priceCents"],
    ["with a price that overflows", { options: [{ name: "A", priceCents: 1e15 }] }, "/options/0/priceCents"],
    ["with half a cent", { options: [{ name: "A", priceCents: 0.5 }] }, "/options/0/priceCents"],
    ["with a quantity of 21", { options: [{ ...small, maxQuantity: 21 }] }, "/options/0/maxQuantity"],
    ["with an option's id", { options: [{ ...small, optionId: newId("opt") }] }, "/options/0/optionId"],
    ["with an operator", { name: { $ne: "" } }, "/name"],
  ])("POST answers 422 %s, with a pointer to it, and adds nothing", async (_, change, pointer) => {
    const answer = await add({ ...anOptionGroup(), ...change });
    expect([answer.status, answer.body.code]).toEqual([422, "VALIDATION_FAILED"]);
    expect(answer.body.details?.some((fault) => fault.pointer.startsWith(pointer))).toBe(true);
    expect(await list()).toEqual([]);
  });

  test.each([
    ["a minimum above the maximum", { minSelections: 2 }, "/minSelections"],
    ["a minimum above all options", { minSelections: 3, maxSelections: 9 }, "/minSelections"],
    [
      "an unknown group inside",
      { options: [{ ...small, optionGroups: [{ optionGroupId: newId("ogp") }] }] },
      "/options/0/optionGroups/0/optionGroupId",
    ],
  ])("POST answers 422 for %s, and says what would be right", async (_, change, pointer) => {
    const { status, body } = await add({ ...anOptionGroup(), ...change });
    expect([status, body.code, body.details?.[0]?.pointer]).toEqual([422, "OPTION_GROUP_INVALID", pointer]);
    expect(await list()).toEqual([]);
  });

  test("POST answers 409 for the fifty-first group, also when many are added at once", async () => {
    for (let i = 0; i < OPTION_GROUPS_MAX - 3; i++) await service.addGroup(member, { name: `Group ${i}` });
    const answers = await Promise.all(Array.from({ length: 10 }, () => add(anOptionGroup())));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, ...Array(7).fill(409)]);
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe("TOO_MANY_OPTION_GROUPS");
    expect(await list()).toHaveLength(OPTION_GROUPS_MAX);
  });

  test("GET answers 200 with all groups, oldest first", async () => {
    expect(await list()).toEqual([]);
    const groups = [await service.addGroup(member), await service.addGroup(member, { name: "Toppings" })];
    await service.addGroup(await service.join());
    expect(await list()).toEqual(groups);
  });

  describe("/:optionGroupId", () => {
    let group: OptionGroup;
    let optionId: string;
    beforeEach(async () => {
      group = await service.addGroup(member);
      optionId = group.options[0]?.optionId ?? "";
    });
    const option = (change: object, etag?: string) =>
      patch(`${group.optionGroupId}/options/${optionId}`, change, etag);

    test("GET answers 200 with the group and its ETag", async () => {
      const { status, body, headers } = await read(group.optionGroupId);
      expect([status, body as unknown, headers.get("etag")]).toEqual([200, group, '"1"']);
    });

    test("PATCH answers 200, changes the given fields and returns the new ETag", async () => {
      const { status, body, headers } = await patch(group.optionGroupId, { name: "Grösse" });
      const changed = { ...group, name: "Grösse" };
      expect([status, body as OptionGroup, headers.get("etag")]).toEqual([200, changed, '"2"']);
      expect(await list()).toEqual([changed]);
    });

    test("PATCH keeps options with an id, with their fields, adds those without, and removes the others", async () => {
      await option({ available: false, maxQuantity: 3 });
      const options = [
        { name: "Family", priceCents: 900 },
        { optionId, name: "Mini", priceCents: 0 },
      ];
      const { body } = await patch(group.optionGroupId, { options });
      expect(body.options as unknown).toEqual([
        { ...options[0], optionId: expect.stringMatching(/^opt_/), available: true, maxQuantity: 1 },
        { ...options[1], available: false, maxQuantity: 3 },
      ]);
    });

    test("PATCH answers 422 for an unknown or repeated option", async () => {
      const kept = { optionId, name: "A", priceCents: 0 };
      for (const options of [[{ ...kept, optionId: newId("opt") }], [kept, kept]]) {
        const { status, body } = await patch(group.optionGroupId, { options });
        expect([status, body.code]).toEqual([422, "OPTION_GROUP_INVALID"]);
      }
      expect(await list()).toEqual([group]);
    });

    test.each([[{}], [{ version: 7 }], [{ options: [] }], [{ minSelections: null }], [[]]])(
      "PATCH answers 422 for %j",
      async (body) => {
        const answer = await patch(group.optionGroupId, body);
        expect([answer.status, answer.body.code]).toEqual([422, "VALIDATION_FAILED"]);
        expect(await list()).toEqual([group]);
      },
    );

    test("PATCH answers 422 for a group inside itself and for a second level, from both sides", async () => {
      const inside = (id: string) => ({
        options: [{ name: "A", priceCents: 0, optionGroups: [{ optionGroupId: id }] }],
      });
      expect((await patch(group.optionGroupId, inside(group.optionGroupId))).body.code).toBe(
        "OPTION_GROUP_INVALID",
      );
      const drinks = await service.addGroup(member, inside(group.optionGroupId) as never);
      expect((await add({ ...anOptionGroup(), ...inside(drinks.optionGroupId) })).status).toBe(422);
      const third = await service.addGroup(member);
      const { status, body } = await patch(group.optionGroupId, inside(third.optionGroupId));
      expect([status, body.details?.[0]?.pointer]).toEqual([422, "/options/0/optionGroups"]);
      expect(await list()).toEqual([group, drinks, third]);
    });

    test("when two groups are put inside each other at once, one wins", async () => {
      const other = await service.addGroup(member);
      const inside = (id: string) => ({
        options: [{ name: "A", priceCents: 0, optionGroups: [{ optionGroupId: id }] }],
      });
      const answers = await Promise.all([
        patch(group.optionGroupId, inside(other.optionGroupId)),
        patch(other.optionGroupId, inside(group.optionGroupId)),
      ]);
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 422]);
    });

    test("PATCH of an option answers 200 with the group", async () => {
      const { status, body, headers } = await option({ available: false });
      expect([status, headers.get("etag")]).toEqual([200, '"2"']);
      expect(body.options.map(({ available }) => available)).toEqual([false, true]);
      expect(await list()).toEqual([body]);
    });

    test.each([[{}], [{ optionId: newId("opt") }], [{ priceCents: -1 }], [{ available: "no" }]])(
      "PATCH of an option answers 422 for %j",
      async (body) => {
        const answer = await option(body);
        expect([answer.status, answer.body.code]).toEqual([422, "VALIDATION_FAILED"]);
        expect(await list()).toEqual([group]);
      },
    );

    test("PATCH of an option answers 422 for a group that is not the restaurant's", async () => {
      const { status, body } = await option({ optionGroups: [{ optionGroupId: newId("ogp") }] });
      expect([status, body.code]).toEqual([422, "OPTION_GROUP_INVALID"]);
    });

    test("PATCH of an option answers 404 for one that the group does not have", async () => {
      for (const id of [newId("opt"), "opt_1"]) {
        const { status } = await patch(`${group.optionGroupId}/options/${id}`, { available: false });
        expect(status).toBe(404);
      }
    });

    test("PATCH and DELETE with an ETag change only that version, and answer 412 for another", async () => {
      expect((await option({ priceCents: 1 }, '"1"')).status).toBe(200);
      for (const answer of [
        await option({ priceCents: 2 }, '"1"'),
        await patch(group.optionGroupId, { name: "Other" }, '"1"'),
        await remove(group.optionGroupId, '"1"'),
      ])
        expect([answer.status, answer.body.code]).toEqual([412, "OPTION_GROUP_CHANGED"] as never);
      expect((await patch(group.optionGroupId, { name: "Other" }, '"2"')).status).toBe(200);
      expect((await remove(group.optionGroupId, '"3"')).status).toBe(204);
    });

    test("when many PATCH different options at once, no change is lost", async () => {
      const prices = Array.from({ length: 8 }, (_, i) => ({ name: `Option ${i}`, priceCents: 0 }));
      const { options, optionGroupId } = await service.addGroup(member, { options: prices });
      await Promise.all(
        options.map((one, i) => patch(`${optionGroupId}/options/${one.optionId}`, { priceCents: i + 1 })),
      );
      const changed = (await list()).find((one) => one.optionGroupId === optionGroupId);
      expect(changed?.options.map(({ priceCents }) => priceCents)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    });

    test("DELETE answers 204, takes it off dishes and options, and 404 from then on", async () => {
      const optionGroups = [{ optionGroupId: group.optionGroupId }];
      const { dishId } = await service.addDish(member, { optionGroups });
      await service.addGroup(member, { options: [{ name: "Cola", priceCents: 1, optionGroups }] });
      expect((await remove(group.optionGroupId)).status).toBe(204);
      const dish = await service.call(`GET /v1/restaurants/me/dishes/${dishId}`, member);
      expect(dish.body as unknown).toMatchObject({ optionGroups: [] });
      expect((await list()).map(({ options }) => options[0]?.optionGroups)).toEqual([[]]);
      for (const answer of [
        await read(group.optionGroupId),
        await remove(group.optionGroupId),
        await patch(group.optionGroupId, { name: "A" }),
      ])
        expect([answer.status, answer.body.code]).toEqual([404, "OPTION_GROUP_NOT_FOUND"] as never);
    });

    test("answers 404 alike for another restaurant's group and for one that does not exist", async () => {
      const stranger = await service.join();
      const missing = newId("ogp");
      for (const attempt of [
        (id: string) => read(id, stranger),
        (id: string) => patch(id, { name: "A" }, undefined, stranger),
        (id: string) => patch(`${id}/options/${optionId}`, { priceCents: 1 }, undefined, stranger),
        (id: string) => remove(id, '"1"', stranger),
      ]) {
        const theirs = withoutRequestId((await attempt(group.optionGroupId)) as never);
        expect(theirs).toEqual(withoutRequestId((await attempt(missing)) as never));
        expect(theirs.status).toBe(404);
      }
      expect(await list()).toEqual([group]);
    });
  });
});
