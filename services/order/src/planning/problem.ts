// What a plan is made of. Times are milliseconds since any one epoch, places are whatever `terms` can measure between.

/** An order that no courier has been given yet, or one of a trip that may still be joined. */
export interface PlannedOrder<Place> {
  orderId: string;
  restaurantId: string;
  pickup: Place;
  dropoff: Place;
  placedAt: number;
  /** When the food is expected to be ready; a time in the past once it has been reported ready. */
  readyAt: number;
  /** Before this time the food is hardly ever ready: a courier with nothing else to do is there by then. What lies between
   * is how uncertain `readyAt` is. The same as `readyAt` if absent. */
  readyEarlyAt?: number;
  /** Couriers who must not be given this order (again). */
  declinedBy?: readonly string[];
}

/** A trip whose food has not been picked up: it goes on, and more orders of its restaurant may join. */
export interface OpenTrip<Place> {
  restaurantId: string;
  /** When the courier is at the restaurant, or has been since. */
  arrivesAt: number;
  /** In the sequence of their drop-offs; at least one. */
  orders: readonly PlannedOrder<Place>[];
}

/** A courier on duty who is free or will be soon. */
export interface PlannedCourier<Place> {
  courierId: string;
  /** Where the courier is free (with an open trip: where the courier is now). */
  place: Place;
  /** From when on (with an open trip: any time). */
  freeAt: number;
  vehicle: string;
  /** How many orders fit into one trip. */
  capacity: number;
  /** The end of the shift: no pickup later than this. */
  offAt: number;
  /** Since when the courier has had nothing to do. */
  idleSince?: number;
  openTrip?: OpenTrip<Place>;
}

/** How places are measured, what is promised, and how the planner weighs one thing against another. */
export interface Terms<Place> {
  distanceMeters: (from: Place, to: Place) => number;
  travelMs: (distanceMeters: number, vehicle: string) => number;
  /** No courier is sent to a pickup further away than this. */
  reachMeters: number;
  /** Between being there and having the food, and between that and leaving. */
  pickupMs: { before: number; after: number };
  /** Between being at the door and the hand-over, and between that and being free. */
  dropoffMs: { before: number; after: number };
  /** How soon the next plan is made at the latest. */
  roundMs: number;
  weights: Weights;
}

export interface Weights {
  /** From placing to the door; each minute later counts `lateness` minutes more. */
  targetMs: number;
  lateness: number;
  /** What a minute of a courier's work costs, in minutes of a customer's waiting: it is taken from orders yet unknown. */
  courierTime: number;
  /** How much more it costs for each order that waits for one courier, of those free within `soonMs`, beyond `scarceFrom`. */
  scarcity: number;
  scarceFrom: number;
  soonMs: number;
  /** What an uncertain ready time costs a courier who is there just then, as a share of the uncertainty. */
  uncertainty: number;
  /** What an idle minute of a courier is worth in a choice between couriers, and how many of them count. */
  idleness: number;
  idleMaxMs: number;
  /** An order may be at the door this much later for the sake of others of its trip. */
  detourMaxMs: number;
  /** Couriers free later than this are not counted with. */
  horizonMs: number;
  /** How many idle couriers there must be for each order that waits to commit orders at once. */
  plenty: number;
}

export interface Reason {
  distanceMeters: number;
  /** When the courier can have the food: at the restaurant, and the food ready. */
  pickupAt: number;
  /** How long the courier waits there for the food. */
  courierWaitMs: number;
  /** How long the food waits for the courier. */
  foodWaitMs: number;
  bundleSize: number;
  /** Couriers within reach who could have had the first of the orders. */
  alternatives: number;
}

export interface Assignment {
  courierId: string;
  /** All orders of the trip in the sequence of their drop-offs, those that it had before included. */
  orderIds: string[];
  /** Those that are given to the courier by this plan. */
  newOrderIds: string[];
  /** Whether the courier is under way already. */
  joinsOpenTrip: boolean;
  /** When the courier is at the restaurant, and at each door, in the sequence of `orderIds`. */
  arrivesAt: number;
  doorAt: number[];
  why: Reason;
}

export interface HeldOrder {
  orderId: string;
  why: "no_courier" | "courier_busy" | "not_yet";
  /** Whom the plan has in mind; the next plan may think otherwise. */
  courierId?: string;
  /** When to plan again at the latest for this order. */
  lookAgainAt: number;
}

export interface Plan {
  assign: Assignment[];
  hold: HeldOrder[];
  /** Of all that is planned, whether or not it is committed; to compare plans for the same problem. */
  costMs: number;
}
