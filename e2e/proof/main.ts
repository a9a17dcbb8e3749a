// bun run prove [--minutes N] [--seed S] [--size small|large] [--db server|emulator] [--redis cluster|sentinel] [--bugs]
// [--restarts N]: plays one seed after the other with random load and fault injection, checks the invariants after each, and prints the
// results.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Subprocess } from "bun";
import { builtBinaries } from "../../tools/binaries.ts";
import { type DatabaseOptions, givenToTests, startDatabases } from "../../tools/databases/databases.ts";

const USAGE = `bun run prove [--minutes N] [--seed S] [--size small|large] [--db server|emulator] [--redis cluster|sentinel] [--bugs] [--restarts N]
  --minutes  how long, 1 by default; a seed that has started is finished
  --seed     plays only this seed; by default, seeds from a random number on
  --size     small: 6 couriers, 4 s of faults a seed; large: 50 couriers, 500 orders, 20 s of faults
  --redis    breaks a Redis Cluster of six servers, or a master with a replica and three sentinels
  --bugs     instead searches for planted bugs; each must be found
  --restarts  instead restarts one replica of every service N times behind HAProxy, with all cores busy; no request may be lost
`;

const REDIS_SECONDS = 15;

function say(line: string) {
  process.stdout.write(`${line}\n`);
}

function readArguments() {
  const number = (value: string | undefined, least: number) => {
    if (value === undefined) return undefined;
    const read = Number(value);
    if (!Number.isFinite(read) || read < least)
      throw new Error(`${value} is not a number of at least ${least}`);
    return read;
  };
  const { values } = parseArgs({
    options: {
      minutes: { type: "string" },
      seed: { type: "string" },
      size: { type: "string", default: "small" },
      db: { type: "string" },
      redis: { type: "string" },
      bugs: { type: "boolean", default: false },
      restarts: { type: "string" },
    },
  });
  const { size, db, redis, bugs } = values;
  if (size !== "small" && size !== "large") throw new Error(`There is no size ${size}`);
  if (db !== undefined && db !== "server" && db !== "emulator") throw new Error(`There is no database ${db}`);
  const breakable = (["cluster", "sentinel"] as const).find((kind) => kind === redis);
  if (redis !== undefined && !breakable) throw new Error(`There is no Redis ${redis}`);
  const prefer: DatabaseOptions["prefer"] = db;
  return {
    minutes: number(values.minutes, 0) ?? 1,
    seed: number(values.seed ?? Bun.env.SEED, 0),
    size,
    prefer,
    redis: breakable,
    bugs,
    restarts: number(values.restarts, 1),
  };
}

function argumentsOrExit() {
  try {
    return readArguments();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${USAGE}`);
    process.exit(2);
  }
}

const { minutes, seed, size, prefer, redis, bugs, restarts } = argumentsOrExit();

/** Starts databases, and runs this script again with them. */
async function withDatabases(): Promise<number> {
  await builtBinaries();
  const folder = mkdtempSync(join(tmpdir(), "prove-"));
  // Databases have process groups of their own, which Ctrl-C does not reach.
  let proving: Subprocess | undefined;
  let interrupted = false;
  process.on("SIGINT", () => {
    interrupted = true;
    proving?.kill("SIGINT");
  });
  const databases = await startDatabases({
    ...givenToTests(),
    dataDir: folder,
    prefer,
  });
  say(`MongoDB: ${databases.mongo.detail}\nRedis:   ${databases.redis.detail}`);
  const root = join(import.meta.dir, "../..");
  const inherit = {
    cwd: root,
    stdio: ["inherit", "inherit", "inherit"] as ["inherit", "inherit", "inherit"],
  };
  const env = {
    ...process.env,
    TEST_MONGODB_URL: databases.mongo.url,
    TEST_REDIS_URL: databases.redis.url,
  };
  if (!interrupted) proving = Bun.spawn([process.execPath, ...Bun.argv.slice(1)], { ...inherit, env });
  const exitCode = (await proving?.exited) ?? 130;
  await databases.stop();
  rmSync(folder, { recursive: true, force: true });
  return exitCode;
}

async function prove(): Promise<number> {
  // Imported here, because it reads the URLs of the databases.
  const { LARGE, openStage, playSeed, SMALL } = await import("./run.ts");
  const { summary } = await import("./report.ts");
  const { BREAKABLE, injectRedisFaults } = await import("./redis-faults.ts");
  const { seededRandom } = await import("./random.ts");
  const breakable = redis && (await BREAKABLE[redis]());
  // A master is replaced in some three seconds.
  const chosen = { ...(size === "large" ? LARGE : SMALL), ...(breakable && { seconds: REDIS_SECONDS }) };
  const seedsPerStage = 20;
  const until = Date.now() + minutes * 60_000;
  const first = seed ?? Math.floor(Math.random() * 1_000_000_000);
  const total = summary();
  try {
    for (let next = first; total.seeds() === 0 || (seed === undefined && Date.now() < until); ) {
      const stage = await openStage(chosen, breakable ? { redisUrl: breakable.url } : {});
      try {
        for (
          let i = 0;
          i < seedsPerStage && (i === 0 || (seed === undefined && Date.now() < until));
          i++, next++
        ) {
          const random = seededRandom(next).fork("redis");
          const verdict = await playSeed(stage, next, chosen, {
            ...(breakable && {
              redisUrl: breakable.url,
              injectFaults: (platform) => injectRedisFaults(platform, random, breakable),
            }),
          });
          say(total.add(verdict));
          if (verdict.violations.length > 0) i = seedsPerStage;
        }
      } catch (error) {
        say(`seed ${next} did not finish`);
        throw error;
      } finally {
        await stage.close();
      }
    }
  } finally {
    await breakable?.stop();
  }
  say(total.text());
  return total.violations() === 0 && total.delivered() > 0 ? 0 : 1;
}

/** Sixteen replicas, which get requests for up to three seconds after SIGTERM. */
async function restart(): Promise<number> {
  const { RESTARTS, restartUnderLoad } = await import("../restarts/under-load.ts");
  const { answered, refused, lost, exitCodes, closedEarly } = await restartUnderLoad({
    ...RESTARTS,
    restarts: restarts ?? 1,
    onRestart: (done, losses) => say(`${done} of ${restarts} restarts: ${losses} requests lost`),
  });
  for (const one of new Set(lost)) say(`lost: ${one}`);
  if (closedEarly > 0)
    say(`${closedEarly} replicas closed while requests still came: the machine is too slow for this proof`);
  say(
    `${answered} requests answered, ${refused} refused, ${lost.length} lost; exit codes ${[...new Set(exitCodes)]}`,
  );
  return lost.length === 0 && exitCodes.every((code) => code === 0) ? 0 : 1;
}

const SEEDS_PER_BUG = 8;

async function huntBugs(): Promise<number> {
  const { SERVICES } = await import("../platform.ts");
  const { huntWithChaos } = await import("./bugs/hunt.ts");
  const { buildPlanted, PLANTED_BUGS } = await import("./bugs/planted-bugs.ts");
  await buildPlanted(SERVICES);
  let missed = 0;
  for (const [bug, { chaos }] of Object.entries(PLANTED_BUGS)) {
    if (!chaos) continue;
    const { caught, tries } = await huntWithChaos(bug, SEEDS_PER_BUG);
    if (!caught) missed++;
    say(`${bug}: ${caught ? `seed ${tries}: ${caught}` : `not found with ${tries} seeds`}`);
  }
  return missed === 0 ? 0 : 1;
}

const hasDatabases = Bun.env.TEST_MONGODB_URL && Bun.env.TEST_REDIS_URL;
const play = restarts ? restart : bugs ? huntBugs : prove;
process.exit(await (hasDatabases ? play() : withDatabases()));
