import { DELIVERY_STATUSES } from "@food/shared/contracts/delivery";
import { DeliveryId, OrderId, TripId } from "@food/shared/contracts/ids";
import { Dropoff, FailReason, HandoverPin } from "@food/shared/contracts/order";
import { Pickup } from "@food/shared/contracts/trip";
import { Instant } from "@food/shared/values/fields";
import { oneOf } from "@food/shared/values/one-of";
import { pageOf, pageQuery } from "@food/shared/values/page";
import { type Static, Type } from "@sinclair/typebox";

const strict = { additionalProperties: false } as const;

const Status = oneOf(DELIVERY_STATUSES);

export const Delivery = Type.Object(
  {
    deliveryId: DeliveryId,
    tripId: TripId,
    orderId: OrderId,
    status: Status,
    reason: Type.Optional(Type.String()),
    pickup: Pickup,
    dropoff: Type.Optional(
      Type.Object(Dropoff.properties, {
        ...strict,
        description: "The address, the customer's note and contact: only while the delivery is mine",
      }),
    ),
    readyAt: Type.Optional(Type.String({ description: "When the food should be or was ready (RFC 3339)" })),
    ready: Type.Boolean({ description: "The food is ready" }),
    stopsBefore: Type.Optional(
      Type.Integer({ minimum: 0, description: "Drop-offs before this one, while the delivery is mine" }),
    ),
    distanceMeters: Type.Integer({ description: "From the courier to the restaurant at assignment" }),
    idleSeconds: Type.Integer({ description: "How long the courier had been free" }),
    assignedAt: Instant,
    pickedUpAt: Type.Optional(Instant),
    arrivedAt: Type.Optional(
      Type.String({ description: "When I reported my arrival at the door (RFC 3339)" }),
    ),
    endedAt: Type.Optional(Instant),
  },
  strict,
);
export type Delivery = Static<typeof Delivery>;
export const DeliveryTip = Type.Object(
  {
    tipCents: Type.Integer({
      description: "All of it is mine. The customer may raise it until 24 hours after",
    }),
    currency: Type.String(),
    currencyExponent: Type.Integer({
      description: "Digits of its minor unit: 2 for EUR, 0 for JPY, 3 for KWD",
    }),
  },
  strict,
);
export const DeliveryPage = pageOf(Delivery);

export const DeliveryParams = Type.Object({ deliveryId: DeliveryId });
export const DeliveryQuery = Type.Object({ status: Type.Optional(Status), ...pageQuery });
/** `at` in milliseconds since 1970, within the range of a Date. */
export const DeliveryCursor = Type.Object(
  {
    trip: TripId,
    at: Type.Integer({ minimum: 0, maximum: 8.64e15 }),
    slot: Type.Integer({ minimum: 0 }),
  },
  strict,
);
export type DeliveryCursor = Static<typeof DeliveryCursor>;

export const HandOver = Type.Object({ pin: HandoverPin }, strict);
export const Fail = Type.Object({ reason: FailReason }, strict);
