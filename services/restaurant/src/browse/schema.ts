import { RestaurantId } from "@food/shared/contracts/ids";
import { Type } from "@sinclair/typebox";

export const RestaurantParams = Type.Object({ restaurantId: RestaurantId });

const strict = { additionalProperties: false } as const;

export const DistanceCursor = Type.Object(
  { restaurantId: RestaurantId, distanceMeters: Type.Number({ minimum: 0 }) },
  strict,
);
export const NameCursor = Type.Object({ restaurantId: RestaurantId, sortName: Type.String() }, strict);
