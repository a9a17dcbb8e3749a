// Option groups of a restaurant: what a customer may or must choose with a dish, such as a size or toppings.
import { type Static, Type } from "@sinclair/typebox";
import { Cents, Line } from "../src/values/fields.ts";
import { stored } from "../src/values/ruled.ts";
import { OptionGroupId, OptionId } from "./ids.ts";
import { OPTION_QUANTITY_MAX } from "./order-lines.ts";

const strict = { additionalProperties: false } as const;

export const OPTION_GROUPS_MAX = 50;
export const OPTIONS_MAX = 50;
const SELECTIONS_MAX = 50;

const minSelections = Type.Integer({
  minimum: 0,
  maximum: SELECTIONS_MAX,
  description: "Counts quantities. A group with at least one is required",
});
const maxSelections = Type.Integer({
  minimum: 1,
  maximum: SELECTIONS_MAX,
  description: "Counts quantities. A group with 1 and 1 is a variant, such as a size",
});

/** A group that a dish or an option offers, perhaps with bounds of its own. */
export const OfferedGroup = Type.Object(
  {
    optionGroupId: OptionGroupId,
    minSelections: Type.Optional({ ...minSelections, description: "Instead of the group's own" }),
    maxSelections: Type.Optional({ ...maxSelections, description: "Instead of the group's own" }),
  },
  strict,
);
export type OfferedGroup = Static<typeof OfferedGroup>;
export const OfferedGroups = Type.Array(OfferedGroup, {
  maxItems: 20,
  description: "Groups to choose from, in order, each at most once",
});

/** An option with the rules for its owner's input. */
export const OptionFields = Type.Object(
  {
    optionId: OptionId,
    name: Line(120),
    priceCents: Type.Integer({ ...Cents, description: "Added to the price of the dish" }),
    available: Type.Boolean({ description: "False while it is sold out" }),
    maxQuantity: Type.Integer({ minimum: 1, maximum: OPTION_QUANTITY_MAX }),
    optionGroups: Type.Optional({
      ...OfferedGroups,
      description: "Groups for this option, such as the sizes of a drink. Their options offer none",
    }),
  },
  strict,
);

/** A group with the rules for its owner's input. */
export const OptionGroupFields = Type.Object(
  {
    optionGroupId: OptionGroupId,
    name: Line(120),
    minSelections,
    maxSelections,
    options: Type.Array(OptionFields, { minItems: 1, maxItems: OPTIONS_MAX }),
  },
  strict,
);
export const OptionGroup = stored(OptionGroupFields);
export type OptionGroup = Static<typeof OptionGroup>;
export type Option = OptionGroup["options"][number];
