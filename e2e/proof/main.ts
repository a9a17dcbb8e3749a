// bun run prove [--minutes N] [--seed S] [--size small|large] [--db server|emulator] [--bugs] [--crashes]: plays one
// seed after the other with random load and fault injection, checks the invariants after each, and prints the results.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type DatabaseOptions, givenToTests, startDatabases } from "../../tools/databases/databases.ts";

const USAGE = `bun run prove [--minutes N] [--seed S] [--size small|large] [--db server|emulator] [--bugs] [--crashes]
  --minutes  how long, 1 by default; a seed that has started is finished
  --seed     plays only this seed; by default, seeds from a random number on
  --size     small: 6 couriers, 4 s of faults a seed; large: 50 couriers, 500 orders, 20 s of faults
  --bugs     instead searches for planted bugs; each must be found
  --crashes  instead kills processes right before and right after each kind of write
`;

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
      bugs: { type: "boolean", default: false },
      crashes: { type: "boolean", default: false },
    },
  });
  const { size, db, bugs, crashes } = values;
  if (size !== "small" && size !== "large") throw new Error(`There is no size ${size}`);
  if (db !== undefined && db !== "server" && db !== "emulator") throw new Error(`There is no database ${db}`);
  const prefer: DatabaseOptions["prefer"] = db;
  return {
    minutes: number(values.minutes, 0) ?? 1,
    seed: number(values.seed ?? Bun.env.SEED, 0),
    size,
    prefer,
    bugs,
    crashes,
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

const { minutes, seed, size, prefer, bugs, crashes } = argumentsOrExit();

/** Starts databases, and runs this script again with them. */
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
  // Imported here, because it reads the URLs of the databases.
  const { LARGE, openStage, playSeed, SMALL } = await import("./run.ts");
  const { summary } = await import("./report.ts");
  const chosen = size === "large" ? LARGE : SMALL;
  const seedsPerStage = 20;
  const until = Date.now() + minutes * 60_000;
  const first = seed ?? Math.floor(Math.random() * 1_000_000_000);
  const total = summary();
  for (let next = first; total.seeds() === 0 || (seed === undefined && Date.now() < until); ) {
    const stage = await openStage(chosen);
    try {
      for (
        let i = 0;
        i < seedsPerStage && (i === 0 || (seed === undefined && Date.now() < until));
        i++, next++
      ) {
        const verdict = await playSeed(stage, next, chosen);
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
  say(total.text());
  return total.violations() === 0 && total.delivered() > 0 ? 0 : 1;
}

/** Ends with a line like that of the tests. */
async function crash(): Promise<number> {
  const { openStage, SMALL } = await import("./run.ts");
  const { describeVerdict } = await import("./report.ts");
  const { playCrashes } = await import("./play-crashes.ts");
  const stage = await openStage(SMALL);
  try {
    const { verdict, seen, missing } = await playCrashes(stage, SMALL, "all");
    say(describeVerdict(verdict));
    for (const step of seen) say(`  ${step}`);
    const wrong = [...missing.map((step) => `no process died at ${step}`), ...verdict.violations];
    for (const one of wrong) say(`failed: ${one}`);
    say(wrong.length === 0 ? "1 passed, 0 failed" : "0 passed, 1 failed");
    return wrong.length === 0 ? 0 : 1;
  } finally {
    await stage.close();
  }
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
const play = bugs ? huntBugs : crashes ? crash : prove;
process.exit(await (hasDatabases ? play() : withDatabases()));
