import type { Ticker } from "@food/shared/process/ticker";
import { type ArchivingDeps, startArchiving } from "@food/shared/storage/archive/archiving";
import type { OrderStore } from "../orders/store.ts";
import { keptOf } from "./history.ts";
import { historyAt } from "./store.ts";

export interface OrderArchiveDeps extends ArchivingDeps {
  orders: Pick<OrderStore, "collection" | "archive">;
}

/** Moves orders that are done to the archive, some time after their end. */
export const startOrderArchive = ({ orders, ...deps }: OrderArchiveDeps): Ticker =>
  startArchiving({
    ...deps,
    move: { hot: orders.collection, archive: orders.archive, kept: keptOf },
    historyAt,
  });
