import type { OrderStore } from "../orders/store.ts";
import type { LiveCopy } from "./live-copy.ts";

/** What following an order needs. */
export interface FeedDeps {
  orders: OrderStore;
  live: LiveCopy;
  courierMetersPerMinute: number;
}
