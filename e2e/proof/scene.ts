import type { History } from "./history.ts";

/** What the run says to its clients. */
export interface Phase {
  /** Customers order no more. */
  closing: boolean;
  /** Everybody only finishes what is there. */
  finishing: boolean;
  over: boolean;
  /** Orders that may still be placed. */
  budget: number;
}

export interface Scene {
  orderUrl: string;
  history: History;
  phase: Phase;
  /** Between one order of a customer and the next, at most. */
  paceMs: number;
  /** Orders of earlier runs, which are none of this one's. */
  earlier: ReadonlySet<string>;
  /** Handover PINs as customers know them. */
  pins: Map<string, string>;
}
