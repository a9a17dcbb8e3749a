import { OptionGroupId, OptionId } from "@food/shared/contracts/ids";
import {
  OfferedGroups,
  OPTIONS_MAX,
  OptionFields,
  OptionGroup,
  OptionGroupFields,
} from "@food/shared/contracts/option-groups";
import { pageOf } from "@food/shared/values/page";
import { type Static, Type } from "@sinclair/typebox";

const strict = { additionalProperties: false } as const;

export const NewOption = Type.Composite(
  [
    Type.Omit(OptionFields, ["optionId", "available", "maxQuantity"]),
    Type.Object({
      available: Type.Optional({ ...OptionFields.properties.available, description: "By default true" }),
      maxQuantity: Type.Optional({ ...OptionFields.properties.maxQuantity, description: "By default 1" }),
    }),
  ],
  strict,
);

const { options: _, optionGroupId: __, ...own } = OptionGroupFields.properties;
const SIZES = {
  name: "Size",
  ...{ minSelections: 1, maxSelections: 1 },
  options: [
    { name: "26 cm", priceCents: 0 },
    { name: "32 cm", priceCents: 300 },
  ],
};
const bounds = { minItems: 1, maxItems: OPTIONS_MAX };
export const NewOptionGroup = Type.Object(
  { ...own, options: Type.Array(NewOption, bounds) },
  { ...strict, examples: [SIZES] },
);
export type NewOptionGroup = Static<typeof NewOptionGroup>;

export const KeptOption = Type.Composite(
  [NewOption, Type.Object({ optionId: Type.Optional(OptionId) })],
  strict,
);
export const ChangeOptionGroup = Type.Partial(
  Type.Object({
    ...own,
    options: Type.Array(KeptOption, {
      ...bounds,
      description:
        "All options: those with an id stay, those without are new, and those left out are removed. A field left out keeps its value",
    }),
  }),
  { ...strict, minProperties: 1 },
);
export type ChangeOptionGroup = Static<typeof ChangeOptionGroup>;

export const ChangeOption = Type.Partial(
  Type.Object({
    ...Type.Omit(OptionFields, ["optionId", "optionGroups"]).properties,
    optionGroups: OfferedGroups,
  }),
  { ...strict, minProperties: 1 },
);
export type ChangeOption = Static<typeof ChangeOption>;

export const OptionGroupPage = pageOf(OptionGroup);
export const OptionGroupParams = Type.Object({ optionGroupId: OptionGroupId });
export const OptionParams = Type.Object({ optionGroupId: OptionGroupId, optionId: OptionId });
