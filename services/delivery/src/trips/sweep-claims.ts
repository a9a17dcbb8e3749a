// Finishes what a process left that has died: between the claim of a courier and the trip, between the end of a trip and the
// release of its courier, or between a courier's move and the answer of its order. The sweep finds all of them by the age of
// the claim.
import type { Log } from "@food/shared/observe/log";
import { type RepeatedFailures, repeatedFailures } from "@food/shared/observe/repeated-failures";
import { startTicker, type Ticker } from "@food/shared/process/ticker";
import type { BegunTrip } from "../archive/store.ts";
import { isUnsettled, type SettleDeps, settleMove } from "../deliveries/settle-moves.ts";

/** Far longer than any assignment takes. */
const ABANDONED_AFTER_MS = 10_000;
const BATCH = 500;

export interface SweepDeps extends SettleDeps {
  outages: RepeatedFailures;
}

async function settleTrip(deps: SweepDeps, trip: BegunTrip, courierId: string, now: Date): Promise<void> {
  for (const delivery of trip.deliveries)
    if (isUnsettled(delivery, now))
      await settleMove(deps, delivery, courierId, now).catch((err) =>
        deps.outages.failed(
          "move",
          { err, deliveryId: delivery.deliveryId },
          "Courier's move not settled; will retry",
        ),
      );
}

/** Reads the next batch of old claims after `after`, oldest first. Settles the moves of their trips. Frees each courier whose trip
 * is not live or belongs to another courier. Of a trip that has not begun it takes the id first: a process that was paused cannot
 * begin it later, when its courier may be on another one. Returns the cursor of the next batch; undefined at the end. */
export async function sweepClaims(
  deps: SweepDeps,
  now: Date,
  after = new Date(0),
  batch = BATCH,
): Promise<Date | undefined> {
  const { couriers, trips, onFree } = deps;
  const until = new Date(now.getTime() - ABANDONED_AFTER_MS);
  const old = await couriers.claimedBetween(after, until, batch);
  if (old.length === 0) return undefined;
  const begun = await trips.begun(old.map(({ claim }) => claim.tripId));
  for (const { _id: courierId, claim } of old) {
    const trip = begun.get(claim.tripId);
    if (trip?.live && trip.courierId === courierId) {
      await settleTrip(deps, trip, courierId, now);
      continue;
    }
    if (!trip && !(await trips.prevent(claim.tripId, now))) continue;
    const freed = await couriers.abandon(courierId, claim, now);
    if (freed) onFree(freed);
  }
  const last = old.at(-1)?.claim.at;
  return old.length < batch || !last || last <= after ? undefined : last;
}

/** Each run sweeps all old claims in bounded batches. */
export function startClaimSweep(given: SettleDeps & { log: Log; everyMs: number }): Ticker {
  const deps = { ...given, outages: repeatedFailures(given.log) };
  return startTicker("claim sweep", given.everyMs, given.log, async (isStopped) => {
    const now = new Date();
    let after: Date | undefined;
    do after = await sweepClaims(deps, now, after);
    while (after && !isStopped());
  });
}
