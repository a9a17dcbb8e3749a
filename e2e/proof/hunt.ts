// Plays seeds against a build with one planted bug until the checker sees it.
import { PLANTED_BUGS, PLANTED_DIST } from "./planted-bugs.ts";
import { openStage, playSeed, type Size, type Verdict } from "./run.ts";

export interface Hunt {
  bug: string;
  /** The first sentence of the checker that names what the bug breaks. */
  caught: string | undefined;
  seeds: number;
  last: Verdict | undefined;
}

/** Much happens at once, on few processes. */
const HUNTING: Size = { customers: 6, kitchens: 2, couriers: 6, orders: 80, seconds: 4, troubleEveryMs: 250 };
/** A bug that leaves something stuck for ever is seen well before the time that a sound build is given. */
const SETTLE_MAX_MS = 16_000;

export async function huntBug(bug: string, seedsMax: number, firstSeed = 1): Promise<Hunt> {
  const { breaks } = PLANTED_BUGS[bug] ?? {};
  if (!breaks) throw new Error(`Nobody has planted ${bug}`);
  const stage = await openStage(HUNTING, {
    binaries: PLANTED_DIST,
    replicas: { order: 2, delivery: 2 },
    environment: { PLANTED_BUG: bug },
  });
  let last: Verdict | undefined;
  try {
    for (let seeds = 1; seeds <= seedsMax; seeds++) {
      last = await playSeed(stage, firstSeed + seeds - 1, HUNTING, { settleMaxMs: SETTLE_MAX_MS });
      const caught = last.violations.find((violation) => breaks.test(violation));
      if (caught) return { bug, caught, seeds, last };
    }
    return { bug, caught: undefined, seeds: seedsMax, last };
  } finally {
    await stage.close();
  }
}
