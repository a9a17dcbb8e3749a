// Random load while processes die at every kind of write.
import { type Extent, killAtEachStep } from "./crash-points.ts";
import { playSeed, type Size, type Stage, type Verdict } from "./run.ts";

/** The writes in the life of an order. A process must die before and after each of them. */
const STEPS = [
  "order: insert orders",
  ...["accepted", "preparing", "ready", "rejected", "cancelled"].map(
    (type) => `order: orders ${type} by restaurant`,
  ),
  "order: orders cancelled by customer",
  ...["picked_up", "delivered", "failed", "courier_released"].map(
    (type) => `order: orders ${type} by courier`,
  ),
  "order: orders courier_assigned by system",
  // A region's lease and its release; an outbox entry's lease, retry and removal.
  "order: regions leasedUntil",
  "order: regions dueAt,leasedUntil",
  "order: kitchens lateMs",
  "order: orders outboxDueAt,outboxLeasedUntil",
  "order: orders outboxDueAt,outboxFailures,outboxLeasedUntil",
  "order: orders outbox,outboxDueAt,outboxFailures,outboxLeasedUntil",
  "order: orders estimateReason,estimatedDeliveryAt",
  "delivery: couriers claim",
  "delivery: insert trips",
  "delivery: couriers idleSince,no claim",
  ...["assigned", "picked_up"].map((status) => `delivery: trips is ${status}`),
  ...["delivered", "failed", "released"].map((status) => `delivery: trips is ${status}, the last`),
];

export interface Crashes {
  verdict: Verdict;
  /** Each kind of write that occurred. */
  seen: string[];
  /** The required steps at which no process died. */
  missing: string[];
}

export async function playCrashes(stage: Stage, size: Size, extent: Extent): Promise<Crashes> {
  const patient = { ...size, orders: 10_000, seconds: 420, paceMs: 4_000 };
  let points: ReturnType<typeof killAtEachStep> | undefined;
  const verdict = await playSeed(stage, 1, patient, {
    injectFaults: (platform) => {
      points = killAtEachStep(platform, STEPS, extent);
      return points;
    },
  });
  return { verdict, seen: [...(points?.seen.keys() ?? [])].sort(), missing: points?.missing() ?? [] };
}
