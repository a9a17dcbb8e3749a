import { beforeAll, beforeEach, describe, expect, test } from "bun:test";
import type { OptionGroup } from "@food/shared/contracts/option-groups";
import type { ChosenOption } from "@food/shared/contracts/order-lines";
import type { Dish, Quote } from "@food/shared/contracts/restaurant";
import type { Problem } from "@food/shared/http/problem";
import { describeWithDatabases } from "@food/shared/testing/service";
import { newId } from "@food/shared/values/id";
import {
  BERLIN,
  type Member,
  type RestaurantService,
  startRestaurantService,
} from "../restaurant-service.builder.ts";

let service: RestaurantService;
let member: Member;
let token: string;
let size: OptionGroup;
let toppings: OptionGroup;
let drinks: OptionGroup;
let pizza: Dish;
let plain: Dish;

const optionIn = ({ options }: OptionGroup, name: string) => {
  const found = options.find((option) => option.name === name);
  if (!found) throw new Error(`No option ${name}`);
  return { optionId: found.optionId };
};
const large = () => optionIn(size, "Large");
const ask = (items: object[], change: object = {}) =>
  service.call<Quote & Problem>("POST /internal/quotes", {
    token,
    body: { restaurantId: member.restaurantId, items, dropoff: BERLIN, ...change },
  });
const refusal = async (...items: object[]) => {
  const { status, body } = await ask(items);
  return [status, body.code, body.details?.map(({ pointer, about = "" }) => `${pointer} ${about}`.trim())];
};
const line = (options: ChosenOption[], dish = pizza) => ({ dishId: dish.dishId, quantity: 1, options });
const change = ({ optionGroupId }: OptionGroup, name: string, body: object) =>
  service.call(
    `PATCH /v1/restaurants/me/option-groups/${optionGroupId}/options/${
      optionIn(optionGroupId === size.optionGroupId ? size : toppings, name).optionId
    }`,
    { ...member, body },
  );

describeWithDatabases("POST /internal/quotes with options", () => {
  beforeAll(async () => {
    service = await startRestaurantService();
    token = await service.order.serviceToken("restaurant");
  });
  beforeEach(async () => {
    member = await service.join();
    size = await service.addGroup(member);
    toppings = await service.addGroup(member, {
      ...{ name: "Toppings", minSelections: 0, maxSelections: 3 },
      options: [
        { name: "Cheese", priceCents: 120, maxQuantity: 2 },
        { name: "Olives", priceCents: 80, maxQuantity: 3 },
      ],
    });
    drinks = await service.addGroup(member, {
      ...{ name: "Drinks", minSelections: 0 },
      options: [{ name: "Cola", priceCents: 250, optionGroups: [{ optionGroupId: size.optionGroupId }] }],
    });
    pizza = await service.addDish(member, {
      optionGroups: [size, toppings, drinks].map(({ optionGroupId }) => ({ optionGroupId })),
    });
    plain = await service.addDish(member, { name: "Soup", priceCents: 400 });
  });

  test("answers 200 with each line at the price of the dish with its options, never merged", async () => {
    const cheese = { ...optionIn(toppings, "Cheese"), quantity: 2 };
    const cola = { ...optionIn(drinks, "Cola"), options: [large()] };
    const small = optionIn(size, "Small");
    const { status, body } = await ask([
      line([large(), cheese]),
      { dishId: plain.dishId, quantity: 2 },
      line([cola, small]),
      line([small]),
    ]);
    expect(status).toBe(200);
    expect(body.cart?.items?.map(({ name, unitPriceCents }) => [name, unitPriceCents])).toEqual([
      ["Margherita", 950 + 300 + 2 * 120],
      ["Soup", 400],
      ["Margherita", 950 + 250 + 300],
      ["Margherita", 950],
    ]);
    expect(body.cart?.items?.[1]).toEqual({
      dishId: plain.dishId,
      name: "Soup",
      quantity: 2,
      unitPriceCents: 400,
    });
    const frozen = (group: OptionGroup, name: string, priceCents: number, quantity = 1) => ({
      ...optionIn(group, name),
      ...{ optionGroupId: group.optionGroupId, groupName: group.name, name, quantity, priceCents },
    });
    expect(body.cart?.items?.[0]?.options).toEqual([
      frozen(size, "Large", 300),
      frozen(toppings, "Cheese", 120, 2),
    ]);
    expect(body.cart?.items?.[2]?.options?.[0]).toEqual({
      ...frozen(drinks, "Cola", 250),
      options: [frozen(size, "Large", 300)],
    });
    expect(body.items.map(({ unitPriceCents }) => unitPriceCents).sort()).toEqual([400, 950]);
  });

  test("the bounds of the dish's own offer count", async () => {
    const optionGroups = [{ optionGroupId: toppings.optionGroupId, minSelections: 2, maxSelections: 2 }];
    const dish = await service.addDish(member, { optionGroups });
    const olives = (quantity: number) => line([{ ...optionIn(toppings, "Olives"), quantity }], dish);
    expect((await ask([olives(2)])).status).toBe(200);
    for (const wrong of [olives(1), olives(3), line([], dish)]) expect((await ask([wrong])).status).toBe(422);
  });

  const FORBIDDEN: [string, () => ChosenOption[], () => string[]][] = [
    ["a missing required choice", () => [], () => [`/items/1/options ${size.optionGroupId}`]],
    [
      "too many of a group",
      () => [large(), optionIn(size, "Small")],
      () => [`/items/1/options ${size.optionGroupId}`],
    ],
    [
      "an option of another dish",
      () => [large(), { optionId: newId("opt") }],
      () => ["/items/1/options/1/optionId"],
    ],
    [
      "a quantity above the maximum",
      () => [large(), { ...optionIn(toppings, "Cheese"), quantity: 3 }],
      () => [`/items/1/options/1/quantity ${toppings.optionGroupId}`],
    ],
    [
      "a missing choice inside an option",
      () => [large(), optionIn(drinks, "Cola")],
      () => [`/items/1/options/1/options ${size.optionGroupId}`],
    ],
    [
      "everything at once",
      () => [
        { optionId: newId("opt") },
        optionIn(drinks, "Cola"),
        { ...optionIn(toppings, "Olives"), quantity: 4 },
      ],
      () => [
        "/items/1/options/0/optionId",
        `/items/1/options/1/options ${size.optionGroupId}`,
        `/items/1/options/2/quantity ${toppings.optionGroupId}`,
        `/items/1/options ${size.optionGroupId}`,
        `/items/1/options ${toppings.optionGroupId}`,
      ],
    ],
  ];
  test.each(FORBIDDEN)(
    "answers 422 for %s, with a pointer to line and group",
    async (_, options, pointers) => {
      expect(await refusal({ dishId: plain.dishId, quantity: 1 }, line(options()))).toEqual([
        422,
        "OPTIONS_INVALID",
        pointers(),
      ]);
    },
  );

  test("answers 422 for options of a dish without groups", async () => {
    expect(await refusal(line([large()], plain))).toEqual([
      422,
      "OPTIONS_INVALID",
      ["/items/0/options/0/optionId"],
    ]);
  });

  test("a sold-out option blocks the dish only when a minimum cannot be met", async () => {
    await change(size, "Large", { available: false });
    expect(await refusal(line([large()]))).toEqual([
      422,
      "OPTIONS_INVALID",
      [`/items/0/options/0/optionId ${size.optionGroupId}`],
    ]);
    expect((await ask([line([optionIn(size, "Small")])])).status).toBe(200);
    await change(size, "Small", { available: false });
    expect(await refusal(line([optionIn(size, "Small")]))).toEqual([
      422,
      "DISH_UNAVAILABLE",
      ["/items/0/dishId"],
    ]);
  });

  test("answers 422 when dish and options together cost more than a price may be", async () => {
    await change(size, "Large", { priceCents: 100_000_000 });
    expect(await refusal(line([large()]))).toEqual([422, "OPTIONS_INVALID", ["/items/0/options"]]);
  });

  test("after a price change, returns the new price of an option", async () => {
    await change(size, "Large", { priceCents: 1 });
    expect((await ask([line([large()])])).body.cart?.items?.[0]?.unitPriceCents).toBe(951);
  });

  test("answers 422 with everything that is wrong with the cart", async () => {
    await service.call("PUT /v1/restaurants/me/availability", {
      ...member,
      body: { acceptingOrders: false },
    });
    const dropoff = { lat: BERLIN.lat + 1, lng: BERLIN.lng };
    const { status, body } = await ask([line([]), { dishId: newId("dsh"), quantity: 1 }], { dropoff });
    expect([status, body.code]).toEqual([422, "RESTAURANT_CLOSED"]);
    expect(body.details?.map(({ pointer }) => pointer)).toEqual([
      "/restaurantId",
      "/items/1/dishId",
      "/items/0/options",
      "/addressId",
    ]);
  });

  const large1 = { optionId: newId("opt") };
  test.each([
    ["a quantity of zero", [{ ...large1, quantity: 0 }], "/items/0/options/0/quantity"],
    ["a quantity of 21", [{ ...large1, quantity: 21 }], "/items/0/options/0/quantity"],
    ["fifty-one options", Array(51).fill(large1), "/items/0/options"],
    [
      "a second level",
      [{ ...large1, options: [{ ...large1, options: [] }] }],
      "/items/0/options/0/options/0/options",
    ],
    ["a price of its own", [{ ...large1, priceCents: 0 }], "/items/0/options/0/priceCents"],
    ["an operator", [{ optionId: { $ne: "" } }], "/items/0/options/0/optionId"],
  ])("answers 422 with VALIDATION_FAILED for %s", async (_, options, pointer) => {
    const { status, body } = await ask([line(options as ChosenOption[])]);
    expect([status, body.code]).toEqual([422, "VALIDATION_FAILED"]);
    expect(body.details?.map((one) => one.pointer)).toContain(pointer);
  });

  describe("of a dish without groups and a line without options", () => {
    test("has the same fields as before", async () => {
      const { body } = await ask([{ dishId: plain.dishId, quantity: 3 }]);
      expect(body.items).toEqual([{ dishId: plain.dishId, name: "Soup", unitPriceCents: 400 }]);
    });

    test("accepts an empty list of options", async () => {
      expect((await ask([line([], plain)])).status).toBe(200);
    });
  });
});
