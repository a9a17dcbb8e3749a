// Metrics of dispatch: waiting orders by age, duration and results of rounds.
import type { Metrics } from "@food/shared/observe/metrics";
import type { SharedFigures } from "@food/shared/storage/shared-figures";
import { Counter, Gauge, Histogram } from "prom-client";
import type { OrderStore } from "../orders/store.ts";
import type { Committed } from "./commit.ts";

export interface DispatchMetrics {
  /** Starts a timer. Calling the result stops it. */
  startRound: () => () => void;
  roundPlayed: (region: string, idleCouriers: number, done: Committed) => void;
}

const MINUTE_MS = 60_000;
/** Upper bounds of the age buckets, in minutes. */
const AGES = [1, 5, 15, 45, Infinity];
const ageOf = (most: number) => (most === Infinity ? "45m+" : `<${most}m`);

export function measureDispatch(
  { metrics: { registry }, figures }: { metrics: Metrics; figures: SharedFigures },
  { countAwaiting }: Pick<OrderStore, "countAwaiting">,
): DispatchMetrics {
  const registers = [registry];
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name, help, buckets, registers });
  const rounds = histogram(
    "dispatch_round_duration_seconds",
    "From the lease of a region to the last answer written to its order",
    [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5],
  );
  const tripSizes = histogram(
    "dispatch_trip_orders",
    "Number of orders on a trip after orders were added",
    [1, 2, 3, 4],
  );
  const outcomes = new Counter({
    name: "dispatch_assignments_total",
    help: "Orders assigned to couriers, and orders refused by the delivery service",
    labelNames: ["outcome"],
    registers,
  });
  const idle = new Gauge({
    name: "dispatch_idle_couriers",
    help: "Idle couriers within reach, as seen by this process in the region's last round",
    labelNames: ["region"],
    registers,
  });
  const readAwaiting = figures("orders_awaiting_courier", async () => {
    const now = Date.now();
    const at = (minutes: number) => new Date(Math.max(0, now - minutes * MINUTE_MS));
    const count = async (most: number, i: number) =>
      [ageOf(most), await countAwaiting(at(most), at(AGES[i - 1] ?? 0))] as const;
    return Object.fromEntries(await Promise.all(AGES.map(count)));
  });
  new Gauge({
    name: "orders_awaiting_courier",
    help: "Orders without a courier, by age",
    labelNames: ["age"],
    registers,
    async collect() {
      const counts = await readAwaiting();
      for (const age of AGES.map(ageOf)) this.set({ age }, counts[age] ?? Number.NaN);
    },
  });
  return {
    startRound: () => rounds.startTimer(),
    roundPlayed(region, idleCouriers, { assigned, refused, tripSizes: sizes }) {
      idle.set({ region }, idleCouriers);
      if (assigned.length > 0) outcomes.inc({ outcome: "assigned" }, assigned.length);
      if (refused > 0) outcomes.inc({ outcome: "refused" }, refused);
      for (const size of sizes) tripSizes.observe(size);
    },
  };
}
