// Searches for one planted bug: with its scene, or with seeded chaos.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPlatform, type Platform } from "../../platform.ts";
import { openStage, playSeed, type Size } from "../run.ts";
import { PLANTED_BUGS, PLANTED_DIST, type PlantedBug, type SceneName } from "./planted-bugs.ts";
import * as staged from "./staged.ts";
import * as trips from "./staged-trips.ts";

/** The number of order and delivery processes. */
const LAYOUTS = {
  single: {},
  double: { order: 2, delivery: 2 },
} as const;
type Layout = keyof typeof LAYOUTS;

const SCENES: Record<SceneName, { layout: Layout; play: staged.Scene }> = {
  "empty databases": { layout: "single", play: staged.emptyDatabases },
  "overtaken write": { layout: "single", play: staged.overtakenWrite },
  "one key twice": { layout: "single", play: staged.oneKeyTwice },
  "lost insert": { layout: "single", play: staged.lostInsert },
  "lost change": { layout: "single", play: staged.lostChange },
  "lost messages": { layout: "single", play: staged.lostMessages },
  "repeated messages": { layout: "single", play: staged.repeatedMessages },
  "overlapping rounds": { layout: "double", play: trips.overlappingRounds },
  "late joins": { layout: "single", play: trips.lateJoins },
  "concurrent planners": { layout: "double", play: trips.concurrentPlanners },
  "paused holders": { layout: "double", play: staged.pausedHolders },
};

export const SCENE_NAMES = Object.keys(SCENES) as SceneName[];

/** The file that selects the bug of a platform's processes. */
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

async function openWith(bug: string, layout: Layout) {
  const { plant, options, remove } = bugFile(bug);
  const platform = await openPlatform({ ...options, proxied: true, replicas: LAYOUTS[layout] });
  return {
    platform,
    plant,
    async stop() {
      await platform.stop();
      remove();
    },
  };
}

/** One platform of each layout, for all bugs that can be switched while the processes run. */
export async function openShared() {
  const [single, double] = await Promise.all([openWith("none", "single"), openWith("none", "double")]);
  return { single, double, stop: () => Promise.all([single.stop(), double.stop()]) };
}
type Shared = Awaited<ReturnType<typeof openShared>>;

const bugOf = (name: string): PlantedBug => {
  const planted = PLANTED_BUGS[name];
  if (!planted) throw new Error(`There is no planted bug ${name}`);
  return planted;
};

/** Ends all faults and taps of a scene. */
function healNetwork({ balancers, all }: Platform) {
  for (const proxy of [
    ...Object.values(balancers),
    ...all.flatMap(({ proxies }) => Object.values(proxies)),
  ]) {
    proxy.tap = undefined;
    proxy.heal();
  }
}

/** Two processes may miss each other in a scene that depends on their timing. */
const TRIES_MAX = 5;

/** Plays the scene with the bug, again if need be. Returns the violation that the bug causes, if the checker reports it. */
export async function huntBug(bug: string, shared: Shared): Promise<string | undefined> {
  const { breaks, scene, inIndexes } = bugOf(bug);
  const { layout, play } = SCENES[scene];
  const { platform, plant, stop } = inIndexes ? await openWith(bug, layout) : shared[layout];
  try {
    plant(bug);
    for (let tries = 0; tries < TRIES_MAX; tries++) {
      const caught = (await play(platform)).find((one) => breaks.test(one));
      if (caught) return caught;
      healNetwork(platform);
    }
    return undefined;
  } finally {
    plant("none");
    healNetwork(platform);
    if (inIndexes) await stop();
  }
}

/** Plays the scene without a bug. Returns a violation that one of the scene's bugs would cause, which must not happen. */
export async function huntNothing(name: SceneName, shared: Shared): Promise<string | undefined> {
  const { layout, play } = SCENES[name];
  const { platform } = shared[layout];
  const bugs = Object.values(PLANTED_BUGS).filter(({ scene }) => scene === name);
  const breaks = new RegExp(bugs.map((bug) => bug.breaks.source).join("|"));
  try {
    return (await play(platform)).find((one) => breaks.test(one));
  } finally {
    healNetwork(platform);
  }
}

/** Many orders in a short time, on few processes. */
const HUNTING: Size = {
  customers: 6,
  kitchens: 2,
  couriers: 6,
  orders: 80,
  seconds: 4,
  faultEveryMs: 250,
  paceMs: 250,
};

/** Longer than a lease: what has not ended by then is stuck. */
const SETTLE_MAX_MS = 12_000;
/** The interval of faults when all are of one kind. */
const ONE_KIND_EVERY_MS = 100;

/** Plays up to `triesMax` seeds of chaos with the bug. `tries` is the number of seeds that were played. */
export async function huntWithChaos(
  name: string,
  triesMax: number,
): Promise<{ caught: string | undefined; tries: number }> {
  const { breaks, chaos } = bugOf(name);
  const only = chaos === "any" ? undefined : chaos;
  const size = { ...HUNTING, ...(only && { faultEveryMs: ONE_KIND_EVERY_MS }) };
  const { options, remove } = bugFile(name);
  const stage = await openStage(size, { ...options, replicas: LAYOUTS.double });
  try {
    for (let tries = 1; tries <= triesMax; tries++) {
      const { violations } = await playSeed(stage, tries, size, {
        settleMaxMs: SETTLE_MAX_MS,
        enough: breaks,
        ...(only && { faults: only }),
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
