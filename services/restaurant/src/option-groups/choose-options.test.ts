import { describe, expect, test } from "bun:test";
import type { Option, OptionGroup } from "@food/shared/contracts/option-groups";
import type { ChosenOption } from "@food/shared/contracts/order-lines";
import { chooseOptions } from "./choose-options.ts";
import { aGroup, anOption, offer } from "./option-group.builder.ts";
import { groupsOf } from "./option-group.ts";

const sizes = aGroup(
  "sizes",
  [1, 1],
  anOption("small", { priceCents: 0 }),
  anOption("large", { priceCents: 150 }),
);
const drinks = aGroup(
  "drinks",
  [1, 2],
  anOption("cola", { priceCents: 300, maxQuantity: 2, optionGroups: [offer("sizes")] }),
  anOption("water", { priceCents: 200, maxQuantity: 2 }),
);
const toppings = aGroup(
  "toppings",
  [0, 3],
  anOption("ham", { maxQuantity: 2 }),
  anOption("olives", { available: false }),
);
const groups = groupsOf([sizes, drinks, toppings]);
const choose = (chosen: ChosenOption[], offered = [offer("drinks"), offer("toppings")]) =>
  chooseOptions(chosen, offered, groups, "/items/4/options");
const faults = (...chosen: ChosenOption[]) =>
  choose(chosen).faults.map(({ pointer, detail, about }) => [pointer, detail, about]);
const water = { optionId: "water" };

describe("chooseOptions", () => {
  test("prices the options with their own options, each times its quantity", () => {
    const cola = { optionId: "cola", quantity: 2, options: [{ optionId: "large" }] };
    const { options, priceCents, faults } = choose([cola, { optionId: "ham", quantity: 2 }]);
    expect(faults).toEqual([]);
    expect(priceCents).toBe(2 * (300 + 150) + 2 * 100);
    expect(options).toEqual([
      {
        ...{ optionId: "cola", optionGroupId: "drinks", groupName: "Group drinks", name: "COLA" },
        ...{ quantity: 2, priceCents: 300 },
        options: [
          {
            ...{ optionId: "large", optionGroupId: "sizes", groupName: "Group sizes", name: "LARGE" },
            ...{ quantity: 1, priceCents: 150 },
          },
        ],
      },
      {
        ...{ optionId: "ham", optionGroupId: "toppings", groupName: "Group toppings", name: "HAM" },
        ...{ quantity: 2, priceCents: 100 },
      },
    ]);
  });

  test("is empty for a dish without groups and a line without options", () => {
    expect(chooseOptions(undefined, undefined, groups, "")).toEqual({
      options: [],
      priceCents: 0,
      faults: [],
    });
  });

  test("allows one option twice with other options of its own", () => {
    const colas = ["small", "large"].map((size) => ({ optionId: "cola", options: [{ optionId: size }] }));
    expect(choose(colas)).toMatchObject({ priceCents: 300 + 300 + 150, faults: [] });
  });

  test.each<[string, ChosenOption[], [string, string, string | undefined]]>([
    ["a missing choice", [], ["/items/4/options", "Choose 1 to 2 of Group drinks, not 0", "drinks"]],
    [
      "too many",
      [
        { optionId: "water", quantity: 2 },
        { optionId: "cola", options: [{ optionId: "large" }] },
      ],
      ["/items/4/options", "Choose 1 to 2 of Group drinks, not 3", "drinks"],
    ],
    [
      "an option of another dish",
      [water, { optionId: "large" }],
      ["/items/4/options/1/optionId", "An option of Group drinks, Group toppings", undefined],
    ],
    [
      "an option that is sold out",
      [water, { optionId: "olives" }],
      ["/items/4/options/1/optionId", "OLIVES is sold out. Choose from HAM", "toppings"],
    ],
    [
      "too much of one option",
      [water, { optionId: "ham", quantity: 3 }],
      ["/items/4/options/1/quantity", "At most 2 of HAM", "toppings"],
    ],
    [
      "too much of one option in two parts",
      [water, { optionId: "ham", quantity: 2 }, { optionId: "ham" }],
      ["/items/4/options/2/quantity", "At most 2 of HAM", "toppings"],
    ],
    [
      "a missing choice inside an option",
      [{ optionId: "cola" }],
      ["/items/4/options/0/options", "Choose exactly 1 of Group sizes, not 0", "sizes"],
    ],
    [
      "options of an option that has none",
      [{ ...water, options: [{ optionId: "large" }] }],
      ["/items/4/options/0/options/0/optionId", "No options: none are offered here", undefined],
    ],
  ])("refuses %s, and says what would be right", (_, chosen, fault) => {
    expect(faults(...chosen)).toEqual([fault] as never);
  });

  test("reports everything that is wrong at once", () => {
    expect(faults({ optionId: "olives" }, { optionId: "ham", quantity: 3 }, { optionId: "x" })).toHaveLength(
      5,
    );
  });

  test("does not count a missing choice twice when a sold-out option was chosen for it", () => {
    const empty = groupsOf([aGroup("one", [1, 1], anOption("a", { available: false }))]);
    const { faults } = chooseOptions([{ optionId: "a" }], [offer("one")], empty, "");
    expect(faults.map(({ detail }) => detail)).toEqual(["A is sold out. Leave it out"]);
  });
});

/** Every list of quantities from 0 to `most` for these options. */
function* quantities(ids: string[], most: number): Generator<ChosenOption[]> {
  const [optionId, ...rest] = ids;
  if (optionId === undefined) return yield [];
  for (const others of quantities(rest, most))
    for (let quantity = 0; quantity <= most; quantity++)
      yield quantity === 0 ? others : [{ optionId, quantity }, ...others];
}

describe("every combination", () => {
  const BOUNDS: [number, number][] = [0, 1, 2, 3].flatMap((min) =>
    [1, 2, 3].flatMap((max): [number, number][] => (min <= max ? [[min, max]] : [])),
  );
  const outer = (bounds: [number, number], available: boolean) =>
    aGroup(
      "outer",
      bounds,
      anOption("a", { maxQuantity: 2, available }),
      anOption("b", { maxQuantity: 2, priceCents: 7, optionGroups: [offer("inner")] }),
    );
  const inner = (bounds: [number, number]) =>
    aGroup(
      "inner",
      bounds,
      anOption("x", { priceCents: 11 }),
      anOption("y", { maxQuantity: 2, priceCents: 13 }),
    );

  /** The rules once more, in other words. */
  function isAllowed(
    chosen: readonly ChosenOption[],
    { minSelections, maxSelections, options }: OptionGroup,
  ) {
    const total = chosen.reduce((sum, { quantity = 1 }) => sum + quantity, 0);
    const fits = ({ optionId, quantity = 1 }: ChosenOption) => {
      const option = options.find((one: Option) => one.optionId === optionId);
      return option?.available === true && quantity <= option.maxQuantity;
    };
    return total >= minSelections && total <= maxSelections && chosen.every(fits);
  }

  test.each(BOUNDS)("of a group from %d to %d is refused exactly when a rule forbids it", (min, max) => {
    let [allowed, refused] = [0, 0];
    for (const available of [true, false])
      for (const innerBounds of BOUNDS) {
        const [group, nested] = [outer([min, max], available), inner(innerBounds)];
        const known = groupsOf([group, nested]);
        for (const plain of quantities(["a", "b", "x"], 3))
          for (const inside of quantities(["x", "y"], 3)) {
            const chosen = plain.map((one) => (one.optionId === "b" ? { ...one, options: inside } : one));
            const hasInner = plain.some(({ optionId }) => optionId === "b");
            const right = isAllowed(plain, group) && (!hasInner || isAllowed(inside, nested));
            const choice = chooseOptions(chosen, [offer("outer")], known, "");
            if (right === choice.faults.length > 0)
              throw new Error(
                `${JSON.stringify({ chosen, group, nested })} is ${right ? "" : "not "}allowed`,
              );
            if (right) allowed++;
            else refused++;
          }
      }
    expect(allowed).toBeGreaterThan(0);
    expect(refused).toBeGreaterThan(allowed);
  });
});
