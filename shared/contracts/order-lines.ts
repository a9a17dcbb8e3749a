// The lines of an order: as a customer requests them, and as the order keeps them, with names and prices.
import { type Static, Type } from "@sinclair/typebox";
import { Cents, Text } from "../src/values/fields.ts";
import { DishId, OptionGroupId, OptionId } from "./ids.ts";

const strict = { additionalProperties: false } as const;

/** How often one option may be chosen for one dish. */
export const OPTION_QUANTITY_MAX = 20;
/** Different choices of one line, and of one option. */
const CHOICES_MAX = 50;

const choice = {
  optionId: OptionId,
  quantity: Type.Optional(
    Type.Integer({ minimum: 1, maximum: OPTION_QUANTITY_MAX, description: "For one of the dish; default 1" }),
  ),
};
export const ChosenInnerOption = Type.Object(choice, strict);
export const ChosenOption = Type.Object(
  {
    ...choice,
    options: Type.Optional(
      Type.Array(ChosenInnerOption, {
        maxItems: CHOICES_MAX,
        description: "From the groups that this option offers",
      }),
    ),
  },
  strict,
);
export type ChosenOption = Static<typeof ChosenOption>;

export const OrderLine = Type.Object(
  {
    dishId: DishId,
    quantity: Type.Integer({ minimum: 1, maximum: 99 }),
    options: Type.Optional(
      Type.Array(ChosenOption, {
        maxItems: CHOICES_MAX,
        description: "From the groups that the dish offers, in any order",
      }),
    ),
    note: Type.Optional(Text(200)),
  },
  strict,
);
export type OrderLine = Static<typeof OrderLine>;
export const OrderLines = Type.Array(OrderLine, {
  minItems: 1,
  maxItems: 50,
  description: "Lines stay apart, also lines of one dish",
});

const itemOption = {
  optionId: OptionId,
  optionGroupId: OptionGroupId,
  groupName: Type.String(),
  name: Type.String(),
  quantity: Type.Integer({ description: "For one of the dish" }),
  priceCents: Type.Integer({ description: "Of one, without its own options" }),
};
export const ItemInnerOption = Type.Object(itemOption, strict);
export const ItemOption = Type.Object(
  { ...itemOption, options: Type.Optional(Type.Array(ItemInnerOption)) },
  strict,
);
export type ItemOption = Static<typeof ItemOption>;

export const OrderItem = Type.Object(
  {
    dishId: DishId,
    name: Type.String(),
    quantity: Type.Integer(),
    unitPriceCents: Type.Integer({ ...Cents, description: "Of one, with its options" }),
    options: Type.Optional(Type.Array(ItemOption)),
    note: Type.Optional(Type.String()),
  },
  strict,
);
export type OrderItem = Static<typeof OrderItem>;
