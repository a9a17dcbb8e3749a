import { Gauge } from "prom-client";
import type { Metrics } from "../observe/metrics.ts";
import type { Figures, SharedFigures } from "../storage/shared-figures.ts";
import type { OutboxEntry, OutboxWorker } from "./outbox.ts";

/** Registers the gauges of a service's outboxes, by name. */
export function measureOutboxes(
  { metrics: { registry }, figures }: { metrics: Metrics; figures: SharedFigures },
  outboxes: Record<string, Pick<OutboxWorker<OutboxEntry>, "pending">>,
): void {
  const readers = Object.entries(outboxes).map(
    ([outbox, { pending }]) =>
      [outbox, figures(`outbox:${outbox}`, async () => ({ ...(await pending()) }))] as const,
  );
  const gauge = (name: string, help: string, of: (figures: Figures) => number | undefined) =>
    new Gauge({
      ...{ name, help, labelNames: ["outbox"], registers: [registry] },
      async collect() {
        for (const [outbox, read] of readers) this.set({ outbox }, of(await read()) ?? Number.NaN);
      },
    });
  gauge("outbox_pending", "Documents whose outbox is not empty", ({ count }) => count);
  gauge(
    "outbox_oldest_age_seconds",
    "Age of the oldest outbox entry not yet delivered",
    ({ oldestAgeMs }) => oldestAgeMs && oldestAgeMs / 1_000,
  );
}
