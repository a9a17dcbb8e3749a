// What passes between the order and the delivery service. The order is the truth of everything both know;
// a delivery is one round of looking for a courier for it.
import { type Static, Type } from "@sinclair/typebox";
import { Instant, StoredAddress } from "../src/values/fields.ts";
import { Location } from "../src/values/geo.ts";
import { CourierId, DeliveryId, OrderId } from "./ids.ts";
import { Dropoff, OrderCourier } from "./order.ts";

const strict = { additionalProperties: false } as const;

/** Asks for a courier. The delivery id is derived from order and round, so asking again is asking the same. */
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
    /** The newest state of the order that the delivery has taken in. */
    orderVersion: Type.Optional(Type.Integer({ minimum: 1 })),
  }),
  /** No courier is free for anybody. */
  Type.Object({ outcome: Type.Literal("none_free") }),
  /** Couriers are free, but none of them near enough or willing to take this order. */
  Type.Object({ outcome: Type.Literal("none_suitable") }),
  /** This round is over: the delivery was released or done. */
  Type.Object({ outcome: Type.Literal("closed") }),
]);
export type AssignOutcome = Static<typeof AssignOutcome>;

/** A courier who can be given an order, and how far away from them it may be picked up. */
export const FreeCourier = Type.Object({
  courierId: CourierId,
  location: Location,
  reachMeters: Type.Integer(),
});
export type FreeCourier = Static<typeof FreeCourier>;

/** Those who became free only just now and still are. */
export const FreeCouriers = Type.Object({ items: Type.Array(FreeCourier) });
export type FreeCouriers = Static<typeof FreeCouriers>;

export const DELIVERY_STATUSES = ["assigned", "picked_up", "delivered", "failed", "released"] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** Where the order stands, as far as this delivery is concerned. Older versions than one already taken change
 * nothing, so it may come late, twice or out of order. */
export const OrderProgress = Type.Object(
  {
    orderId: OrderId,
    orderVersion: Type.Integer({ minimum: 1 }),
    status: Type.Unsafe<DeliveryStatus>(Type.Union(DELIVERY_STATUSES.map((status) => Type.Literal(status)))),
    reason: Type.Optional(Type.String()),
    /** The courier gave it back and is not asked again for this order. */
    declined: Type.Optional(Type.Boolean()),
    readyAt: Type.Optional(Instant),
    /** The food stands ready. */
    ready: Type.Boolean(),
  },
  strict,
);
export type OrderProgress = Static<typeof OrderProgress>;
