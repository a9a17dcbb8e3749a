// A lock cannot exclude a paused holder: it may pause for longer than the lock lives, and then write.
import { beforeAll, expect, test } from "bun:test";
import { cleanUp, describeWithDatabases } from "@food/shared/testing/service";
import { openPausedHolders, openPlaces } from "./paused-holder.ts";
import { type Platform, startPlatform } from "./platform.ts";

const LOCK_MS = 3_000;
const TEST_MS = 180_000;

describeWithDatabases("a process that pauses under its lock, and writes after another process", () => {
  let platform: Platform;
  let holders: Awaited<ReturnType<typeof openPausedHolders>>;
  beforeAll(async () => {
    platform = await startPlatform({ proxied: true, replicas: { delivery: 3 } });
    holders = await openPausedHolders(platform);
    cleanUp(holders.close);
  }, TEST_MS);

  test(
    "assigns nothing twice in fifty tries, ten of them paused for three lock periods",
    async () => {
      const [first, second, other] = platform.replicas.delivery;
      if (!first || !second || !other)
        throw new Error("The platform has fewer than three delivery processes");
      const places = await openPlaces(platform, 20);
      const [early, late] = [places.slice(0, 10), places.slice(10)];

      const endedByHand = async () => {
        const rounds = [];
        for (const step of ["claim", "insert", "claim", "insert"] as const) {
          rounds.push(await holders.pauseHolder({ holder: second, other, places: late, step }));
          await holders.abandonClaims(late);
        }
        return rounds;
      };
      const [outlived, rounds] = await Promise.all([
        holders.pauseHolder({
          holder: first,
          other,
          places: early,
          step: "claim",
          untilLocksEnd: () => Bun.sleep(3 * LOCK_MS),
        }),
        endedByHand(),
      ]);
      const nothing = { tries: 10, lateWritesTaken: 0, doubles: [], broken: [] };
      expect([outlived, ...rounds]).toEqual(Array(5).fill(nothing));
    },
    TEST_MS,
  );
});
