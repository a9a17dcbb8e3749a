// Frees couriers whose claim outlived its trip. A process can die between the claim and the trip, or
// between the end of a trip and the release of its courier. The sweep finds such claims by their age.
import type { Log } from "@food/shared/observe/log";
import { startTicker, type Ticker } from "@food/shared/process/ticker";
import type { CourierStore, Freed } from "../couriers/store.ts";
import type { TripStore } from "./store.ts";

/** Far longer than any assignment takes. */
const ABANDONED_AFTER_MS = 10_000;
const BATCH = 500;

export interface SweepDeps {
  couriers: CourierStore;
  trips: TripStore;
  onFree: (courier: Freed) => void;
}

/** Reads the next batch of old claims after `after`, oldest first. Frees each courier whose trip is not
 * live or belongs to another courier. The unique indexes refuse a trip that is written later. Returns the
 * cursor of the next batch; undefined at the end. */
export async function sweepClaims(
  { couriers, trips, onFree }: SweepDeps,
  now: Date,
  after = new Date(0),
  batch = BATCH,
): Promise<Date | undefined> {
  const until = new Date(now.getTime() - ABANDONED_AFTER_MS);
  const old = await couriers.claimedBetween(after, until, batch);
  const holders = await trips.holdersOf(old.map(({ claim }) => claim.tripId));
  for (const { _id: courierId, claim } of old) {
    if (holders.get(claim.tripId) === courierId) continue;
    const freed = await couriers.abandon(courierId, claim, now);
    if (freed) onFree(freed);
  }
  const last = old.at(-1)?.claim.at;
  return old.length < batch || !last || last <= after ? undefined : last;
}

/** Each run sweeps all old claims in bounded batches. */
export function startClaimSweep(deps: SweepDeps & { log: Log; everyMs: number }): Ticker {
  return startTicker("claim sweep", deps.everyMs, deps.log, async (isStopped) => {
    const now = new Date();
    let after: Date | undefined;
    do after = await sweepClaims(deps, now, after);
    while (after && !isStopped());
  });
}
