// What the clients did and saw. A call without an answer, or with a 5xx answer, has an unknown outcome: it may have taken
// effect, may take effect later, or never.
export type Outcome = "ok" | "refused" | "unknown";

export interface RequestedLine {
  dishId: string;
  quantity: number;
  options?: { optionId: string; quantity: number }[];
}

/** A customer's tip after placing. */
export interface Tip {
  orderId: string;
  tipCents: number;
  outcome: Outcome;
}

/** The tax of a restaurant. Does not change during a run. */
export interface TaxTerms {
  restaurantId: string;
  pricesIncludeTax: boolean;
  feeBasisPoints: number;
  /** By dish. */
  basisPoints: Record<string, number>;
}

/** One attempt to place an order. */
export interface Placement {
  customerId: string;
  key: string;
  outcome: Outcome;
  /** The period in which the order may have been priced; `until` is Infinity for an unknown outcome. */
  from: number;
  until: number;
  lines: RequestedLine[];
  tipCents?: number;
  /** The answer's status, if there was an answer. */
  status?: number;
  code?: string;
  orderId?: string;
}

/** An order as a client saw it. It must equal a state of the stored history. */
export interface Sighting {
  orderId: string;
  version: number;
  status: string;
  totalCents?: number;
  tipCents?: number;
  /** The route, for the report. */
  by: string;
}

/** A courier's move that was answered with success. */
export interface CourierAction {
  courierId: string;
  orderId: string;
  deliveryId: string;
  action: string;
}

/** A possible price of a dish or an option, and its period. */
export interface Price {
  id: string;
  cents: number;
  from: number;
  /** Infinity while it is on the menu. */
  until: number;
  /** The change got no answer: it may take effect at any time. */
  isUnsure?: boolean;
}

/** One follower of one order, over all its connections. */
export interface Follower {
  orderId: string;
  /** In order of arrival. */
  events: { event: string; id?: number; status?: string; type?: string; connection: number }[];
  ended?: string;
}

export interface History {
  placements: Placement[];
  sightings: Sighting[];
  followers: Follower[];
  courierActions: CourierAction[];
  prices: Price[];
  tips: Tip[];
  taxes: TaxTerms[];
  /** Faults that a client saw itself. */
  complaints: string[];
  /** Calls by outcome. */
  calls: Record<Outcome, number>;
  /** The number of refusals, by `status code`. */
  refusals: Map<string, number>;
}

export const newHistory = (): History => ({
  placements: [],
  sightings: [],
  followers: [],
  courierActions: [],
  prices: [],
  tips: [],
  taxes: [],
  complaints: [],
  calls: { ok: 0, refused: 0, unknown: 0 },
  refusals: new Map(),
});
