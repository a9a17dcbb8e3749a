import { DeliveryId, OrderId, RestaurantId, TripId } from "@food/shared/contracts/ids";
import { DeliveryAddress } from "@food/shared/contracts/order";
import { Instant } from "@food/shared/values/fields";
import { oneOf } from "@food/shared/values/one-of";
import { type Static, Type } from "@sinclair/typebox";

const strict = { additionalProperties: false } as const;

export const Stop = Type.Object(
  {
    action: oneOf(["pickup", "drop_off"], "What to do there"),
    name: Type.Optional(Type.String({ description: "The restaurant's name, at the pickup" })),
    address: DeliveryAddress,
    orderIds: Type.Array(OrderId, { description: "The orders to pick up, or the one to drop off" }),
    deliveryIds: Type.Array(DeliveryId),
    expectedAt: Type.String({ description: "When the courier is expected there (RFC 3339)" }),
    readyAt: Type.Optional(
      Type.String({ description: "When all food of the stop should be ready (RFC 3339)" }),
    ),
    ready: Type.Boolean({ description: "All food of the stop is ready" }),
  },
  strict,
);
export type Stop = Static<typeof Stop>;

export const Trip = Type.Object(
  {
    tripId: TripId,
    restaurantId: RestaurantId,
    open: Type.Boolean({ description: "No order is picked up: orders of the restaurant may join" }),
    capacity: Type.Integer({ description: "Maximum number of orders at a time" }),
    assignedAt: Instant,
    arrivedAt: Type.Optional(
      Type.String({ description: "When I reported my arrival at the restaurant (RFC 3339)" }),
    ),
    stops: Type.Array(Stop, { description: "The remaining stops in sequence" }),
  },
  strict,
);
export type Trip = Static<typeof Trip>;

export const TripParams = Type.Object({ tripId: TripId });
