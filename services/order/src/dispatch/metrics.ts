// Metrics of dispatch: waiting orders by age, duration and results of rounds, and delivery times.
import type { Metrics } from "@food/shared/observe/metrics";
import { Counter, Gauge, Histogram } from "prom-client";
import type { OrderDocument } from "../orders/order.ts";
import type { OrderStore } from "../orders/store.ts";
import type { Committed } from "./commit.ts";

export interface DispatchMetrics {
  /** Starts a timer. Calling the result stops it. */
  startRound: () => () => void;
  roundPlayed: (region: string, idleCouriers: number, done: Committed) => void;
  /** Records the delivery times when the order's last event is a pickup or a delivery. */
  orderMoved: (order: OrderDocument) => void;
}

const MINUTE_MS = 60_000;
/** Upper bounds of the age buckets, in minutes. */
const AGES = [1, 5, 15, 45, Infinity];
const MINUTES = [5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 60, 75, 90, 120].map((minutes) => minutes * 60);
const WAITS = [0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30].map((minutes) => minutes * 60);

export function measureDispatch({ registry }: Metrics, orders: OrderStore): DispatchMetrics {
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
  const clickToDoor = histogram("order_click_to_door_seconds", "From placing to the door", MINUTES);
  const readyToPickup = histogram("order_ready_to_pickup_seconds", "From ready to pickup", WAITS);
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
  new Gauge({
    name: "orders_awaiting_courier",
    help: "Orders without a courier, by age",
    labelNames: ["age"],
    registers,
    async collect() {
      const now = Date.now();
      const at = (minutes: number) => new Date(Math.max(0, now - minutes * MINUTE_MS));
      for (const [i, most] of AGES.entries()) {
        const count = await orders.countAwaiting(at(most), at(AGES[i - 1] ?? 0)).catch(() => Number.NaN);
        this.set({ age: most === Infinity ? "45m+" : `<${most}m` }, count);
      }
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
    orderMoved({ events, placedAt, readyAt }) {
      const last = events.at(-1);
      if (last?.type === "delivered") clickToDoor.observe((last.at.getTime() - placedAt.getTime()) / 1000);
      if (last?.type === "picked_up" && readyAt)
        readyToPickup.observe(Math.max(0, last.at.getTime() - readyAt.getTime()) / 1000);
    },
  };
}
