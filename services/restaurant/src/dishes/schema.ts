import { DishId } from "@food/shared/contracts/ids";
import { Dish, DishFields } from "@food/shared/contracts/restaurant";
import { pageOf, pageQuery } from "@food/shared/values/page";
import { type Static, Type } from "@sinclair/typebox";

const strict = { additionalProperties: false } as const;

export const NewDish = Type.Omit(DishFields, ["dishId"], strict);
export type NewDish = Static<typeof NewDish>;

const nullable = <K extends keyof NewDish>(field: K, description: string) =>
  Type.Union([Type.Index(NewDish, [field]), Type.Null({ description })]);

/** The fields that null removes. */
const CLEARABLE = {
  sortOrder: nullable("sortOrder", "Sorted by name, after dishes with a position"),
  imageUrl: nullable("imageUrl", "No picture"),
  allergens: nullable("allergens", "Unknown"),
  diets: nullable("diets", "Nothing stated"),
  taxBasisPoints: nullable("taxBasisPoints", "Not stated"),
  soldOutUntil: nullable("soldOutUntil", "Not sold out"),
};

export const ChangeDish = Type.Partial(
  Type.Composite([
    Type.Omit(NewDish, Object.keys(CLEARABLE) as (keyof typeof CLEARABLE)[]),
    Type.Object(CLEARABLE),
  ]),
  { ...strict, minProperties: 1 },
);
export type ChangeDish = Static<typeof ChangeDish>;

export const DishPage = pageOf(Dish);
export const DishParams = Type.Object({ dishId: DishId });
export const DishQuery = Type.Object(pageQuery);
export const DishCursor = Type.Object({ after: DishId }, strict);
