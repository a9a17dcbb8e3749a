import { DishId, OrderId } from "@food/shared/contracts/ids";
import { type Static, Type } from "@sinclair/typebox";

const strict = { additionalProperties: false } as const;
const Portions = (description: string) => Type.Integer({ minimum: 0, maximum: 10_000, description });

export const SetStock = Type.Object(
  {
    remaining: Portions("Portions that can still be ordered"),
    perDay: Type.Optional(
      Portions("Each business day begins with these portions again, at 04:00 by the restaurant's clock"),
    ),
  },
  strict,
);
export type SetStock = Static<typeof SetStock>;

export const DishStock = Type.Composite([Type.Object({ dishId: DishId }), SetStock], strict);
export type DishStock = Static<typeof DishStock>;
export const StockList = Type.Object(
  { items: Type.Array(DishStock, { description: "Dishes with limited portions" }) },
  strict,
);

export const StockParams = Type.Object({ dishId: DishId });
export const TakerParams = Type.Object({ orderId: OrderId });
