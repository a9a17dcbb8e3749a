// Messages between the order and the delivery service. The order is the source of truth. A delivery is one round of
// assigning a courier to it.
import { type Static, Type } from "@sinclair/typebox";
import { Instant, StoredAddress } from "../src/values/fields.ts";
import { Location } from "../src/values/geo.ts";
import { oneOf } from "../src/values/one-of.ts";
import { CourierId, DeliveryId, OrderId } from "./ids.ts";
import { Dropoff, OrderCourier } from "./order.ts";

const strict = { additionalProperties: false } as const;

/** Asks for a courier. Idempotent: the delivery id is derived from order and round. */
export const AssignRequest = Type.Object(
  {
    orderId: OrderId,
    pickup: Type.Object({ name: Type.String(), address: StoredAddress }, strict),
    dropoff: Dropoff,
    readyAt: Type.Optional(Instant),
    orderVersion: Type.Integer({ minimum: 1 }),
  },
  strict,
);
export type AssignRequest = Static<typeof AssignRequest>;

export const AssignOutcome = Type.Union([
  Type.Object({
    outcome: Type.Literal("assigned"),
    deliveryId: DeliveryId,
    courier: OrderCourier,
    distanceMeters: Type.Integer(),
    idleSeconds: Type.Integer(),
    /** The newest order version that the delivery has applied. */
    orderVersion: Type.Optional(Type.Integer({ minimum: 1 })),
  }),
  /** No courier is free. */
  Type.Object({ outcome: Type.Literal("none_free") }),
  /** Couriers are free, but none is near enough or has not declined this order. */
  Type.Object({ outcome: Type.Literal("none_suitable") }),
  /** This round is over: the delivery was released or done. */
  Type.Object({ outcome: Type.Literal("closed") }),
]);
export type AssignOutcome = Static<typeof AssignOutcome>;

/** A courier who can take an order, and the maximum distance to its pickup. */
export const FreeCourier = Type.Object({
  courierId: CourierId,
  location: Location,
  reachMeters: Type.Integer(),
});
export type FreeCourier = Static<typeof FreeCourier>;

/** Couriers freed recently and still free. */
export const FreeCouriers = Type.Object({ items: Type.Array(FreeCourier) });
export type FreeCouriers = Static<typeof FreeCouriers>;

export const DELIVERY_STATUSES = ["assigned", "picked_up", "delivered", "failed", "released"] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** The order's state for this delivery. Versions older than the last applied one are ignored, so messages may come late,
 * twice or out of order. */
export const OrderProgress = Type.Object(
  {
    orderId: OrderId,
    orderVersion: Type.Integer({ minimum: 1 }),
    status: oneOf(DELIVERY_STATUSES),
    reason: Type.Optional(Type.String()),
    /** The courier declined the order and is not assigned to it again. */
    declined: Type.Optional(Type.Boolean()),
    readyAt: Type.Optional(Instant),
    /** The food is ready. */
    ready: Type.Boolean(),
  },
  strict,
);
export type OrderProgress = Static<typeof OrderProgress>;
