import { describe, expect, test } from "bun:test";
import type { OptionGroup } from "@food/shared/contracts/option-groups";
import { aGroup, anOption, offer } from "./option-group.builder.ts";
import {
  canChoose,
  canMeetAll,
  faultsInGroup,
  faultsInOffers,
  groupsOf,
  groupsOffered,
  offersOf,
} from "./option-group.ts";

const sizes = aGroup("sizes", [1, 1], anOption("small"), anOption("large"));
const cola = anOption("cola", { optionGroups: [offer("sizes")] });
const drinks = aGroup("drinks", [1, 1], cola, anOption("water"));
const soldOut = (group: OptionGroup, ...ids: string[]) => ({
  ...group,
  options: group.options.map((option) =>
    ids.includes(option.optionId) ? { ...option, available: false } : option,
  ),
});
const groups = groupsOf([sizes, drinks]);

describe("offersOf", () => {
  test("has the bounds of the group, or those of the offer", () => {
    expect(offersOf([offer("sizes"), offer("drinks", 0, 2)], groups)).toEqual([
      { group: sizes, min: 1, max: 1 },
      { group: drinks, min: 0, max: 2 },
    ]);
  });

  test("leaves out a group that is gone", () => {
    expect(offersOf([offer("gone"), offer("sizes")], groups)).toHaveLength(1);
  });

  test("when a later maximum of the group is below the minimum of the offer, the minimum counts", () => {
    expect(offersOf([offer("sizes", 2)], groups)).toEqual([{ group: sizes, min: 2, max: 2 }]);
  });
});

describe("canMeetAll", () => {
  const isMet = (min: number, max: number, ...ids: string[]) => {
    const toppings = aGroup("toppings", [min, max], anOption("ham", { maxQuantity: 2 }), anOption("olives"));
    return canMeetAll([offer("toppings")], groupsOf([soldOut(toppings, ...ids)]));
  };

  test("is true while the options that are left reach the minimum", () => {
    expect([isMet(2, 3, "olives"), isMet(2, 3, "ham"), isMet(1, 3, "ham"), isMet(1, 3)]).toEqual([
      true,
      false,
      true,
      true,
    ]);
  });

  test("is true without a minimum, also when everything is sold out", () => {
    expect([isMet(0, 3, "ham", "olives"), isMet(1, 3, "ham", "olives")]).toEqual([true, false]);
  });

  test("counts an option as sold out when a group inside it cannot be met", () => {
    const inside = groupsOf([soldOut(sizes, "small", "large"), drinks]);
    expect([canChoose(cola, groups), canChoose(cola, inside)]).toEqual([true, false]);
    expect(canMeetAll([offer("drinks")], inside)).toBe(true);
    expect(
      canMeetAll([offer("drinks")], groupsOf([...inside.values()].map((one) => soldOut(one, "water")))),
    ).toBe(false);
  });
});

describe("faultsInOffers", () => {
  const pointers = (...offered: ReturnType<typeof offer>[]) =>
    faultsInOffers(offered, groups, "/optionGroups").map(({ pointer }) => pointer);

  test.each([
    ["an unknown group", [offer("gone")], ["/optionGroups/0/optionGroupId"]],
    ["a group twice", [offer("sizes"), offer("sizes")], ["/optionGroups/1/optionGroupId"]],
    ["a minimum above its maximum", [offer("drinks", 2, 1)], ["/optionGroups/0/minSelections"]],
    ["a minimum above the group's maximum", [offer("drinks", 2)], ["/optionGroups/0/minSelections"]],
    [
      "a maximum below the group's minimum",
      [offer("drinks", undefined, 0)],
      ["/optionGroups/0/minSelections"],
    ],
    ["a minimum above what the options allow", [offer("sizes", 3, 3)], ["/optionGroups/0/minSelections"]],
    ["bounds that can be met", [offer("sizes", 0, 2), offer("drinks")], []],
  ])("for %s", (_, offered, expected) => {
    expect(pointers(...offered)).toEqual(expected);
  });
});

describe("faultsInGroup", () => {
  const faults = (group: OptionGroup, ...others: OptionGroup[]) =>
    faultsInGroup(group, groupsOf([group, ...others])).map(({ pointer }) => pointer);
  const nesting = (id: string, ...inner: string[]) =>
    aGroup(id, [0, 1], anOption(`of ${id}`, { optionGroups: inner.map((one) => offer(one)) }));

  test("has none for a plain group and for one level of groups", () => {
    expect([faults(sizes), faults(drinks, sizes)]).toEqual([[], []]);
  });

  test.each([
    ["a minimum above the maximum", aGroup("one", [2, 1], anOption("a"), anOption("b")), "/minSelections"],
    ["a minimum above what its options allow", aGroup("one", [2, 5], anOption("a")), "/minSelections"],
    ["an unknown group inside", nesting("one", "gone"), "/options/0/optionGroups/0/optionGroupId"],
    ["a group inside itself", nesting("sizes", "sizes"), "/options/0/optionGroups/0/optionGroupId"],
    ["a second level below it", nesting("one", "drinks"), "/options/0/optionGroups/0/optionGroupId"],
    ["a second level above it", { ...nesting("sizes", "one") }, "/options/0/optionGroups"],
    [
      "a group twice in an option",
      nesting("one", "sizes", "sizes"),
      "/options/0/optionGroups/1/optionGroupId",
    ],
  ])("points at %s", (_, group, pointer) => {
    const plain = aGroup("one", [0, 1], anOption("a"));
    const others = [sizes, drinks, plain].filter((one) => one.optionGroupId !== group.optionGroupId);
    expect(faults(group, ...others)).toContain(pointer);
  });
});

test("groupsOffered has the groups of the dishes and those inside them, each once", () => {
  const other = aGroup("other", [0, 1], anOption("a"));
  const all = groupsOf([sizes, drinks, other]);
  const dishes = [
    { optionGroups: [offer("drinks")] },
    {},
    { optionGroups: [offer("sizes"), offer("drinks")] },
  ];
  expect(groupsOffered(dishes, all)).toEqual([drinks, sizes]);
  expect(groupsOffered([{}], all)).toEqual([]);
});
