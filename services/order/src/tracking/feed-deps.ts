import type { OrderStore } from "../orders/store.ts";
import type { LiveCopy } from "./live-copy.ts";

/** The dependencies of a feed. */
export interface FeedDeps {
  orders: OrderStore;
  live: LiveCopy;
  courierMetersPerMinute: number;
}
