import { CourierId, TripId } from "@food/shared/contracts/ids";
import { Vehicle } from "@food/shared/contracts/order";
import { Email, Instant, InstantNearNow, Line, Password, Phone } from "@food/shared/values/fields";
import { Location } from "@food/shared/values/geo";
import { oneOf } from "@food/shared/values/one-of";
import { type Static, Type } from "@sinclair/typebox";
import { NO_WORK_REASONS } from "./work.ts";

const strict = { additionalProperties: false } as const;

export const RegisterCourier = Type.Object(
  { email: Email, password: Password, name: Line(120), phone: Phone, vehicle: Vehicle },
  strict,
);
export type RegisterCourier = Static<typeof RegisterCourier>;

export const ChangeCourier = Type.Object(
  { name: Type.Optional(Line(120)), phone: Type.Optional(Phone), vehicle: Type.Optional(Vehicle) },
  { ...strict, minProperties: 1 },
);
export type ChangeCourier = Static<typeof ChangeCourier>;

const noWork = {
  noWorkReason: oneOf(NO_WORK_REASONS, "Why I get no order now; absent when I may get one"),
  notice: Type.String({ description: "The reason as text, and what I can do about it" }),
};

/** The answer to an available courier whose position is too old. */
export const NoWork = Type.Object(noWork, strict);

export const Courier = Type.Object(
  {
    courierId: CourierId,
    email: Type.String(),
    name: Type.String(),
    phone: Type.String(),
    vehicle: Vehicle,
    available: Type.Boolean(),
    onDelivery: Type.Boolean({ description: "Whether I am on a delivery now" }),
    location: Type.Optional(Location),
    locationAt: Type.Optional(Instant),
    createdAt: Instant,
    noWorkReason: Type.Optional(noWork.noWorkReason),
    notice: Type.Optional(noWork.notice),
  },
  strict,
);
export type Courier = Static<typeof Courier>;

/** The answer to coming on or going off duty. */
export const Duty = Type.Composite(
  [
    Courier,
    Type.Object({
      tripInHand: Type.Optional(
        Type.Object(
          { tripId: TripId, ordersLeft: Type.Integer() },
          {
            ...strict,
            description:
              "Only off duty: the trip that goes on. No order joins it, and no other trip comes until I am on duty",
          },
        ),
      ),
    }),
  ],
  strict,
);
export type Duty = Static<typeof Duty>;

export const Availability = Type.Object({ available: Type.Boolean() }, strict);

export const ReportLocation = Type.Object(
  { location: Location, recordedAt: Type.Optional(InstantNearNow) },
  { ...strict, description: "Without recordedAt the server uses the current time" },
);
export type ReportLocation = Static<typeof ReportLocation>;
