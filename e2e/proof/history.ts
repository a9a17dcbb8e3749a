// What the clients did and saw. A call whose answer never came, or came as 5xx, has an unknown outcome: it may have
// been done, now or later, or not at all.
export type Outcome = "ok" | "refused" | "unknown";

/** One try at placing an order. */
export interface Placement {
  customerId: string;
  key: string;
  outcome: Outcome;
  /** When the order may have been priced; without an end when nobody knows. */
  from: number;
  until: number;
  lines: { dishId: string; quantity: number }[];
  /** Of the answer, when there was one. */
  status?: number;
  code?: string;
  orderId?: string;
}

/** An order as some client was shown it: every such picture must be part of what really happened. */
export interface Sighting {
  orderId: string;
  version: number;
  status: string;
  totalCents?: number;
  /** Where, for the report. */
  by: string;
}

/** What a courier was told to have done. */
export interface Deed {
  courierId: string;
  orderId: string;
  deliveryId: string;
  action: string;
}

/** What a dish may have cost, and when. */
export interface Price {
  dishId: string;
  cents: number;
  from: number;
  /** Infinity while it is on the menu. */
  until: number;
  /** Of a change whose answer never came: it may come onto the menu at any time, and come again. */
  isUnsure?: boolean;
}

/** One follower of one order, over all its connections. */
export interface Follower {
  orderId: string;
  /** In the order in which they came. */
  events: { event: string; id?: number; status?: string; type?: string; connection: number }[];
  ended?: string;
}

export interface History {
  placements: Placement[];
  sightings: Sighting[];
  followers: Follower[];
  deeds: Deed[];
  prices: Price[];
  /** What a client alone can see to be wrong. */
  complaints: string[];
  /** Calls by outcome. */
  calls: Record<Outcome, number>;
  /** How often each refusal came, as `status code`. */
  refusals: Map<string, number>;
}

export const newHistory = (): History => ({
  placements: [],
  sightings: [],
  followers: [],
  deeds: [],
  prices: [],
  complaints: [],
  calls: { ok: 0, refused: 0, unknown: 0 },
  refusals: new Map(),
});
