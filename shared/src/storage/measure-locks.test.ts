import { expect, test } from "bun:test";
import { metricIn } from "../../testing/tools.ts";
import { createMetrics } from "../observe/metrics.ts";
import { BUSY, type Locks } from "./lock.ts";
import { measuredLocks } from "./measure-locks.ts";

/** Locks that are free or not, and what the metrics say of them. */
function measured(isFree: boolean) {
  const metrics = createMetrics("test");
  const locks: Locks = { withLock: async (_, __, run) => (isFree ? run() : BUSY) };
  const { withLock } = measuredLocks(metrics, locks);
  const tries = async (outcome: string) =>
    metricIn(await metrics.render(), "lock_tries_total", 'lock="thing"', `outcome="${outcome}"`);
  const lost = async () => metricIn(await metrics.render(), "lock_lost_total", 'lock="thing"');
  return { metrics, withLock, tries, lost };
}

test("a lock counts by the kind in its key, not by the key", async () => {
  const { withLock, tries, lost, metrics } = measured(true);
  expect(await withLock("thing:1", 1_000, async () => "one")).toBe("one");
  await expect(withLock("thing:2", 1_000, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect([await tries("acquired"), await tries("busy"), await lost()]).toEqual([2, 0, 0]);
  expect(metricIn(await metrics.render(), "lock_held_seconds_count", 'lock="thing"')).toBe(2);
});

test("a lock that another holder has counts as busy", async () => {
  const { withLock, tries } = measured(false);
  expect(await withLock("thing:1", 1_000, async () => "one")).toBe(BUSY);
  expect([await tries("acquired"), await tries("busy")]).toEqual([0, 1]);
});

test("work without Redis counts as unlocked", async () => {
  const { withLock, tries, metrics } = measured(true);
  metrics.dependencies.set("redis", () => false);
  await withLock("thing:1", 1_000, async () => "one");
  expect([await tries("acquired"), await tries("unlocked")]).toEqual([0, 1]);
});

test("a lock that expired before its work ended counts as lost", async () => {
  const { withLock, lost } = measured(true);
  await withLock("thing:1", 1, () => Bun.sleep(5));
  expect(await lost()).toBe(1);
});
