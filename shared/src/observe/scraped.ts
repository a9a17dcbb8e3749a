// Metrics whose value something else keeps. It is read at each scrape.
import { Counter, Gauge, type Registry } from "prom-client";

export const scrapedGauge = (registry: Registry, name: string, help: string, read: () => number) =>
  new Gauge({
    ...{ name, help, registers: [registry] },
    collect() {
      this.set(read());
    },
  });

/** `read` returns a total that never falls. */
export const scrapedCounter = (registry: Registry, name: string, help: string, read: () => number) =>
  new Counter({
    ...{ name, help, registers: [registry] },
    collect() {
      this.reset();
      this.inc(read());
    },
  });
