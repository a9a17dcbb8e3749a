// Looks for one planted bug with what is meant to find it.
import { eventually } from "@food/shared/testing/tools";
import { courierOnDuty, expectStatus, newCustomer, openRestaurant } from "../actors.ts";
import { haveDinner } from "../dinner.ts";
import { openPausedHolders, openPlaces } from "../paused-holder.ts";
import { openPlatform, type Platform, type PlatformOptions } from "../platform.ts";
import { newHistory } from "./history.ts";
import { violations } from "./invariants.ts";
import { PLANTED_BUGS, PLANTED_DIST, type PlantedBug } from "./planted-bugs.ts";
import { openStage, playSeed, type Size } from "./run.ts";
import { type Databases, openDatabases } from "./snapshot.ts";
import { listenIn, sendRaw } from "./trouble.ts";

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
const SETTLE_MAX_MS = 12_000;
/** One kind of trouble may come more often than all kinds together. */
const ONE_KIND_EVERY_MS = 100;

/** A question takes as long as it does when much is going on. */
const SLOW_MS = 100;
const WAITING_ORDERS = 6;
const LISTEN_MS = 4_000;

const platformWith = (bug: string) => ({
  binaries: PLANTED_DIST,
  proxied: true,
  environment: { PLANTED_BUG: bug },
});

type Look = (bug: string, planted: PlantedBug, triesMax: number) => Promise<Hunt>;

async function huntWithChaos(bug: string, { breaks, trouble }: PlantedBug, triesMax: number): Promise<Hunt> {
  const replicas = { order: 2, delivery: 2 };
  const size = { ...HUNTING, ...(trouble && { troubleEveryMs: ONE_KIND_EVERY_MS }) };
  const stage = await openStage(size, { ...platformWith(bug), replicas });
  try {
    for (let tries = 1; tries <= triesMax; tries++) {
      const { violations } = await playSeed(stage, tries, size, {
        settleMaxMs: SETTLE_MAX_MS,
        enough: breaks,
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

/** One that needs no chance: `find` brings out what is wrong, if it is, and says it. */
const scripted =
  (replicas: PlatformOptions["replicas"], find: (platform: Platform) => Promise<string[]>): Look =>
  async (bug, { breaks }) => {
    const platform = await openPlatform({ ...platformWith(bug), ...(replicas && { replicas }) });
    try {
      return { bug, caught: (await find(platform)).find((one) => breaks.test(one)), tries: 1 };
    } finally {
      await platform.stop();
    }
  };

async function doublesOfPausedHolders(platform: Platform): Promise<string[]> {
  const holders = await openPausedHolders(platform);
  try {
    const [holder, other] = platform.replicas.delivery;
    if (!holder || !other) throw new Error("There are no two delivery processes");
    const places = await openPlaces(platform, 10);
    const { doubles } = await holders.pauseHolder({ holder, other, places, step: "claim" });
    return doubles.map((who) => `${who} is on two at once`);
  } finally {
    await holders.close();
  }
}

async function violationsIn(databases: Databases): Promise<string[]> {
  try {
    return violations(await databases.read(), newHistory());
  } finally {
    await databases.close();
  }
}

/** What the order processes ask the delivery service while no courier is there. Doubled questions double nothing, and
 * are work for nothing: that is all that a lease is for. */
async function doubledQuestions(platform: Platform): Promise<string[]> {
  const found: string[] = [];
  const underWay = new Map<number, string>();
  const { delivery } = platform.balancers;
  delivery.tap = {
    toServer(connection, chunk) {
      const [, asked] = /^PUT \/internal\/deliveries\/(\w+) /.exec(chunk.toString("latin1", 0, 80)) ?? [];
      if (!asked) return true;
      if ([...underWay.values()].includes(asked)) found.push(`${asked} is asked for twice at once`);
      underWay.set(connection, asked);
      return true;
    },
    toClient: (connection) => underWay.delete(connection) || true,
    closed: (connection) => void underWay.delete(connection),
  };
  const [customer, kitchen] = await Promise.all([newCustomer(platform), openRestaurant(platform)]);
  delivery.suffer({ kind: "slow", ms: SLOW_MS, jitterMs: 0 });
  for (let i = 0; i < WAITING_ORDERS; i++) expectStatus(await customer.order(kitchen), 201);
  await Bun.sleep(LISTEN_MS);
  return found;
}

/** Everything that the delivery service has been told of an order that is over is said again, the oldest last. */
async function believedEchoes(platform: Platform): Promise<string[]> {
  const { delivery } = platform.balancers;
  const { said } = listenIn(delivery);
  const [customer, restaurant, courier] = await Promise.all([
    newCustomer(platform),
    openRestaurant(platform),
    courierOnDuty(platform),
  ]);
  await haveDinner({ customer, restaurant, couriers: [courier] });
  const databases = await openDatabases(platform);
  await eventually(async () => (await databases.read()).deliveries.every(({ live }) => !live));
  for (const request of said.toReversed()) await sendRaw(delivery.port, request);
  return violationsIn(databases);
}

const HUNTS: Record<NonNullable<PlantedBug["by"]> | "chaos", Look> = {
  chaos: huntWithChaos,
  // Before anybody has done anything: an index that is not there is seen, and need not be missed first.
  looking: scripted({}, async (platform) => violationsIn(await openDatabases(platform))),
  listening: scripted({ order: 2 }, doubledQuestions),
  repeating: scripted({}, believedEchoes),
  "paused holders": scripted({ delivery: 2 }, doublesOfPausedHolders),
};

export async function huntBug(bug: string, triesMax: number): Promise<Hunt> {
  const planted = PLANTED_BUGS[bug];
  if (!planted) throw new Error(`Nobody has planted ${bug}`);
  return HUNTS[planted.by ?? "chaos"](bug, planted, triesMax);
}

/** The same hunts where no bug is switched on, each for all that its bugs break: nothing may be found. */
export async function huntNothing(): Promise<Hunt[]> {
  const kinds = Map.groupBy(Object.values(PLANTED_BUGS), ({ by }) => by ?? "chaos");
  const hunts: Hunt[] = [];
  for (const [by, bugs] of kinds) {
    const breaks = new RegExp(bugs.map((bug) => bug.breaks.source).join("|"));
    hunts.push(await HUNTS[by](`none, by ${by}`, { what: "nothing", breaks, patches: [] }, 1));
  }
  return hunts;
}
