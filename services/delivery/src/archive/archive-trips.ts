import type { Ticker } from "@food/shared/process/ticker";
import { type ArchivingDeps, startArchiving } from "@food/shared/storage/archive/archiving";
import type { TripStore } from "../trips/store.ts";
import { historyAt } from "./store.ts";

export interface TripArchiveDeps extends ArchivingDeps {
  trips: Pick<TripStore, "collection" | "archive">;
}

/** Moves trips that have ended to the archive, some time after their end. */
export const startTripArchive = ({ trips, ...deps }: TripArchiveDeps): Ticker =>
  startArchiving({
    ...deps,
    move: { hot: trips.collection, archive: trips.archive, kept: (trip) => trip },
    historyAt,
  });
