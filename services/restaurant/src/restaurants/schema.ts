import { DeliveryZones } from "@food/shared/contracts/delivery-zones";
import { OpeningHours, Restaurant, RestaurantFields } from "@food/shared/contracts/restaurant";
import { Email, Instant, Password } from "@food/shared/values/fields";
import { stored } from "@food/shared/values/ruled";
import { type Static, Type } from "@sinclair/typebox";

const strict = { additionalProperties: false } as const;

const Profile = Type.Pick(RestaurantFields, [
  "name",
  "cuisines",
  "phone",
  "address",
  "currency",
  "deliveryRadiusMeters",
  "deliveryFeeCents",
  "prepMinutes",
  "openingHours",
  "categoryOrder",
  "categoryHours",
  "deliveryZones",
  "tax",
]);

export const RegisterRestaurant = Type.Composite(
  [Type.Object({ email: Email, password: Password }), Profile],
  strict,
);
export type RegisterRestaurant = Static<typeof RegisterRestaurant>;

/** The currency may be present, but not changed. */
export const ChangeRestaurant = Type.Partial(
  Type.Composite([
    Type.Omit(Profile, ["openingHours"]),
    Type.Object({ openingHours: Type.Union([OpeningHours, Type.Null({ description: "Always open" })]) }),
  ]),
  { ...strict, minProperties: 1 },
);
export type ChangeRestaurant = Static<typeof ChangeRestaurant>;

/** The owner's view of a restaurant. */
export const OwnRestaurant = Type.Composite(
  [
    Type.Omit(Restaurant, ["distanceMeters"]),
    Type.Object({
      deliveryZones: Type.Optional(stored(DeliveryZones)),
      email: Type.String(),
      createdAt: Instant,
      secondFactorRequired: Type.Boolean({
        description: "Whether each person needs a second factor to work here",
      }),
    }),
  ],
  strict,
);
export type OwnRestaurant = Static<typeof OwnRestaurant>;

export const Availability = Type.Object({ acceptingOrders: Type.Boolean() }, strict);
