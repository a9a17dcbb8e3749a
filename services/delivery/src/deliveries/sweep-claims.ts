// A courier who was claimed by a process that died before it wrote the delivery, or whose delivery has ended without
// anybody setting them free, would wait for ever. The sweep finds them by the age of the claim.
import type { Log } from "@food/shared/log";
import { type Repeating, repeat } from "@food/shared/repeat";
import type { CourierStore } from "../couriers/store.ts";
import type { DeliveryStore } from "./store.ts";

/** Far longer than any assignment takes. */
const ABANDONED_AFTER_MS = 10_000;
const BATCH = 500;

export interface SweepDeps {
  couriers: CourierStore;
  deliveries: DeliveryStore;
  onFree: () => void;
}

/** Sets free whoever has been claimed for long by a delivery that is not live, or not theirs. Whoever goes on with a
 * claim that was left behind renews it first, so it is never both taken up and swept away. */
export async function sweepClaims(
  { couriers, deliveries, onFree }: SweepDeps,
  now: Date,
  batch = BATCH,
): Promise<void> {
  const until = new Date(now.getTime() - ABANDONED_AFTER_MS);
  for (let after = new Date(0); ; ) {
    const old = await couriers.claimedBetween(after, until, batch);
    const holders = await deliveries.holdersOf(old.map(({ claim }) => claim.deliveryId));
    for (const { _id: courierId, claim } of old)
      if (holders.get(claim.deliveryId) !== courierId)
        if (await couriers.abandon(courierId, claim, now)) onFree();
    const last = old.at(-1)?.claim.at;
    if (old.length < batch || !last || last <= after) return;
    after = last;
  }
}

export const startClaimSweep = (deps: SweepDeps & { log: Log; everyMs: number }): Repeating =>
  repeat("claim sweep", deps.everyMs, deps.log, () => sweepClaims(deps, new Date()));
