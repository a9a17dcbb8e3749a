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
const restaurant = { restaurantId: "rst_1", restaurantName: "Da Enzo", currency: "EUR", currencyExponent: 2 };

const shown = (dishes: Parameters<typeof menuOf>[1], categoryOrder?: string[]) =>
  menuOf(restaurant, dishes, categoryOrder).categories.map(({ name, dishes: inside }) => [
    name,
    ...inside.map((each) => each.name),
  ]);

describe("menuOf", () => {
  test("groups dishes by category, both by name", () => {
    expect(shown([dish("Pizza", "Diavola"), dish("Drinks", "Water"), dish("Drinks", "Cola")])).toEqual([
      ["Drinks", "Cola", "Water"],
      ["Pizza", "Diavola"],
    ]);
  });

  test("sorts names in natural language order", () => {
    const names = [
      "Ananas",
      "apfel",
      "Apfel",
      "Äpfel",
      "Öl",
      "Pizza 2",
      "Pizza 10",
      "Straße",
      "Zebra",
      "寿司",
    ];
    for (const given of [names, names.toReversed()]) {
      expect(shown(given.map((name) => dish("One", name)))).toEqual([["One", ...names]]);
      expect(shown(given.map((name) => dish(name, "Dish"))).map(([category]) => category)).toEqual(names);
    }
  });

  test("has a stable order for names that compare as equal", () => {
    const dishes = ["a\u00ad", "a", "a"].map((name, i) => ({ ...dish("One", name), dishId: `dsh_${i}` }));
    for (const given of [dishes, dishes.toReversed()])
      expect(menuOf(restaurant, given).categories[0]?.dishes.map(({ dishId }) => dishId)).toEqual([
        "dsh_1",
        "dsh_2",
        "dsh_0",
      ]);
  });

  test("has categories in the given order, then the others by name", () => {
    const dishes = ["Drinks", "Starters", "Äpfel", "Mains", "Apfel"].map((category) =>
      dish(category, "Dish"),
    );
    const order = ["Starters", "Gone", "Mains"];
    expect(shown(dishes, order).map(([category]) => category)).toEqual([
      "Starters",
      "Mains",
      "Apfel",
      "Äpfel",
      "Drinks",
    ]);
  });

  test("sorts dishes by position, then by name, with dishes without a position last", () => {
    const placed = (name: string, sortOrder?: number) => ({
      ...dish("One", name),
      ...(sortOrder !== undefined && { sortOrder }),
    });
    const dishes = [
      placed("A"),
      placed("C", 9_999),
      placed("Z", 0),
      placed("B"),
      placed("Y", 7),
      placed("X", 7),
    ];
    expect(shown(dishes)).toEqual([["One", "Z", "X", "Y", "C", "A", "B"]]);
  });

  test("includes sold-out dishes as not available", () => {
    expect(menuOf(restaurant, [dish("Drinks", "Cola")]).categories[0]?.dishes[0]?.available).toBe(false);
  });

  test("is empty without dishes", () => {
    expect(menuOf(restaurant, [])).toEqual({ ...restaurant, categories: [] });
  });
});
