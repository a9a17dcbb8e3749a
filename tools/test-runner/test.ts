// bun tools/test-runner/test.ts [check] [unit] [integration] [e2e] [--db=container|server|emulator] [--root=FOLDER] [--but=FOLDER]
// Runs the named parts, all without a name, but for the tests in a folder, and ends with one line: N passed, N failed.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Databases, givenToTests, startDatabases } from "../databases/databases.ts";
import { oneLine } from "../failure.ts";
import { readReport, type TestReport } from "./test-report.ts";

const parts = ["check", "unit", "integration", "e2e"] as const;
type Part = (typeof parts)[number];
const preferences = ["container", "server", "emulator"] as const;
type Preference = (typeof preferences)[number];

const checks = [
  { name: "types", command: ["bunx", "tsc", "-p", "."] },
  { name: "lint and format", command: ["bunx", "biome", "check", "--error-on-warnings", "."] },
];

type Arguments = { chosen: readonly Part[]; preference: Preference | undefined; root: string; but?: string };

function parseArguments(words: string[]): Arguments {
  const named = words.filter((word): word is Part => (parts as readonly string[]).includes(word));
  const preference = preferences.find((name) => words.includes(`--db=${name}`));
  const root = words.find((word) => word.startsWith("--root="))?.slice("--root=".length);
  const but = words.find((word) => word.startsWith("--but="))?.slice("--but=".length);
  const known = [...named, `--db=${preference}`, `--root=${root}`, `--but=${but}`];
  const unknown = words.find((word) => !known.includes(word));
  if (unknown !== undefined) {
    say(
      `Unknown: ${unknown}. Known: ${parts.join(" ")} --db=${preferences.join("|")} --root=FOLDER --but=FOLDER`,
    );
    process.exit(2);
  }
  return {
    chosen: named.length > 0 ? parts.filter((part) => named.includes(part)) : parts,
    preference,
    ...(but && { but }),
    root: resolve(root ?? join(import.meta.dir, "../..")),
  };
}

const { chosen, preference, root, but } = parseArguments(process.argv.slice(2));
const total: TestReport = { passed: 0, failed: 0, skipped: [] };
const folder = mkdtempSync(join(tmpdir(), "tests-"));
const running = new Set<Bun.Subprocess>();
const databases: Promise<Databases>[] = [];

function say(line: string) {
  process.stdout.write(`${line}\n`);
}

/** A quiet command's output is shown when it has ended, in one piece. */
async function run(command: string[], env: Record<string, string> = {}, quiet = false): Promise<number> {
  const output = quiet ? "pipe" : "inherit";
  const child = Bun.spawn(command, {
    cwd: root,
    stdio: ["inherit", output, output],
    env: { ...process.env, ...env },
  });
  running.add(child);
  const said = [child.stdout, child.stderr].map((stream) => (stream ? new Response(stream).text() : ""));
  const exitCode = await child.exited;
  running.delete(child);
  for (const text of await Promise.all(said)) process.stdout.write(text);
  return exitCode;
}

async function runCheck(name: string, command: string[]): Promise<boolean> {
  say(`\n== ${name}`);
  const passed = (await run(command)) === 0;
  if (passed) total.passed += 1;
  else total.failed += 1;
  say(passed ? `${name}: passed` : `${name}: failed`);
  return passed;
}

function partOf(file: string): Part {
  if (file.endsWith(".integration.test.ts")) return "integration";
  return file.endsWith(".e2e.test.ts") ? "e2e" : "unit";
}

function testFiles(part: Part): string[] {
  const files = [...new Bun.Glob("**/*.test.ts").scanSync({ cwd: root })];
  const isOurs = (file: string) =>
    !/(^|\/)(node_modules|dist)\//.test(file) && !(but && file.startsWith(`${but}/`));
  return files.filter((file) => isOurs(file) && partOf(file) === part).sort();
}

/** Tests wait more than they work: the files are shared by as many runs as there are environments, at the same time. */
async function runTests(part: Part, environments: Record<string, string>[]) {
  const files = testFiles(part);
  say(`\n== ${part}: ${files.length} files`);
  const lanes = environments.map((env, lane) => ({
    env,
    lane,
    files: files.filter((_, i) => i % environments.length === lane),
  }));
  await Promise.all(lanes.filter((one) => one.files.length > 0).map((one) => runLane(part, one)));
}

async function runLane(
  part: Part,
  { lane, env, files }: { lane: number; env: Record<string, string>; files: string[] },
) {
  const outfile = join(folder, `${part}-${lane}.xml`);
  const exitCode = await run(
    [
      ...[process.execPath, "test", "--isolate", ...files.map((file) => `./${file}`)],
      // What runs concurrently inside a file has whole platforms to run.
      ...["--max-concurrency", "3"],
      ...["--timeout", "60000", "--reporter=junit", `--reporter-outfile=${outfile}`],
    ],
    env,
    lane > 0,
  );
  const report = await readReport(outfile);
  total.passed += report.passed;
  total.failed += report.failed;
  total.skipped.push(...report.skipped);
  if (exitCode !== 0 && report.failed === 0) {
    say(`${part}: bun test ended with exit code ${exitCode} without reporting a failed test`);
    total.failed += 1;
  }
}

/** Each run has databases of its own, unless there are some already. */
async function databaseEnvironment(lane: number): Promise<Record<string, string>> {
  databases[lane] ??= startDatabases({
    ...givenToTests(),
    dataDir: join(folder, `databases-${lane}`),
    prefer: preference ?? (process.env.DATABASES ? undefined : "container"),
  });
  const { mongo, redis } = await databases[lane];
  say(`\n== databases\nMongoDB: ${mongo.kind}, ${mongo.detail}\nRedis:   ${redis.kind}, ${redis.detail}`);
  return {
    TEST_MONGODB_URL: mongo.url,
    TEST_MONGODB_KIND: mongo.kind,
    TEST_REDIS_URL: redis.url,
    TEST_REDIS_KIND: redis.kind,
  };
}
const areGiven = Boolean(process.env.TEST_MONGODB_URL || process.env.TEST_REDIS_URL);

async function runPart(part: Part) {
  if (part === "check") for (const { name, command } of checks) await runCheck(name, command);
  if (part === "unit") await runTests("unit", [{}, {}]);
  if (part === "integration" && testFiles("integration").length > 0) {
    const lanes = areGiven ? [0] : [0, 1];
    await runTests("integration", await Promise.all(lanes.map(databaseEnvironment)));
  }
  if (part === "e2e" && testFiles("e2e").length > 0) {
    const built = await runCheck("build", [process.execPath, "tools/build.ts"]);
    if (built) await runTests("e2e", [await databaseEnvironment(0)]);
  }
}

async function cleanUp() {
  for (const child of running) child.kill();
  await Promise.all([...running].map(({ exited }) => exited));
  const started = await Promise.allSettled(databases);
  await Promise.all(started.map((one) => one.status === "fulfilled" && one.value.stop()));
  rmSync(folder, { recursive: true, force: true });
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, async () => {
    await cleanUp();
    process.exit(130);
  });
}

for (const part of chosen) {
  try {
    await runPart(part);
  } catch (error) {
    say(`${part}: ${oneLine(error)}`);
    total.failed += 1;
  }
}
await cleanUp();

say("");
for (const name of total.skipped) say(`skipped: ${name}`);
if (total.passed + total.failed === 0) say("No test ran.");
const skips = total.skipped.length > 0 ? `, ${total.skipped.length} skipped` : "";
say(`${total.passed} passed, ${total.failed} failed${skips}`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
