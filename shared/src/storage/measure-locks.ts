import { Counter } from "prom-client";
import { durations } from "../observe/durations.ts";
import type { Metrics } from "../observe/metrics.ts";
import { BUSY, type Locks } from "./lock.ts";

const WAITED_SECONDS = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5];
const HELD_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** The same locks, measured by kind: the part of the key before the first colon. */
export function measuredLocks({ registry, dependencies }: Metrics, locks: Locks): Locks {
  const labelNames: ["lock"] = ["lock"];
  const registers = [registry];
  const waited = durations(registry, {
    ...{ name: "lock_wait_seconds", help: "Time until Redis gave a lock, or refused it", labelNames },
    buckets: WAITED_SECONDS,
  });
  const held = durations(registry, {
    ...{ name: "lock_held_seconds", help: "Time that the work under a lock took", labelNames },
    buckets: HELD_SECONDS,
  });
  const tries = new Counter({
    name: "lock_tries_total",
    help: "Tries to take a lock: acquired, busy (another holder), or unlocked (Redis away: the work ran without)",
    labelNames: ["lock", "outcome"],
    registers,
  });
  const lost = new Counter({
    name: "lock_lost_total",
    help: "Locks that expired before their work ended",
    labelNames: ["lock"],
    registers,
  });
  const isRedisUp = () => dependencies.get("redis")?.() ?? true;

  return {
    async withLock(key, ttlMs, run) {
      const [kind = key] = key.split(":", 1);
      const askedAt = performance.now();
      const seconds = (since: number) => (performance.now() - since) / 1_000;
      const result = await locks.withLock(key, ttlMs, async () => {
        const beganAt = performance.now();
        waited.observe(seconds(askedAt), kind);
        tries.inc({ lock: kind, outcome: isRedisUp() ? "acquired" : "unlocked" });
        try {
          return await run();
        } finally {
          held.observe(seconds(beganAt), kind);
          if (seconds(beganAt) * 1_000 > ttlMs) lost.inc({ lock: kind });
        }
      });
      if (result === BUSY) {
        waited.observe(seconds(askedAt), kind);
        tries.inc({ lock: kind, outcome: "busy" });
      }
      return result;
    },
  };
}
