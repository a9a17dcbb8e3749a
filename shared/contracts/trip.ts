// Messages between the order and the delivery service for assigning orders to couriers. A trip is one pickup and the
// drop-offs of up to `capacity` orders, in sequence.
import { type Static, Type } from "@sinclair/typebox";
import { Instant, StoredAddress } from "../src/values/fields.ts";
import { Location } from "../src/values/geo.ts";
import { CourierId, DeliveryId, OrderId, RestaurantId, TripId } from "./ids.ts";
import { Dropoff, OrderCourier, Vehicle } from "./order.ts";

const strict = { additionalProperties: false } as const;

export const PICKUPS_MAX = 50;
export const ASSIGNMENTS_MAX = 50;
/** The most orders that any vehicle carries at once. */
export const CAPACITY_MAX = 8;

/** Asks for couriers who are on duty, have a recent position, and are within reach of one of the pickups. */
export const CourierSearch = Type.Object(
  {
    pickups: Type.Array(Location, { minItems: 1, maxItems: PICKUPS_MAX }),
    /** Also couriers who are on a trip. */
    includeBusy: Type.Boolean(),
  },
  strict,
);
export type CourierSearch = Static<typeof CourierSearch>;

/** A drop-off that is still to do. */
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
  /** Nothing has been picked up yet, so more orders of the restaurant may join. */
  open: Type.Boolean(),
  /** The courier has reported arrival at the restaurant. */
  arrivedAt: Type.Optional(Instant),
  pickup: Location,
  /** In drop-off sequence. */
  drops: Type.Array(Drop),
});
export type LiveTrip = Static<typeof LiveTrip>;

export const CourierOnDuty = Type.Object({
  courierId: CourierId,
  name: Type.String(),
  vehicle: Vehicle,
  /** Maximum orders of one trip. */
  capacity: Type.Integer({ minimum: 1, maximum: CAPACITY_MAX }),
  location: Location,
  locationAt: Instant,
  idleSince: Instant,
  trip: Type.Optional(LiveTrip),
});
export type CourierOnDuty = Static<typeof CourierOnDuty>;

export const CouriersOnDuty = Type.Object({
  couriers: Type.Array(CourierOnDuty),
  /** Maximum distance to a pickup. */
  reachMeters: Type.Integer(),
});
export type CouriersOnDuty = Static<typeof CouriersOnDuty>;

/** Everybody on duty or on a trip. `hasMore`: there are more than are listed. */
export const AllOnDuty = Type.Object({ couriers: Type.Array(CourierOnDuty), hasMore: Type.Boolean() });
export type AllOnDuty = Static<typeof AllOnDuty>;

/** The figures behind an assignment. */
export const AssignmentReason = Type.Object(
  {
    distanceMeters: Type.Integer({ minimum: 0, description: "From the courier to the restaurant" }),
    pickupAt: Type.String({ description: "When the courier is expected to have the food (RFC 3339)" }),
    courierWaitSeconds: Type.Integer({ minimum: 0, description: "How long the courier is expected to wait" }),
    foodWaitSeconds: Type.Integer({ minimum: 0, description: "How long the food is expected to wait" }),
    bundleSize: Type.Integer({ minimum: 1, description: "Orders of the trip" }),
    alternatives: Type.Integer({ minimum: 0, description: "Other couriers who could have taken it" }),
  },
  strict,
);
export type AssignmentReason = Static<typeof AssignmentReason>;

/** One round of assigning a courier to an order. Its id is derived from order and round. */
export const NewDelivery = Type.Object(
  {
    deliveryId: DeliveryId,
    orderId: OrderId,
    orderVersion: Type.Integer({ minimum: 1 }),
    dropoff: Dropoff,
    readyAt: Type.Optional(Instant),
    ready: Type.Boolean(),
    /** Position in the trip's drop-off sequence, from 0. */
    position: Type.Integer({ minimum: 0, maximum: CAPACITY_MAX - 1 }),
    why: AssignmentReason,
  },
  strict,
);
export type NewDelivery = Static<typeof NewDelivery>;

/** The restaurant, as the courier needs it. */
export const Pickup = Type.Object({ name: Type.String(), address: StoredAddress }, strict);

export const TripAssignment = Type.Object(
  {
    /** The caller chooses a new trip's id. `joins`: the trip exists already. */
    tripId: TripId,
    joins: Type.Boolean(),
    courierId: CourierId,
    restaurantId: RestaurantId,
    pickup: Pickup,
    /** All drop-offs of the trip in sequence, including the new ones. */
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

/** The result for one delivery. Idempotent while the delivery is live. */
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
    /** The newest order version that the delivery has applied. */
    orderVersion: Type.Integer({ minimum: 1 }),
    why: Type.Optional(AssignmentReason),
  }),
  /** `refused`: the courier, the trip or the order is taken, and another round may succeed. `closed`: this delivery is over. */
  Type.Object({
    outcome: Type.Union([Type.Literal("refused"), Type.Literal("closed")]),
    deliveryId: DeliveryId,
  }),
]);
export type DeliveryOutcome = Static<typeof DeliveryOutcome>;

export const TripOutcomes = Type.Object({ outcomes: Type.Array(DeliveryOutcome) });
export type TripOutcomes = Static<typeof TripOutcomes>;
