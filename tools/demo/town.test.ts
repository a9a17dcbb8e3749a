import { expect, test } from "bun:test";
import { distanceBetween } from "../day/plane.ts";
import { type DemoMenu, MENUS } from "./menus.ts";
import { couriers, customers, restaurants } from "./town.ts";

test("nobody shares an email or a door", () => {
  const all = [...restaurants, ...couriers, ...customers];
  expect(new Set(all.map(({ account }) => account.email)).size).toBe(all.length);
  for (const group of [restaurants, couriers, customers])
    expect(new Set(group.map(({ spot }) => `${spot.x} ${spot.y}`)).size).toBe(group.length);
});

test("every restaurant delivers to every customer", () => {
  for (const restaurant of restaurants)
    for (const customer of customers)
      expect(distanceBetween(restaurant.spot, customer.spot)).toBeLessThan(3_900);
});

test("dishes name only groups of their menu", () => {
  for (const { dishes, groups } of Object.values<DemoMenu>(MENUS))
    for (const { groups: offered = [] } of dishes)
      expect(groups.map(({ name }) => name)).toEqual(expect.arrayContaining(offered));
});
