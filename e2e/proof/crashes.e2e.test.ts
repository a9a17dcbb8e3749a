// Random load while processes die at every kind of write of the order and delivery services.
import { expect, test } from "bun:test";
import { cleanUp, describeWithDatabases } from "@food/shared/testing/service";
import { type CrashPoints, killAtEachStep } from "./crash-points.ts";
import { describeVerdict } from "./report.ts";
import { openStage, playSeed, SMALL } from "./run.ts";

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
  // The questions whether the order makes a courier's move: a pickup, and the others.
  "delivery: trips closing,deliveries.$[it].asked,open",
  "delivery: trips deliveries.$[it].asked",
  ...["assigned", "picked_up"].map((status) => `delivery: trips is ${status}`),
  ...["delivered", "failed", "released"].map((status) => `delivery: trips is ${status}, the last`),
];

/** Ends when a process has died at each step: the seconds bound it. */
const LONG = { ...SMALL, orders: 10_000, seconds: 420, paceMs: 4_000 };
const TEST_MS = 600_000;

describeWithDatabases("a process that dies right before and right after each kind of write", () => {
  test(
    "breaks no invariant",
    async () => {
      const stage = await openStage(LONG);
      cleanUp(stage.close);
      let points: CrashPoints | undefined;
      const verdict = await playSeed(stage, 1, LONG, {
        injectFaults: (platform) => {
          points = killAtEachStep(platform, STEPS);
          return points;
        },
      });
      process.stdout.write(`${describeVerdict(verdict)}\n`);
      expect(points?.missing()).toEqual([]);
      expect(verdict.violations).toEqual([]);
    },
    TEST_MS,
  );
});
