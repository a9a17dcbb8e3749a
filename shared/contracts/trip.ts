// What passes between the order and the delivery service when orders are given to couriers. A trip is one pickup and
// the drop-offs of up to `capacity` orders, in a sequence.
import { type Static, Type } from "@sinclair/typebox";
import { Instant, StoredAddress } from "../src/values/fields.ts";
import { Location } from "../src/values/geo.ts";
import { CourierId, DeliveryId, OrderId, RestaurantId, TripId } from "./ids.ts";
import { Dropoff, OrderCourier, Vehicle } from "./order.ts";

const strict = { additionalProperties: false } as const;

export const PICKUPS_MAX = 50;
export const ASSIGNMENTS_MAX = 50;
/** No vehicle carries more orders at a time. */
export const CAPACITY_MAX = 8;

/** Asks for the couriers who are on duty, seen lately, and within reach of one of the pickups. */
export const CourierSearch = Type.Object(
  {
    pickups: Type.Array(Location, { minItems: 1, maxItems: PICKUPS_MAX }),
    /** Those with a trip in hand too. */
    includeBusy: Type.Boolean(),
  },
  strict,
);
export type CourierSearch = Static<typeof CourierSearch>;

/** Where a courier still has to go with an order. */
export const Drop = Type.Object({
  orderId: OrderId,
  deliveryId: DeliveryId,
  location: Location,
  pickedUp: Type.Boolean(),
  readyAt: Type.Optional(Instant),
  ready: Type.Boolean(),
});
export type Drop = Static<typeof Drop>;

export const LiveTrip = Type.Object({
  tripId: TripId,
  restaurantId: RestaurantId,
  /** Nothing has been picked up: more orders of the restaurant may join. */
  open: Type.Boolean(),
  /** The courier has reported to be at the restaurant. */
  arrivedAt: Type.Optional(Instant),
  pickup: Location,
  /** In the sequence of the drop-offs. */
  drops: Type.Array(Drop),
});
export type LiveTrip = Static<typeof LiveTrip>;

export const CourierOnDuty = Type.Object({
  courierId: CourierId,
  name: Type.String(),
  vehicle: Vehicle,
  /** How many orders fit into one trip. */
  capacity: Type.Integer({ minimum: 1, maximum: CAPACITY_MAX }),
  location: Location,
  locationAt: Instant,
  idleSince: Instant,
  trip: Type.Optional(LiveTrip),
});
export type CourierOnDuty = Static<typeof CourierOnDuty>;

export const CouriersOnDuty = Type.Object({
  couriers: Type.Array(CourierOnDuty),
  /** No courier is sent to a pickup further away than this. */
  reachMeters: Type.Integer(),
});
export type CouriersOnDuty = Static<typeof CouriersOnDuty>;

/** What an assignment was decided on. */
export const AssignmentReason = Type.Object(
  {
    distanceMeters: Type.Integer({ minimum: 0, description: "From the courier to the restaurant" }),
    pickupAt: Type.String({ description: "When the courier is expected to have the food (RFC 3339)" }),
    courierWaitSeconds: Type.Integer({ minimum: 0, description: "How long the courier is expected to wait" }),
    foodWaitSeconds: Type.Integer({ minimum: 0, description: "How long the food is expected to wait" }),
    bundleSize: Type.Integer({ minimum: 1, description: "Orders of the trip" }),
    alternatives: Type.Integer({ minimum: 0, description: "Other couriers who could have had it" }),
  },
  strict,
);
export type AssignmentReason = Static<typeof AssignmentReason>;

/** One round of looking for a courier for an order; its id is derived from order and round. */
export const NewDelivery = Type.Object(
  {
    deliveryId: DeliveryId,
    orderId: OrderId,
    orderVersion: Type.Integer({ minimum: 1 }),
    dropoff: Dropoff,
    readyAt: Type.Optional(Instant),
    ready: Type.Boolean(),
    /** Where it comes in the sequence of the trip's drop-offs, from 0. */
    position: Type.Integer({ minimum: 0, maximum: CAPACITY_MAX - 1 }),
    why: AssignmentReason,
  },
  strict,
);
export type NewDelivery = Static<typeof NewDelivery>;

export const TripAssignment = Type.Object(
  {
    /** A new trip's id is the caller's to choose; `joins` says that it exists. */
    tripId: TripId,
    joins: Type.Boolean(),
    courierId: CourierId,
    restaurantId: RestaurantId,
    pickup: Type.Object({ name: Type.String(), address: StoredAddress }, strict),
    /** The drop-offs of the whole trip in their sequence, the new ones among them. */
    sequence: Type.Array(OrderId, { minItems: 1, maxItems: CAPACITY_MAX }),
    deliveries: Type.Array(NewDelivery, { minItems: 1, maxItems: CAPACITY_MAX }),
  },
  strict,
);
export type TripAssignment = Static<typeof TripAssignment>;

export const AssignTrips = Type.Object(
  { assignments: Type.Array(TripAssignment, { minItems: 1, maxItems: ASSIGNMENTS_MAX }) },
  strict,
);
export type AssignTrips = Static<typeof AssignTrips>;

/** What came of one delivery. Asking again gets the same answer for as long as it is live. */
export const DeliveryOutcome = Type.Union([
  Type.Object({
    outcome: Type.Literal("assigned"),
    deliveryId: DeliveryId,
    tripId: TripId,
    /** Which of two sequences of a trip is the newer one. */
    tripVersion: Type.Integer({ minimum: 1 }),
    /** All orders of the trip that are live, in the sequence of their drop-offs. */
    sequence: Type.Array(OrderId),
    courier: OrderCourier,
    /** The newest state of the order that the delivery has taken in. */
    orderVersion: Type.Integer({ minimum: 1 }),
    why: Type.Optional(AssignmentReason),
  }),
  /** `refused`: the courier, the trip or the order is taken; another round may do better. `closed`: this delivery is over. */
  Type.Object({
    outcome: Type.Union([Type.Literal("refused"), Type.Literal("closed")]),
    deliveryId: DeliveryId,
  }),
]);
export type DeliveryOutcome = Static<typeof DeliveryOutcome>;

export const TripOutcomes = Type.Object({ outcomes: Type.Array(DeliveryOutcome) });
export type TripOutcomes = Static<typeof TripOutcomes>;
