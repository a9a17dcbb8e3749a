import { AddressId, RestaurantId } from "@food/shared/contracts/ids";
import { OrderFilter } from "@food/shared/contracts/order";
import { OrderLines } from "@food/shared/contracts/order-lines";
import { QuoteId, TipCents } from "@food/shared/contracts/price";
import { Text } from "@food/shared/values/fields";
import { pageQuery } from "@food/shared/values/page";
import { Type } from "@sinclair/typebox";

/** A large pizza with twice the cheese. */
const PIZZA = {
  restaurantId: "rst_01k9v3e6m2x8r4t7w0z5b1c3d6",
  addressId: "adr_01k9v3e6m2x8r4t7w0z5b1c3d6",
  items: [
    {
      dishId: "dsh_01k9v3e6m2x8r4t7w0z5b1c3d6",
      quantity: 1,
      options: [
        { optionId: "opt_01k9v3e6m2x8r4t7w0z5b1c3d6" },
        { optionId: "opt_01k9v3e6m2x8r4t7w0z5b1c3d7", quantity: 2 },
      ],
      note: "Well done",
    },
  ],
  tipCents: 200,
};

const CART = {
  restaurantId: RestaurantId,
  items: OrderLines,
  addressId: AddressId,
  tipCents: Type.Optional(TipCents),
};
export const Cart = Type.Object(CART, { additionalProperties: false, examples: [PIZZA] });

export const PlaceOrder = Type.Object(
  {
    ...CART,
    note: Type.Optional(Text(500)),
    quoteId: Type.Optional(QuoteId),
  },
  { additionalProperties: false, examples: [PIZZA] },
);

export const Tip = Type.Object({ tipCents: TipCents }, { additionalProperties: false });

export const IdempotencyKey = Type.Object({
  "idempotency-key": Type.Optional(
    Type.String({
      "x-required": true,
      description: "Identifies the order: a request with a used key returns the order already placed.",
    }),
  ),
});

export const OrderQuery = Type.Object({ ...OrderFilter, ...pageQuery });
