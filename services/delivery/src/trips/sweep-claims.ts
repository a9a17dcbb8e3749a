// A courier who was claimed by a process that died before it wrote the trip, or whose trip ended without setting them free,
// would never get work again. The sweep finds them by the age of the claim.
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

/** Looks at the next of the old claims, the oldest first, from `after` on, and sets couriers free whose trip is not live, or
 * not theirs. A trip that is written late all the same meets the unique indexes. Answers with where to go on; undefined at
 * the end. */
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

/** All of the old claims at every turn, one bounded batch after the other. */
export function startClaimSweep(deps: SweepDeps & { log: Log; everyMs: number }): Ticker {
  return startTicker("claim sweep", deps.everyMs, deps.log, async (isStopped) => {
    const now = new Date();
    let after: Date | undefined;
    do after = await sweepClaims(deps, now, after);
    while (after && !isStopped());
  });
}
