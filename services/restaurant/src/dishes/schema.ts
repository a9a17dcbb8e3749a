import { DishId } from "@food/shared/contracts/ids";
import { Dish, DishFields } from "@food/shared/contracts/restaurant";
import { pageOf, pageQuery } from "@food/shared/values/page";
import { type Static, Type } from "@sinclair/typebox";

const strict = { additionalProperties: false } as const;

export const NewDish = Type.Omit(DishFields, ["dishId"], strict);
export type NewDish = Static<typeof NewDish>;

export const ChangeDish = Type.Partial(
  Type.Composite([
    Type.Omit(NewDish, ["sortOrder"]),
    Type.Object({
      sortOrder: Type.Union([
        Type.Index(NewDish, ["sortOrder"]),
        Type.Null({ description: "Sorted by name, after dishes with a position" }),
      ]),
    }),
  ]),
  { ...strict, minProperties: 1 },
);
export type ChangeDish = Static<typeof ChangeDish>;

export const DishPage = pageOf(Dish);
export const DishParams = Type.Object({ dishId: DishId });
export const DishQuery = Type.Object(pageQuery);
export const DishCursor = Type.Object({ after: DishId }, strict);
