// Looks for one planted bug with what is meant to find it.
import { NO_REDIS } from "@food/shared/testing/tools";
import { openPlatform, type Platform, type PlatformOptions } from "../../platform.ts";
import { openStage, playSeed, type Size } from "../run.ts";
import { PLANTED_BUGS, PLANTED_DIST, type PlantedBug, type SceneName } from "./planted-bugs.ts";
import * as staged from "./staged.ts";
import * as trips from "./staged-trips.ts";

const SCENES: Record<SceneName, { options?: PlatformOptions; play: staged.Scene }> = {
  "empty books": { play: staged.emptyBooks },
  "overtaken write": { play: staged.overtakenWrite },
  // Or the lock would keep the two apart.
  "one key twice": { options: { redisUrl: NO_REDIS }, play: staged.oneKeyTwice },
  "lost insert": { play: staged.lostInsert },
  "lost change": { play: staged.lostChange },
  "lost news": { play: staged.lostNews },
  "repeated news": { play: staged.repeatedNews },
  "doubled rounds": { options: { replicas: { order: 2 } }, play: trips.doubledRounds },
  "late joins": { play: trips.lateJoins },
  "two leaders": { options: { replicas: { order: 2 } }, play: trips.twoLeaders },
  "paused holders": { options: { replicas: { delivery: 2 } }, play: staged.pausedHolders },
};

export const SCENE_NAMES = Object.keys(SCENES) as SceneName[];

export const openWith = (bug: string, { environment, ...options }: PlatformOptions = {}) =>
  openPlatform({
    ...{ binaries: PLANTED_DIST, proxied: true, ...options },
    environment: { PLANTED_BUG: bug, ...environment },
  });

const bugOf = (name: string): PlantedBug => {
  const planted = PLANTED_BUGS[name];
  if (!planted) throw new Error(`Nobody has planted ${name}`);
  return planted;
};

/** Where it shows for certain: what was found that the bug breaks, in the checker's words. */
export async function huntBug(bug: string): Promise<string | undefined> {
  const { breaks, scene } = bugOf(bug);
  const { options, play } = SCENES[scene];
  const platform = await openWith(bug, options);
  try {
    return (await play(platform)).find((one) => breaks.test(one));
  } finally {
    await platform.stop();
  }
}

/** The same where no bug is switched on, for all that the scene's bugs break: nothing may be found. What needs no platform
 * of its own is played on `shared`. */
export async function huntNothing(name: SceneName, shared: Platform): Promise<string | undefined> {
  const { options, play } = SCENES[name];
  const bugs = Object.values(PLANTED_BUGS).filter(({ scene }) => scene === name);
  const breaks = new RegExp(bugs.map((bug) => bug.breaks.source).join("|"));
  const platform = options ? await openWith("none", options) : shared;
  try {
    return (await play(platform)).find((one) => breaks.test(one));
  } finally {
    if (platform !== shared) await platform.stop();
  }
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
const SETTLE_MAX_MS = 12_000;
/** One kind of trouble may come more often than all kinds together. */
const ONE_KIND_EVERY_MS = 100;

/** Among people at work, where it takes some luck: `tries` says how many seeds. */
export async function huntWithChaos(
  name: string,
  triesMax: number,
): Promise<{ caught: string | undefined; tries: number }> {
  const { breaks, chaos } = bugOf(name);
  const only = chaos === "any" ? undefined : chaos;
  const size = { ...HUNTING, ...(only && { troubleEveryMs: ONE_KIND_EVERY_MS }) };
  const stage = await openStage(size, {
    ...{ binaries: PLANTED_DIST, environment: { PLANTED_BUG: name } },
    replicas: { order: 2, delivery: 2 },
  });
  try {
    for (let tries = 1; tries <= triesMax; tries++) {
      const { violations } = await playSeed(stage, tries, size, {
        settleMaxMs: SETTLE_MAX_MS,
        enough: breaks,
        ...(only && { trouble: only }),
      });
      const caught = violations.find((violation) => breaks.test(violation));
      if (caught) return { caught, tries };
    }
    return { caught: undefined, tries: triesMax };
  } finally {
    await stage.close();
  }
}
