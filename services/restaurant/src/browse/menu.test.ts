import { describe, expect, test } from "bun:test";
import { menuOf } from "./menu.ts";

const dish = (category: string, name: string) => ({
  dishId: `dsh_${name}`,
  name,
  description: "",
  category,
  priceCents: 500,
  available: name !== "Cola",
});
const restaurant = { restaurantId: "rst_1", restaurantName: "Da Enzo", currency: "EUR" };

describe("menuOf", () => {
  test("groups dishes by category and keeps their order", () => {
    const menu = menuOf(restaurant, [
      dish("Drinks", "Cola"),
      dish("Pizza", "Diavola"),
      dish("Drinks", "Water"),
    ]);
    expect(menu.categories.map(({ name, dishes }) => [name, dishes.map((each) => each.name)])).toEqual([
      ["Drinks", ["Cola", "Water"]],
      ["Pizza", ["Diavola"]],
    ]);
  });

  test("shows what is sold out as not available", () => {
    expect(menuOf(restaurant, [dish("Drinks", "Cola")]).categories[0]?.dishes[0]?.available).toBe(false);
  });

  test("is empty without dishes", () => {
    expect(menuOf(restaurant, [])).toEqual({ ...restaurant, categories: [] });
  });
});
