// The numbers over the town. Pure.
import type { TownCourier, TownFigures, TownOrder } from "./schema.ts";

/** Nearest rank; undefined of nothing. */
export function percentile(sorted: readonly number[], share: number): number | undefined {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

export function clickToDoorOf(durationsMs: readonly number[], at: Date): TownFigures["clickToDoor"] {
  const sorted = durationsMs.map((ms) => Math.round(ms / 1000)).sort((one, other) => one - other);
  const [p50Seconds, p90Seconds] = [percentile(sorted, 0.5), percentile(sorted, 0.9)];
  return {
    ...{ at: at.toISOString(), deliveries: sorted.length },
    ...(p50Seconds !== undefined && { p50Seconds }),
    ...(p90Seconds !== undefined && { p90Seconds }),
  };
}

export function figuresOf(
  orders: readonly TownOrder[],
  couriers: readonly TownCourier[],
  clickToDoor: TownFigures["clickToDoor"],
): TownFigures {
  const ordersByStatus: Record<string, number> = {};
  for (const { status } of orders) ordersByStatus[status] = (ordersByStatus[status] ?? 0) + 1;
  const waiting = orders.filter(({ assignBy }) => assignBy !== undefined);
  const [oldest] = waiting.toSorted((one, other) => (one.placedAt < other.placedAt ? -1 : 1));
  const inState = (state: TownCourier["state"]) => couriers.filter((one) => one.state === state).length;
  return {
    ...{ ordersByStatus, waiting: waiting.length },
    ...(oldest && { oldestWaiting: { orderId: oldest.orderId, since: oldest.placedAt } }),
    ...{ idleCouriers: inState("idle"), staleCouriers: inState("stale") },
    ...(clickToDoor && { clickToDoor }),
  };
}
