// A courier who was claimed by a process that died before it wrote the delivery, or whose delivery has ended without
// anybody setting them free, would wait for ever. The sweep finds them by the age of the claim.
import type { Log } from "@food/shared/log";
import { type Repeating, repeat } from "@food/shared/repeat";
import type { CourierStore } from "../couriers/store.ts";
import type { DeliveryStore } from "./store.ts";

/** Far longer than any assignment takes. */
const ABANDONED_AFTER_MS = 15_000;
const BATCH = 200;

export interface SweepDeps {
  couriers: CourierStore;
  deliveries: DeliveryStore;
  onFree: () => void;
}

/** Looks at one batch of claims made after `after`; answers where the next batch begins. */
export async function sweepClaims(
  { couriers, deliveries, onFree }: SweepDeps,
  after: Date,
  now: Date,
): Promise<Date> {
  const old = await couriers.claimedBetween(after, new Date(now.getTime() - ABANDONED_AFTER_MS), BATCH);
  for (const { _id: courierId, claim } of old) {
    const delivery = await deliveries.find(claim.deliveryId);
    const holds = delivery?.live && delivery.courierId === courierId;
    if (!holds && (await couriers.release(claim.deliveryId, now, courierId))) onFree();
  }
  return old.length < BATCH ? BEGINNING : (old.at(-1)?.claim.at ?? BEGINNING);
}

const BEGINNING = new Date(0);

export function startClaimSweep(deps: SweepDeps & { log: Log; everyMs: number }): Repeating {
  let position = BEGINNING;
  return repeat("claim sweep", deps.everyMs, deps.log, async () => {
    position = await sweepClaims(deps, position, new Date());
  });
}
