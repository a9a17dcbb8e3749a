// bun run prove [--minutes N] [--seed S] [--size small|large] [--db server|emulator] [--bugs]: plays seed after seed, does
// to the platform what may happen to it, checks the books after each, and says what was done and what came of it.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type DatabaseOptions, givenToTests, startDatabases } from "../../tools/databases/databases.ts";

const USAGE = `bun run prove [--minutes N] [--seed S] [--size small|large] [--db server|emulator] [--bugs]
  --minutes  how long, 1 unless said otherwise; a seed that has begun is finished
  --seed     plays this seed alone; without it, seeds from a number drawn now on
  --size     small: 6 couriers, 4 s of trouble a seed; large: 50 couriers, 500 orders, 20 s of trouble
  --bugs     instead, looks in the same way for bugs that are put in on purpose: each must be found
`;

function say(line: string) {
  process.stdout.write(`${line}\n`);
}

function readArguments() {
  const number = (value: string | undefined, least: number) => {
    if (value === undefined) return undefined;
    const read = Number(value);
    if (!Number.isFinite(read) || read < least) throw new Error(`${value} is not a number from ${least} on`);
    return read;
  };
  const { values } = parseArgs({
    options: {
      minutes: { type: "string" },
      seed: { type: "string" },
      size: { type: "string", default: "small" },
      db: { type: "string" },
      bugs: { type: "boolean", default: false },
    },
  });
  const { size, db, bugs } = values;
  if (size !== "small" && size !== "large") throw new Error(`There is no size ${size}`);
  if (db !== undefined && db !== "server" && db !== "emulator") throw new Error(`There is no database ${db}`);
  const prefer: DatabaseOptions["prefer"] = db;
  return {
    minutes: number(values.minutes, 0) ?? 1,
    seed: number(values.seed ?? Bun.env.SEED, 0),
    size,
    prefer,
    bugs,
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

const { minutes, seed, size, prefer, bugs } = argumentsOrExit();

/** Runs this again with databases to play on. */
async function withDatabases(): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "prove-"));
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
  const built = await Bun.spawn([process.execPath, "tools/build.ts"], inherit).exited;
  const env = {
    ...process.env,
    TEST_MONGODB_URL: databases.mongo.url,
    TEST_REDIS_URL: databases.redis.url,
  };
  const proving = Bun.spawn([process.execPath, ...Bun.argv.slice(1)], { ...inherit, env });
  process.on("SIGINT", () => proving.kill("SIGINT"));
  const exitCode = built || (await proving.exited);
  await databases.stop();
  rmSync(folder, { recursive: true, force: true });
  return exitCode;
}

async function prove(): Promise<number> {
  // Only now, when the databases are known.
  const { LARGE, openStage, playSeed, SMALL } = await import("./run.ts");
  const { summary } = await import("./report.ts");
  const chosen = size === "large" ? LARGE : SMALL;
  const seedsAStage = 20;
  const until = Date.now() + minutes * 60_000;
  const first = seed ?? Math.floor(Math.random() * 1_000_000_000);
  const total = summary();
  for (let next = first; total.seeds() === 0 || (seed === undefined && Date.now() < until); ) {
    const stage = await openStage(chosen);
    try {
      for (
        let i = 0;
        i < seedsAStage && (i === 0 || (seed === undefined && Date.now() < until));
        i++, next++
      ) {
        const verdict = await playSeed(stage, next, chosen);
        say(total.add(verdict));
        if (verdict.violations.length > 0) i = seedsAStage;
      }
    } catch (error) {
      say(`seed ${next} could not be played to its end`);
      throw error;
    } finally {
      await stage.close();
    }
  }
  say(total.text());
  return total.violations() === 0 && total.delivered() > 0 ? 0 : 1;
}

const SEEDS_A_BUG = 8;

async function huntBugs(): Promise<number> {
  const { SERVICES } = await import("../platform.ts");
  const { huntWithChaos } = await import("./bugs/hunt.ts");
  const { buildPlanted, PLANTED_BUGS } = await import("./bugs/planted-bugs.ts");
  await buildPlanted(SERVICES);
  let missed = 0;
  for (const [bug, { chaos }] of Object.entries(PLANTED_BUGS)) {
    if (!chaos) continue;
    const { caught, tries } = await huntWithChaos(bug, SEEDS_A_BUG);
    if (!caught) missed++;
    say(`${bug}: ${caught ? `seed ${tries}: ${caught}` : `not found with ${tries} seeds`}`);
  }
  return missed === 0 ? 0 : 1;
}

const hasDatabases = Bun.env.TEST_MONGODB_URL && Bun.env.TEST_REDIS_URL;
process.exit(await (hasDatabases ? (bugs ? huntBugs() : prove()) : withDatabases()));
