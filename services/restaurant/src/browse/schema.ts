import { RestaurantId } from "@food/shared/contracts/ids";
import { Type } from "@sinclair/typebox";

export const RestaurantParams = Type.Object({ restaurantId: RestaurantId });
export const Conditional = Type.Object({ "if-none-match": Type.Optional(Type.String({ maxLength: 400 })) });

export const BrowseCursor = Type.Object(
  {
    restaurantId: RestaurantId,
    name: Type.Optional(Type.String({ maxLength: 200 })),
    distanceMeters: Type.Optional(Type.Number({ minimum: 0 })),
  },
  { additionalProperties: false },
);
