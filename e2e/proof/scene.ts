import type { History } from "./history.ts";

/** The phase of the run, read by its clients. */
export interface Phase {
  /** Customers place no more orders. */
  closing: boolean;
  /** Kitchens and couriers only finish open orders. */
  finishing: boolean;
  over: boolean;
  /** The number of orders that may still be placed. */
  budget: number;
}

export interface Scene {
  orderUrl: string;
  history: History;
  phase: Phase;
  /** The longest pause between two orders of a customer. */
  paceMs: number;
  /** Ids of orders from earlier runs. */
  earlier: ReadonlySet<string>;
  /** Handover PINs by order id, as shown to customers. */
  pins: Map<string, string>;
}
