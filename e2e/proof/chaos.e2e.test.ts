// A short run of the seeded chaos and of the crashes of `bun run prove`.
import { afterAll, beforeAll, expect, test } from "bun:test";
import { describeWithDatabases } from "@food/shared/testing/service";
import { playCrashes } from "./play-crashes.ts";
import { describeVerdict } from "./report.ts";
import { openStage, playSeed, SMALL, type Stage } from "./run.ts";

/** With this seed Redis returns to the subscribers before it returns to the publishers. In an earlier version followers got
 * events nine seconds late. */
const SEEDS = [Number(Bun.env.SEED ?? 575_452_454)];
const TEST_MS = 120_000;

describeWithDatabases("the platform under fault injection", () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage(SMALL);
  }, TEST_MS);
  afterAll(() => stage?.close());

  for (const seed of SEEDS)
    test(
      `every invariant holds with seed ${seed}`,
      async () => {
        const verdict = await playSeed(stage, seed, SMALL);
        process.stdout.write(`${describeVerdict(verdict)}\n`);
        expect(verdict.violations).toEqual([]);
        expect(verdict.orders).toBeGreaterThan(5);
        expect(verdict.byStatus.get("delivered")).toBeGreaterThan(0);
      },
      TEST_MS,
    );

  test(
    "every invariant holds when a process dies right before and right after each write that leaves something unfinished",
    async () => {
      const { verdict, missing } = await playCrashes(stage, SMALL, "unfinished");
      process.stdout.write(`${describeVerdict(verdict)}\n`);
      expect(missing).toEqual([]);
      expect(verdict.violations).toEqual([]);
    },
    5 * TEST_MS,
  );
});
