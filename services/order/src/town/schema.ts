import { CourierId, OrderId, RestaurantId, TripId } from "@food/shared/contracts/ids";
import { CancelReason, ORDER_STATUSES, Order, OrderStatus, Vehicle } from "@food/shared/contracts/order";
import { Instant } from "@food/shared/values/fields";
import { Location } from "@food/shared/values/geo";
import { oneOf } from "@food/shared/values/one-of";
import { type Static, Type } from "@sinclair/typebox";
import { OperatorEvent } from "../tracking/schema.ts";

const strict = { additionalProperties: false } as const;

const instant = (description: string) => Type.String({ ...Instant, description });

export const TownOrder = Type.Object(
  {
    orderId: OrderId,
    version: Type.Integer(),
    status: OrderStatus,
    since: instant("Since when it has this status"),
    placedAt: Instant,
    restaurantId: RestaurantId,
    restaurantName: Type.String(),
    pickup: Location,
    dropoff: Location,
    acceptBy: Type.Optional(instant("While pending: until when the restaurant must answer")),
    assignBy: Type.Optional(instant("While it waits for a courier: until when one must be found")),
    pickupBy: Type.Optional(instant("When its courier loses the ready food")),
    readyAt: Type.Optional(Instant),
    estimatedDeliveryAt: Instant,
    courierId: Type.Optional(CourierId),
    tripId: Type.Optional(TripId),
  },
  strict,
);
export type TownOrder = Static<typeof TownOrder>;

export const COURIER_STATES = ["idle", "to_restaurant", "to_door", "stale"] as const;
const CourierState = oneOf(COURIER_STATES, "`stale`: the position is older than a minute, on a trip or not");

export const TownCourier = Type.Object(
  {
    courierId: CourierId,
    name: Type.String(),
    vehicle: Vehicle,
    state: CourierState,
    location: Location,
    locationAt: Instant,
    tripId: Type.Optional(TripId),
  },
  strict,
);
export type TownCourier = Static<typeof TownCourier>;

export const TownTrip = Type.Object(
  {
    tripId: TripId,
    courierId: CourierId,
    restaurantId: RestaurantId,
    pickup: Location,
    stops: Type.Array(
      Type.Object({ orderId: OrderId, location: Location, pickedUp: Type.Boolean() }, strict),
      { description: "The doors that are left, in sequence" },
    ),
  },
  strict,
);
export type TownTrip = Static<typeof TownTrip>;

export const TownFigures = Type.Object(
  {
    ordersByStatus: Type.Partial(
      Type.Object(Object.fromEntries(ORDER_STATUSES.map((status) => [status, Type.Integer()])), strict),
    ),
    waiting: Type.Integer({ description: "Orders without a courier" }),
    oldestWaiting: Type.Optional(Type.Object({ orderId: OrderId, since: Instant }, strict)),
    idleCouriers: Type.Integer(),
    staleCouriers: Type.Integer(),
    clickToDoor: Type.Optional(
      Type.Object(
        {
          at: Instant,
          deliveries: Type.Integer({ description: "Delivered in the last hour" }),
          p50Seconds: Type.Optional(Type.Integer()),
          p90Seconds: Type.Optional(Type.Integer()),
        },
        { ...strict, description: "From placing to the door" },
      ),
    ),
  },
  strict,
);
export type TownFigures = Static<typeof TownFigures>;

export const Town = Type.Object(
  {
    sequence: Type.Integer({ description: "Grows by one with each event of this process" }),
    at: Instant,
    ordersAt: instant("When the orders were read"),
    couriersAt: Type.Optional(instant("When the couriers were read. Missing until they have been")),
    isComplete: Type.Boolean({ description: "False when there are more orders or couriers than are shown" }),
    orders: Type.Array(TownOrder, { description: "Open orders, oldest first" }),
    couriers: Type.Array(TownCourier, { description: "On duty or on a trip" }),
    trips: Type.Array(TownTrip),
    figures: TownFigures,
  },
  strict,
);
export type Town = Static<typeof Town>;

export const HelpedOrder = Type.Object(
  { order: Order, timeline: Type.Array(OperatorEvent, { description: "With the operators' ids" }) },
  strict,
);
export type HelpedOrder = Static<typeof HelpedOrder>;

export const HelpOrder = Type.Object({ reason: CancelReason }, strict);
export const ReassignOrder = Type.Object(
  {
    courierId: Type.String({ ...CourierId, description: "The courier who loses the order" }),
    reason: CancelReason,
  },
  strict,
);
