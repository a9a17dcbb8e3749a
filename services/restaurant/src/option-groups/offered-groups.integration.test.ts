import { beforeAll, beforeEach, expect, test } from "bun:test";
import type { OptionGroup } from "@food/shared/contracts/option-groups";
import type { Menu } from "@food/shared/contracts/restaurant";
import { describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  type Member,
  type RestaurantService,
  startRestaurantService,
} from "../restaurant-service.builder.ts";

const GROUPS = "/v1/restaurants/me/option-groups";
const DISHES = "/v1/restaurants/me/dishes";
let service: RestaurantService;
let member: Member;
let group: OptionGroup;
const patch = (path: string, body: object) => service.call(`PATCH ${GROUPS}/${path}`, { ...member, body });
const sellOut = (i: number) =>
  patch(`${group.optionGroupId}/options/${group.options[i]?.optionId}`, { available: false });
const menu = async () => (await service.call<Menu>(`GET /v1/restaurants/${member.restaurantId}/menu`)).body;

describeWithDatabases("a dish with option groups", () => {
  beforeAll(async () => {
    service = await startRestaurantService();
  });
  beforeEach(async () => {
    member = await service.join();
    group = await service.addGroup(member);
  });

  test("offers its groups in order, and the menu has them and those inside", async () => {
    const inner = { optionGroupId: group.optionGroupId, maxSelections: 2 };
    const drinks = await service.addGroup(member, {
      options: [{ name: "Cola", priceCents: 1, optionGroups: [inner] }],
    });
    await service.addGroup(member, { name: "Not offered" });
    const optionGroups = [{ optionGroupId: drinks.optionGroupId, minSelections: 0 }];
    const dish = await service.addDish(member, { optionGroups });
    expect(dish.optionGroups).toEqual(optionGroups);
    const { categories, optionGroups: shown } = await menu();
    expect(categories[0]?.dishes[0]).toMatchObject({ dishId: dish.dishId, optionGroups });
    expect(shown).toEqual([drinks, group]);
    await sellOut(0);
    await sellOut(1);
    // Without a size there is no cola.
    expect((await menu()).optionGroups?.[0]?.options[0]).toMatchObject({ name: "Cola", available: false });
  });

  test("without groups has none, and neither has the menu", async () => {
    expect(await service.addDish(member)).not.toHaveProperty("optionGroups");
    expect(await menu()).not.toHaveProperty("optionGroups");
  });

  test("is not available without its required options, and the next reader sees each change", async () => {
    const { dishId } = await service.addDish(member, {
      optionGroups: [{ optionGroupId: group.optionGroupId }],
    });
    const seen = async () => {
      const { categories, optionGroups } = await menu();
      return [categories[0]?.dishes[0]?.available, optionGroups?.[0]?.options.map((one) => one.available)];
    };
    expect(await seen()).toEqual([true, [true, true]]);
    await sellOut(0);
    expect(await seen()).toEqual([true, [false, true]]);
    await sellOut(1);
    expect(await seen()).toEqual([false, [false, false]]);
    const own = await service.call(`GET ${DISHES}/${dishId}`, member);
    expect(own.body as unknown).toMatchObject({ available: true });
    await patch(group.optionGroupId, { minSelections: 0 });
    expect(await seen()).toEqual([true, [false, false]]);
    await service.call(`DELETE ${GROUPS}/${group.optionGroupId}`, member);
    expect(await seen()).toEqual([true, undefined]);
  });

  test.each([
    ["of another restaurant", async () => (await service.addGroup(await service.join())).optionGroupId],
    ["that does not exist", async () => newId("ogp")],
  ])("with a group %s is refused with 422", async (_, groupId) => {
    const { dishId, ...dish } = await service.addDish(member);
    const optionGroups = [{ optionGroupId: group.optionGroupId }, { optionGroupId: await groupId() }];
    for (const route of [`POST ${DISHES}`, `PATCH ${DISHES}/${dishId}`] as const) {
      const { status, body } = await service.call(route, { ...member, body: { ...dish, optionGroups } });
      expect([status, body.code, body.details?.[0]?.pointer]).toEqual([
        422,
        "OPTION_GROUP_INVALID",
        "/optionGroups/1/optionGroupId",
      ]);
    }
  });

  test.each([
    ["twenty-one groups", Array(21).fill({ optionGroupId: newId("ogp") }), "/optionGroups"],
    [
      "a minimum of 51",
      [{ optionGroupId: newId("ogp"), minSelections: 51 }],
      "/optionGroups/0/minSelections",
    ],
    ["an operator for a group", [{ optionGroupId: { $ne: "" } }], "/optionGroups/0/optionGroupId"],
    ["no list", null, "/optionGroups"],
  ])("with %s is refused with 422 VALIDATION_FAILED", async (_, optionGroups, pointer) => {
    const { dishId, ...dish } = await service.addDish(member);
    for (const route of [`POST ${DISHES}`, `PATCH ${DISHES}/${dishId}`] as const) {
      const { status, body } = await service.call(route, { ...member, body: { ...dish, optionGroups } });
      expect([status, body.code]).toEqual([422, "VALIDATION_FAILED"]);
      expect(body.details?.map((one) => one.pointer)).toContain(pointer);
    }
  });
});
