// The price of a cart or an order, as a list of components that add up to its total.
import { type Static, Type } from "@sinclair/typebox";
import { Cents, Currency, Instant } from "../src/values/fields.ts";
import { oneOf } from "../src/values/one-of.ts";
import { stored } from "../src/values/ruled.ts";
import { OptionId, RestaurantId } from "./ids.ts";
import { OrderItem } from "./order-lines.ts";

const strict = { additionalProperties: false } as const;

/** A tax rate in hundredths of a percent: 700 is 7 %. */
export const TaxRate = Type.Integer({
  minimum: 0,
  maximum: 10_000,
  description: "Tax rate in basis points: 700 is 7 %",
});

export const TaxTerms = Type.Object(
  {
    pricesIncludeTax: Type.Boolean({ description: "Whether prices and fees contain their tax" }),
    feeBasisPoints: Type.Optional({ ...TaxRate, description: "Tax rate of fees. Absent: not stated" }),
  },
  { ...strict, description: "By default, prices contain their tax" },
);
export type TaxTerms = Static<typeof TaxTerms>;

const KINDS = ["dish", "option", "delivery_fee", "small_order_surcharge", "tax", "tip"] as const;
export const PriceComponent = Type.Object(
  {
    kind: oneOf(KINDS),
    line: Type.Optional(
      Type.Integer({ description: "Of a dish or option: the index of its line in `items`" }),
    ),
    optionId: Type.Optional(OptionId),
    quantity: Type.Optional(Type.Integer({ description: "Of a dish or option, for the whole line" })),
    unitCents: Type.Optional(Type.Integer({ description: "Of a dish or option" })),
    rateBasisPoints: Type.Optional(Type.Integer({ description: "Of a tax" })),
    netCents: Type.Optional(Type.Integer({ description: "Of a tax: the amount that it is on, without it" })),
    included: Type.Optional(
      Type.Boolean({ description: "True for a tax that the prices contain: not added to the total" }),
    ),
    amountCents: Type.Integer(),
  },
  strict,
);
export type PriceComponent = Static<typeof PriceComponent>;

/** What all components that are not part of others add up to. */
export const totalOf = (components: readonly PriceComponent[]): number =>
  components.reduce((sum, { included, amountCents }) => (included ? sum : sum + amountCents), 0);

export const TipCents = Type.Integer({
  ...Cents,
  description: "All of it is the courier's. At most 5000, or half of the subtotal if that is more",
});

export const tipMaxCents = (subtotalCents: number): number => Math.max(5_000, Math.floor(subtotalCents / 2));

export const QUOTE_VALID_MS = 5 * 60_000;

/** A quote's id is when it ends, and the hash of all that it says. */
export const QuoteId = Type.String({
  pattern: "^[0-9a-z]{1,11}\\.[\\w-]{43}$",
  maxLength: 55,
  description: "From POST /v1/quotes: places the order only at the price that was quoted",
});

/** The exact price of a cart, as its customer sees it. */
export const CartQuote = Type.Object(
  {
    quoteId: QuoteId,
    expiresAt: Instant,
    restaurantId: RestaurantId,
    restaurantName: Type.String(),
    items: Type.Array(OrderItem),
    components: Type.Array(PriceComponent),
    subtotalCents: Type.Integer({ description: "Of all lines" }),
    deliveryFeeCents: Type.Integer(),
    totalCents: Type.Integer(),
    currency: stored(Currency),
    currencyExponent: Type.Integer({
      description: "Digits of its minor unit: 2 for EUR, 0 for JPY, 3 for KWD",
    }),
  },
  strict,
);
export type CartQuote = Static<typeof CartQuote>;
