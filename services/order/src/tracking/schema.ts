import { CourierId, CustomerId, OperatorId, OrderId, RestaurantId } from "@food/shared/contracts/ids";
import { OrderCourier, OrderStatus } from "@food/shared/contracts/order";
import { AssignmentReason } from "@food/shared/contracts/trip";
import { Instant } from "@food/shared/values/fields";
import { Location } from "@food/shared/values/geo";
import { type TSchema, Type } from "@sinclair/typebox";

const strict = { additionalProperties: false } as const;

export const CourierLocation = Type.Object(
  {
    location: Location,
    recordedAt: Type.String(),
    ageSeconds: Type.Integer({ description: "Age at the time of sending" }),
    stale: Type.Boolean({ description: "Older than a minute" }),
  },
  strict,
);

export const LiveStatus = Type.Object(
  {
    orderId: OrderId,
    status: OrderStatus,
    reason: Type.Optional(Type.String()),
    version: Type.Integer(),
    readyAt: Type.Optional(Type.String()),
    estimatedDeliveryAt: Instant,
    estimateReason: Type.Union([Type.Literal("kitchen"), Type.Literal("courier")], {
      description: "What the estimate depends on",
    }),
    courier: Type.Optional(OrderCourier),
    stopsBefore: Type.Optional(
      Type.Integer({
        description: "Doors that the courier visits before this one, from assignment to the end",
      }),
    ),
    courierLocation: Type.Optional(CourierLocation),
  },
  strict,
);

const eventBy = (actorId: TSchema) =>
  Type.Object(
    {
      sequence: Type.Integer(),
      type: Type.String(),
      from: Type.Union([OrderStatus, Type.Null()]),
      to: OrderStatus,
      actor: Type.Object({ role: Type.String(), id: Type.Optional(actorId) }, strict),
      reason: Type.Optional(Type.String()),
      prepMinutes: Type.Optional(
        Type.Integer({ description: "The minutes that the kitchen sent with this move" }),
      ),
      why: Type.Optional(AssignmentReason),
      at: Instant,
    },
    strict,
  );

/** Without the ids of operators. */
export const TimelineEvent = eventBy(Type.Union([CustomerId, RestaurantId, CourierId]));
export const OperatorEvent = eventBy(Type.Union([CustomerId, RestaurantId, CourierId, OperatorId]));
export const Timeline = Type.Object({ items: Type.Array(TimelineEvent), nextCursor: Type.Null() }, strict);

export const Resume = Type.Object({
  "last-event-id": Type.Optional(Type.String({ description: "The id of the last received event" })),
});
