// A courier who sends no position before the pickup loses the trip, and may get another one. The order
// decides: the order service releases the courier, and the trip follows.
import type { Log } from "@food/shared/observe/log";
import { repeatedFailures } from "@food/shared/observe/repeated-failures";
import { startTicker, type Ticker } from "@food/shared/process/ticker";
import type { ActDeps } from "../deliveries/act.ts";
import { applyProgress } from "../deliveries/apply-progress.ts";
import { liveInSequence, type TripDocument } from "./trip.ts";

export type SilenceDeps = Omit<ActDeps, "readOrder"> & { log: Log; positionMaxAgeMs: number };

const BATCH = 200;
const REASON = "courier_silent";

async function release(deps: SilenceDeps, trip: TripDocument, courierId: string): Promise<void> {
  for (const { orderId, deliveryId } of liveInSequence(trip)) {
    const request = { actorId: courierId, deliveryId, reason: REASON };
    const order = await deps.moveOrder(orderId, "release", request);
    await applyProgress(deps, deliveryId, {
      ...{ orderId, orderVersion: order.version, status: "released", ready: false, reason: REASON },
    });
  }
}

/** Releases open trips when both the trip and the courier's last position are older than the limit. A
 * failed release does not delay the others; the next run retries it. */
export async function releaseSilent(
  deps: SilenceDeps,
  now: Date,
  batch = BATCH,
  outages = repeatedFailures(deps.log),
): Promise<void> {
  const { trips, couriers, positionMaxAgeMs } = deps;
  const since = new Date(now.getTime() - positionMaxAgeMs);
  for (let after: Date | undefined = new Date(0); after; ) {
    const open: TripDocument[] = await trips.openBetween(after, since, batch);
    if (open.length === 0) return;
    const holders = open.flatMap(({ courierId }) => courierId ?? []);
    const found = await couriers.findAll(holders);
    const seenAt = new Map(found.map(({ _id, locationAt }) => [_id, locationAt]));
    for (const trip of open) {
      const { courierId } = trip;
      const last = courierId && seenAt.get(courierId);
      if (!courierId || (last && last > since)) continue;
      await release(deps, trip, courierId).catch((err) =>
        outages.failed("release", { err, tripId: trip._id }, "Silent courier not released; will retry"),
      );
    }
    const last: Date | undefined = open.at(-1)?.assignedAt;
    after = open.length === batch && last && last > after ? last : undefined;
  }
}

export function startSilenceSweep(deps: SilenceDeps & { everyMs: number }): Ticker {
  const outages = repeatedFailures(deps.log);
  return startTicker("silent couriers", deps.everyMs, deps.log, () =>
    releaseSilent(deps, new Date(), BATCH, outages),
  );
}
