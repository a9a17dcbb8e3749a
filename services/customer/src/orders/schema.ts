import { AddressId, RestaurantId } from "@food/shared/contracts/ids";
import { OrderFilter, OrderLines } from "@food/shared/contracts/order";
import { Text } from "@food/shared/values/fields";
import { pageQuery } from "@food/shared/values/page";
import { Type } from "@sinclair/typebox";

export const PlaceOrder = Type.Object(
  { restaurantId: RestaurantId, items: OrderLines, addressId: AddressId, note: Type.Optional(Text(500)) },
  { additionalProperties: false },
);

export const IdempotencyKey = Type.Object({
  "idempotency-key": Type.Optional(
    Type.String({
      "x-required": true,
      description: "Identifies the order: a request with a used key returns the order already placed.",
    }),
  ),
});

export const OrderQuery = Type.Object({ ...OrderFilter, ...pageQuery });
