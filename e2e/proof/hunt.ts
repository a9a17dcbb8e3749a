// Looks for one planted bug with what is meant to find it.
import { openPausedHolders, openPlaces } from "../paused-holder.ts";
import { openPlatform } from "../platform.ts";
import { newHistory } from "./history.ts";
import { violations } from "./invariants.ts";
import { PLANTED_BUGS, PLANTED_DIST, type PlantedBug } from "./planted-bugs.ts";
import { openStage, playSeed, type Size } from "./run.ts";
import { openDatabases } from "./snapshot.ts";

export interface Hunt {
  bug: string;
  /** What was found that the bug breaks, in the checker's words. */
  caught: string | undefined;
  /** How many seeds, or rounds, it took. */
  tries: number;
}

/** Much happens at once, on few processes. */
const HUNTING: Size = {
  customers: 6,
  kitchens: 2,
  couriers: 6,
  orders: 80,
  seconds: 4,
  troubleEveryMs: 250,
  paceMs: 250,
};

/** Longer than a lease: what is not over by then waits for something that never comes. */
const STUCK_AFTER_MS = 12_000;
/** Where it is not an order's end that is looked for. */
const SEEN_AFTER_MS = 3_000;
/** One kind of trouble may come more often than all kinds together. */
const ONE_KIND_EVERY_MS = 100;

const platformWith = (bug: string) => ({
  binaries: PLANTED_DIST,
  proxied: true,
  environment: { PLANTED_BUG: bug },
});

async function huntWithChaos(bug: string, { breaks, trouble }: PlantedBug, triesMax: number): Promise<Hunt> {
  const replicas = { order: 2, delivery: 2 };
  const size = { ...HUNTING, ...(trouble && { troubleEveryMs: ONE_KIND_EVERY_MS }) };
  const settleMaxMs = breaks.test("I6 ") ? STUCK_AFTER_MS : SEEN_AFTER_MS;
  const stage = await openStage(size, { ...platformWith(bug), replicas });
  try {
    for (let tries = 1; tries <= triesMax; tries++) {
      const { violations } = await playSeed(stage, tries, size, {
        settleMaxMs,
        ...(trouble && { trouble }),
      });
      const caught = violations.find((violation) => breaks.test(violation));
      if (caught) return { bug, caught, tries };
    }
    return { bug, caught: undefined, tries: triesMax };
  } finally {
    await stage.close();
  }
}

async function huntWithPausedHolders(bug: string, { breaks }: PlantedBug): Promise<Hunt> {
  const platform = await openPlatform({ ...platformWith(bug), replicas: { delivery: 2 } });
  const holders = await openPausedHolders(platform);
  try {
    const [holder, other] = platform.replicas.delivery;
    if (!holder || !other) throw new Error("There are no two delivery processes");
    const places = await openPlaces(platform, 10);
    const { doubles } = await holders.pauseHolder({ holder, other, places, step: "claim" });
    const found = doubles.map((who) => `${who} is on two at once`);
    return { bug, caught: found.find((one) => breaks.test(one)), tries: 1 };
  } finally {
    await holders.close();
    await platform.stop();
  }
}

/** Before anybody has done anything: an index that is not there is seen, and need not be missed first. */
async function huntByLooking(bug: string, { breaks }: PlantedBug): Promise<Hunt> {
  const platform = await openPlatform(platformWith(bug));
  const databases = await openDatabases(platform);
  try {
    const found = violations(await databases.read(), newHistory());
    return { bug, caught: found.find((one) => breaks.test(one)), tries: 1 };
  } finally {
    await databases.close();
    await platform.stop();
  }
}

export async function huntBug(bug: string, triesMax: number): Promise<Hunt> {
  const planted = PLANTED_BUGS[bug];
  if (!planted) throw new Error(`Nobody has planted ${bug}`);
  if (planted.by === "looking") return huntByLooking(bug, planted);
  if (planted.by === "paused holders") return huntWithPausedHolders(bug, planted);
  return huntWithChaos(bug, planted, triesMax);
}
