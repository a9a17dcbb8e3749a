// Metrics of the business: what becomes of orders, and how long it takes.
import { FAIL_REASONS, REJECT_REASONS } from "@food/shared/contracts/order";
import type { Metrics } from "@food/shared/observe/metrics";
import type { SharedFigures } from "@food/shared/storage/shared-figures";
import { Counter, Gauge, Histogram } from "prom-client";
import type { OrderDocument } from "../orders/order.ts";
import { OPEN_STATUSES } from "../orders/status.ts";
import type { TownStore } from "../town/store.ts";

const inMinutes = (...minutes: number[]) => minutes.map((each) => each * 60);
const TO_ACCEPT = inMinutes(0.25, 0.5, 1, 2, 3, 4, 5, 6, 8, 10);
const TO_ASSIGN = inMinutes(0.02, 0.1, 0.5, 1, 2, 5, 10, 15, 20, 30, 45);
const TO_DOOR = inMinutes(5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 60, 75, 90, 120);
const WAITS = inMinutes(0.5, 1, 2, 3, 5, 7.5, 10, 15, 20, 30);

/** Other reasons are people's own words. */
const REASONS = new Set<string>([
  ...REJECT_REASONS,
  ...FAIL_REASONS,
  ...["acceptance_timeout", "no_courier", "pickup_timeout"],
]);

export function measureOrders(
  { metrics: { registry }, figures }: { metrics: Metrics; figures: SharedFigures },
  { countOpen }: Pick<TownStore, "countOpen">,
) {
  const registers = [registry];
  const histogram = (name: string, help: string, buckets: number[]) =>
    new Histogram({ name, help, buckets, registers });
  const toAccept = histogram("order_time_to_accept_seconds", "From placing to acceptance", TO_ACCEPT);
  const toAssign = histogram("order_time_to_assign_seconds", "From placing to the first courier", TO_ASSIGN);
  const clickToDoor = histogram("order_click_to_door_seconds", "From placing to the door", TO_DOOR);
  const readyToPickup = histogram("order_ready_to_pickup_seconds", "From ready to pickup", WAITS);
  const moves = new Counter({
    name: "order_moves_total",
    help: "Orders that came to a status, by who moved them and why",
    labelNames: ["to", "by", "reason"],
    registers,
  });
  const readOpen = figures("orders_open", countOpen);
  new Gauge({
    ...{ name: "orders_open", help: "Open orders, by status", labelNames: ["status"], registers },
    async collect() {
      const counts = await readOpen();
      for (const status of OPEN_STATUSES) this.set({ status }, counts[status] ?? Number.NaN);
    },
  });

  /** Counts the order's last event. */
  return function orderMoved({ events, placedAt, readyAt }: OrderDocument): void {
    const last = events.at(-1);
    if (!last) return;
    const { type, from, to, actor, reason, at } = last;
    const seconds = (since: Date) => Math.max(0, at.getTime() - since.getTime()) / 1_000;
    if (from !== to) {
      const told = reason === undefined ? "" : REASONS.has(reason) ? reason : "own_words";
      moves.inc({ to, by: actor.role, reason: told });
    }
    if (from === "pending" && (to === "accepted" || to === "preparing")) toAccept.observe(seconds(placedAt));
    if (type === "courier_assigned" && !events.some((event) => event !== last && event.type === type))
      toAssign.observe(seconds(placedAt));
    if (type === "delivered") clickToDoor.observe(seconds(placedAt));
    if (type === "picked_up" && readyAt) readyToPickup.observe(seconds(readyAt));
  };
}
