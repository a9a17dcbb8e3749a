// Input and output of the planner. All times are milliseconds since the same epoch. `Place` is any type that `terms` can
// measure.

/** A waiting order, or an order of an open trip. */
export interface PlannedOrder<Place> {
  orderId: string;
  restaurantId: string;
  pickup: Place;
  dropoff: Place;
  placedAt: number;
  /** When the food is expected to be ready; a time in the past once it has been reported ready. */
  readyAt: number;
  /** The earliest likely ready time; an idle courier arrives by then. The difference to `readyAt` is the uncertainty of
   * `readyAt`. Defaults to `readyAt`. */
  readyEarlyAt?: number;
  /** Couriers who must not be given this order (again). */
  declinedBy?: readonly string[];
}

/** A trip before its pickup. More orders of its restaurant may join it. */
export interface OpenTrip<Place> {
  restaurantId: string;
  /** When the courier arrives, or has arrived, at the restaurant. */
  arrivesAt: number;
  /** In the sequence of their drop-offs; at least one. */
  orders: readonly PlannedOrder<Place>[];
}

/** A courier on duty who is free or will be soon. */
export interface PlannedCourier<Place> {
  courierId: string;
  /** Where the courier becomes free; with an open trip, the current place. */
  place: Place;
  /** When the courier becomes free; with an open trip, any time is allowed. */
  freeAt: number;
  vehicle: string;
  /** How many orders fit into one trip. */
  capacity: number;
  /** The end of the shift: no pickup later than this. */
  offAt: number;
  /** When the courier became idle. */
  idleSince?: number;
  openTrip?: OpenTrip<Place>;
}

/** Distances, travel and service times, and the planner's weights. */
export interface Terms<Place> {
  distanceMeters: (from: Place, to: Place) => number;
  travelMs: (distanceMeters: number, vehicle: string) => number;
  /** No courier is sent to a pickup further away than this. */
  reachMeters: number;
  /** Time at the restaurant before and after the courier gets the food. */
  pickupMs: { before: number; after: number };
  /** Time at the door before and after the hand-over. */
  dropoffMs: { before: number; after: number };
  /** The longest time until the next plan. */
  roundMs: number;
  weights: Weights;
}

export interface Weights {
  /** From placing to the door. Each minute beyond it counts `lateness` minutes more. */
  targetMs: number;
  lateness: number;
  /** The price of a minute of courier work, in minutes of customer waiting. It stands for orders that are not yet known. */
  courierTime: number;
  /** Raises that price for each waiting order per courier beyond `scarceFrom`. Counts couriers who are free within `soonMs`. */
  scarcity: number;
  scarceFrom: number;
  soonMs: number;
  /** The cost of arriving just at an uncertain ready time, as a share of the uncertainty. */
  uncertainty: number;
  /** The value of an idle minute in the choice between couriers. At most `idleMaxMs` counts. */
  idleness: number;
  idleMaxMs: number;
  /** How much later an order may arrive because of other orders on its trip. */
  detourMaxMs: number;
  /** Couriers who become free later than this are left out. */
  horizonMs: number;
  /** From this many idle couriers for each waiting order on, orders are assigned at once. */
  plenty: number;
}

export interface Reason {
  distanceMeters: number;
  /** When the courier is at the restaurant and the food is ready. */
  pickupAt: number;
  /** How long the courier waits there for the food. */
  courierWaitMs: number;
  /** How long the food waits for the courier. */
  foodWaitMs: number;
  bundleSize: number;
  /** The number of other couriers within reach who could have taken the first order. */
  alternatives: number;
}

export interface Assignment {
  courierId: string;
  /** All orders of the trip in the sequence of their drop-offs, including those of an open trip. */
  orderIds: string[];
  /** The orders that this plan adds to the trip. */
  newOrderIds: string[];
  /** Whether the orders join the courier's open trip. */
  joinsOpenTrip: boolean;
  /** When the courier is at the restaurant, and at each door, in the sequence of `orderIds`. */
  arrivesAt: number;
  doorAt: number[];
  why: Reason;
}

export interface HeldOrder {
  orderId: string;
  why: "no_courier" | "courier_busy" | "not_yet";
  /** The intended courier. The next plan may choose another one. */
  courierId?: string;
  /** When to plan again at the latest for this order. */
  lookAgainAt: number;
}

export interface Plan {
  assign: Assignment[];
  hold: HeldOrder[];
  /** The cost of all tours, assigned or held. Comparable between plans for the same problem. */
  costMs: number;
}
