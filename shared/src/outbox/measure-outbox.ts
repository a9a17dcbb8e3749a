import { Gauge } from "prom-client";
import type { Metrics } from "../observe/metrics.ts";
import type { OutboxEntry, OutboxWorker } from "./outbox.ts";

/** Registers the outbox gauges. */
export function measureOutbox(
  { registry }: Metrics,
  { pending }: Pick<OutboxWorker<OutboxEntry>, "pending">,
): void {
  const unknown = { count: Number.NaN, oldestAgeMs: Number.NaN };
  new Gauge({
    name: "outbox_pending",
    help: "Documents whose outbox is not empty",
    registers: [registry],
    async collect() {
      this.set((await pending().catch(() => unknown)).count);
    },
  });
  new Gauge({
    name: "outbox_oldest_age_seconds",
    help: "Age of the oldest outbox entry not yet delivered",
    registers: [registry],
    async collect() {
      this.set((await pending().catch(() => unknown)).oldestAgeMs / 1000);
    },
  });
}
