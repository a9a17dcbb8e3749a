// Looks for one planted bug with what is meant to find it.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPlatform, type Platform } from "../../platform.ts";
import { openStage, playSeed, type Size } from "../run.ts";
import { PLANTED_BUGS, PLANTED_DIST, type PlantedBug, type SceneName } from "./planted-bugs.ts";
import * as staged from "./staged.ts";
import * as trips from "./staged-trips.ts";

/** How many order and delivery processes there are. */
const CASTS = {
  single: {},
  double: { order: 2, delivery: 2 },
} as const;
type Cast = keyof typeof CASTS;

const SCENES: Record<SceneName, { cast: Cast; play: staged.Scene }> = {
  "empty books": { cast: "single", play: staged.emptyBooks },
  "overtaken write": { cast: "single", play: staged.overtakenWrite },
  "one key twice": { cast: "single", play: staged.oneKeyTwice },
  "lost insert": { cast: "single", play: staged.lostInsert },
  "lost change": { cast: "single", play: staged.lostChange },
  "lost news": { cast: "single", play: staged.lostNews },
  "repeated news": { cast: "single", play: staged.repeatedNews },
  "doubled rounds": { cast: "double", play: trips.doubledRounds },
  "late joins": { cast: "single", play: trips.lateJoins },
  "two leaders": { cast: "double", play: trips.twoLeaders },
  "paused holders": { cast: "double", play: staged.pausedHolders },
};

export const SCENE_NAMES = Object.keys(SCENES) as SceneName[];

/** The file that names the bug of some processes. */
function bugFile(bug: string) {
  const folder = mkdtempSync(join(tmpdir(), "bug-"));
  const file = join(folder, "name");
  const plant = (name: string) => writeFileSync(file, name);
  plant(bug);
  return {
    plant,
    options: { binaries: PLANTED_DIST, environment: { PLANTED_BUG_FILE: file } },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function openWith(bug: string, cast: Cast) {
  const { plant, options, remove } = bugFile(bug);
  const platform = await openPlatform({ ...options, proxied: true, replicas: CASTS[cast] });
  return {
    platform,
    plant,
    async stop() {
      await platform.stop();
      remove();
    },
  };
}

/** One platform of each cast, for all that can be switched while processes run. */
export async function openShared() {
  const [single, double] = await Promise.all([openWith("none", "single"), openWith("none", "double")]);
  return { single, double, stop: () => Promise.all([single.stop(), double.stop()]) };
}
type Shared = Awaited<ReturnType<typeof openShared>>;

const bugOf = (name: string): PlantedBug => {
  const planted = PLANTED_BUGS[name];
  if (!planted) throw new Error(`Nobody has planted ${name}`);
  return planted;
};

/** What a scene does to the network ends with it. */
function calm({ balancers, all }: Platform) {
  for (const proxy of [
    ...Object.values(balancers),
    ...all.flatMap(({ proxies }) => Object.values(proxies)),
  ]) {
    proxy.tap = undefined;
    proxy.heal();
  }
}

/** Where it shows for certain: what was found that the bug breaks, in the checker's words. */
export async function huntBug(bug: string, shared: Shared): Promise<string | undefined> {
  const { breaks, scene, inIndexes } = bugOf(bug);
  const { cast, play } = SCENES[scene];
  const { platform, plant, stop } = inIndexes ? await openWith(bug, cast) : shared[cast];
  try {
    plant(bug);
    return (await play(platform)).find((one) => breaks.test(one));
  } finally {
    plant("none");
    calm(platform);
    if (inIndexes) await stop();
  }
}

/** The same where no bug is switched on, for all that the scene's bugs break: nothing may be found. */
export async function huntNothing(name: SceneName, shared: Shared): Promise<string | undefined> {
  const { cast, play } = SCENES[name];
  const { platform } = shared[cast];
  const bugs = Object.values(PLANTED_BUGS).filter(({ scene }) => scene === name);
  const breaks = new RegExp(bugs.map((bug) => bug.breaks.source).join("|"));
  try {
    return (await play(platform)).find((one) => breaks.test(one));
  } finally {
    calm(platform);
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
  const { options, remove } = bugFile(name);
  const stage = await openStage(size, { ...options, replicas: CASTS.double });
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
    remove();
  }
}
