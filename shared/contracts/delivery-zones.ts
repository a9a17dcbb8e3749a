// Where a restaurant delivers, and what that costs.
import { type Static, Type } from "@sinclair/typebox";
import { Cents, Currency, Line } from "../src/values/fields.ts";
import { stored } from "../src/values/ruled.ts";

const strict = { additionalProperties: false } as const;

/** A ring is closed, so the last position repeats the first. */
const POSITIONS = { minItems: 4, maxItems: 500 };

/** GeoJSON (RFC 7946) with one ring. Holes are not needed: the first zone that contains an address counts. */
export const Area = Type.Object(
  {
    type: Type.Literal("Polygon"),
    coordinates: Type.Array(
      Type.Array(
        Type.Array(Type.Number({ minimum: -180, maximum: 180 }), {
          minItems: 2,
          maxItems: 2,
          description: "Longitude, latitude",
        }),
        POSITIONS,
      ),
      { minItems: 1, maxItems: 1 },
    ),
  },
  { ...strict, description: "A GeoJSON polygon without holes. Its border belongs to it" },
);
export type Area = Static<typeof Area>;

export const SmallOrder = Type.Object(
  { belowCents: Cents, surchargeCents: Cents },
  { ...strict, description: "A surcharge for orders whose dishes cost less than `belowCents`" },
);

/** What delivery costs in a zone. */
const Prices = {
  freeFromCents: Type.Optional({ ...Cents, description: "No fee from this price of the dishes on" }),
  minimumCents: Type.Optional({ ...Cents, description: "The dishes must cost at least this" }),
  smallOrder: Type.Optional(SmallOrder),
};

export const DeliveryZone = Type.Object(
  {
    name: Line(60),
    radiusMeters: Type.Optional(
      Type.Integer({ minimum: 100, maximum: 100_000, description: "Around the restaurant" }),
    ),
    area: Type.Optional(Area),
    feeCents: Cents,
    perKilometerCents: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: 1_000_000,
        description: "Added for each kilometre of the straight way, in proportion",
      }),
    ),
    ...Prices,
  },
  { ...strict, description: "Either `radiusMeters` or `area`" },
);
export type DeliveryZone = Static<typeof DeliveryZone>;

export const DeliveryZones = Type.Array(DeliveryZone, {
  maxItems: 20,
  description:
    "The first zone that contains an address counts. Without zones, `deliveryRadiusMeters` and `deliveryFeeCents` hold",
});

/** Delivery to one address. */
export const DeliveryOffer = Type.Object(
  {
    deliverable: Type.Boolean(),
    distanceMeters: Type.Integer(),
    currency: stored(Currency),
    zone: Type.Optional(Type.String({ description: "The name of the zone" })),
    deliveryFeeCents: Type.Optional({ ...Cents, description: "Below `freeFromCents`" }),
    ...Prices,
  },
  { ...strict, description: "Fee and minimum are present when it is deliverable" },
);
export type DeliveryOffer = Static<typeof DeliveryOffer>;
