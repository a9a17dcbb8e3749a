import { describe, expect, test } from "bun:test";
import { portionsLeft, portionsOf, returnable, takesOf } from "./stock.ts";

const TODAY = "2026-01-14";
const daily = { remaining: 1, perDay: 5, day: "2026-01-13" };
const fixed = { remaining: 3, day: "" };

describe("portionsLeft", () => {
  test("begins again on a later day, but not on an earlier one", () => {
    expect(portionsLeft(daily, TODAY)).toBe(5);
    expect(portionsLeft(daily, daily.day)).toBe(1);
    expect(portionsLeft(daily, "2026-01-12")).toBe(1);
    expect(portionsLeft(fixed, TODAY)).toBe(3);
  });
});

describe("takesOf", () => {
  const take = (portions: [string, number][], stock = { dsh_1: fixed, dsh_2: daily }) =>
    takesOf(new Map(portions), stock, TODAY);

  test("takes all or nothing, and only of limited dishes", () => {
    expect(take([["dsh_3", 99]])).toEqual([]);
    expect(take([["dsh_1", 4]])).toBeUndefined();
    expect(
      take([
        ["dsh_1", 3],
        ["dsh_2", 6],
      ]),
    ).toBeUndefined();
    expect(
      take([
        ["dsh_1", 3],
        ["dsh_2", 5],
        ["dsh_3", 9],
      ])?.map(({ dishId, to }) => [dishId, to]),
    ).toEqual([
      ["dsh_1", { remaining: 0, day: "" }],
      ["dsh_2", { remaining: 0, perDay: 5, day: TODAY }],
    ]);
  });

  test("without any stock takes nothing", () => {
    expect(takesOf(new Map([["dsh_1", 1]]), undefined, TODAY)).toEqual([]);
  });
});

test("portionsOf adds the lines of one dish", () => {
  const items = [
    { dishId: "dsh_1", quantity: 2 },
    { dishId: "dsh_2", quantity: 1 },
    { dishId: "dsh_1", quantity: 3 },
  ];
  expect([...portionsOf(items)]).toEqual([
    ["dsh_1", 5],
    ["dsh_2", 1],
  ]);
});

test("returnable gives nothing back to another day or to a dish without a limit", () => {
  const lines = [
    { dishId: "dsh_1", portions: 1, day: "" },
    { dishId: "dsh_2", portions: 1, day: TODAY },
    { dishId: "dsh_3", portions: 1, day: "" },
  ];
  expect(returnable(lines, { dsh_1: fixed, dsh_2: daily })).toEqual(lines.slice(0, 1));
  expect(returnable(lines)).toEqual([]);
});
