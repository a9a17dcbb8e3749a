// Runs test files with one worker more than there are processors, because tests also wait. Each has databases of its own.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { type Databases, environmentOf, givenToTests, startDatabases } from "../databases/databases.ts";
import type { Arguments, Part } from "./arguments.ts";
import { timingsOf } from "./slow-files.ts";
import {
  addTo,
  complaintOf,
  describeTimes,
  emptyReport,
  readReport,
  reasonOf,
  type TestReport,
} from "./test-report.ts";

export interface TestRun {
  /** Runs a command in the root. */
  command: (words: string[]) => Promise<{ passed: boolean; reason: string }>;
  /** The files of a part, as paths from the root. */
  filesOf: (part: Part) => string[];
  /** Runs all files of a part. */
  tests: (part: Part) => Promise<TestReport>;
  /** Ends what runs, and the databases. */
  stop: () => Promise<void>;
}

export function say(line: string) {
  process.stdout.write(`${line}\n`);
}

/** Copies a stream to where this process writes, and returns the text. */
async function shown(stream: ReadableStream<Uint8Array>, to: NodeJS.WriteStream): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of stream) {
    to.write(bytes);
    text += decoder.decode(bytes, { stream: true });
  }
  return text;
}

/** What measures the machine has it for itself. */
const ALONE = ["e2e/overload.e2e.test.ts"];
/** Containers have databases of their own. */
const WITHOUT_DATABASES: Part[] = ["unit", "containers"];
const WORKERS = Math.min(availableParallelism() + 1, 4);

function partOf(file: string): Part {
  if (file.endsWith(".integration.test.ts")) return "integration";
  if (file.endsWith(".containers.test.ts")) return "containers";
  return file.endsWith(".e2e.test.ts") ? "e2e" : "unit";
}

export function openRun({ root, but, only, preference }: Arguments): TestRun {
  const folder = mkdtempSync(join(tmpdir(), "tests-"));
  const running = new Set<Bun.Subprocess>();
  let databases: Promise<Databases[]> | undefined;
  let reports = 0;

  /** Shows the output, and also returns it. */
  async function command(words: string[], env: Record<string, string> = {}) {
    const child = Bun.spawn(words, {
      cwd: root,
      stdio: ["inherit", "pipe", "pipe"],
      env: { ...process.env, ...env },
    });
    running.add(child);
    const [output, complaint, exitCode] = await Promise.all([
      shown(child.stdout, process.stdout),
      shown(child.stderr, process.stderr),
      child.exited.finally(() => running.delete(child)),
    ]);
    const cpuSeconds = Number(child.resourceUsage()?.cpuTime.total ?? 0) / 1e6;
    return { exitCode, output: output + complaint, cpuSeconds };
  }

  function filesOf(part: Part): string[] {
    const files = [...new Bun.Glob("**/*.test.ts").scanSync({ cwd: root })];
    const isIn = (file: string, path: string) => file === path || file.startsWith(`${path}/`);
    const isOurs = (file: string) =>
      !/(^|\/)(node_modules|dist)\//.test(file) &&
      !(but && isIn(file, but)) &&
      (only.length === 0 || only.some((path) => isIn(file, path)));
    return files.filter((file) => isOurs(file) && partOf(file) === part).sort();
  }

  function start(): Promise<Databases[]> {
    const given = givenToTests();
    const isGiven = given.mongoUrl !== undefined || given.redisUrl !== undefined;
    return Promise.all(
      Array.from({ length: isGiven ? 1 : WORKERS }, (_, i) =>
        startDatabases({
          ...given,
          dataDir: join(folder, `databases-${i + 1}`),
          prefer: preference ?? (process.env.DATABASES ? undefined : "container"),
        }),
      ),
    );
  }

  /** The databases of worker 2 have names that end in _2, and so on. */
  async function databaseEnvironment(): Promise<Record<string, string>> {
    if (!databases) {
      databases = start();
      const [{ mongo, redis }] = (await databases) as [Databases];
      say(`\n== databases\nMongoDB: ${mongo.kind}, ${mongo.detail}\nRedis:   ${redis.kind}, ${redis.detail}`);
    }
    const env: Record<string, string> = {};
    for (const [i, one] of (await databases).entries())
      for (const [name, value] of Object.entries(environmentOf(one)))
        env[i === 0 ? name : `${name}_${i + 1}`] = value;
    return env;
  }

  async function runFiles(part: Part, files: string[], workers: number): Promise<TestReport> {
    const env = WITHOUT_DATABASES.includes(part) ? {} : await databaseEnvironment();
    const outfile = join(folder, `${++reports}.xml`);
    const timings = join(folder, `${reports}.json`);
    writeFileSync(timings, timingsOf(files));
    const startedAt = performance.now();
    const { exitCode, output, cpuSeconds } = await command(
      [
        // The files of a worker share loaded modules, as those of a plain `bun test` do: loading takes half of the work.
        ...[process.execPath, "test", ...(workers > 1 ? [`--parallel=${workers}`, "--no-isolate"] : [])],
        `--timings=${timings}`,
        ...files.map((file) => `./${file}`),
        // What runs concurrently inside a file has whole platforms to run.
        ...["--max-concurrency", "3", "--timeout", "180000"],
        ...["--reporter=junit", `--reporter-outfile=${outfile}`],
      ],
      env,
    );
    const report = await readReport(outfile);
    say(`${part} ${describeTimes(report.files, (performance.now() - startedAt) / 1000, cpuSeconds)}`);
    for (const name of files.filter((file) => !report.files.has(file)))
      report.failed.push({ name, reason: complaintOf(name, output) ?? "no test of this file ran" });
    if (exitCode !== 0 && report.failed.length === 0)
      report.failed.push({
        name: part,
        reason: `bun test ended with exit code ${exitCode} without naming a failed test`,
      });
    return report;
  }

  return {
    async command(words) {
      const { exitCode, output } = await command(words);
      return { passed: exitCode === 0, reason: reasonOf(output) };
    },
    filesOf,
    async tests(part) {
      const files = filesOf(part);
      say(`\n== ${part}: ${files.length} files`);
      const total = emptyReport();
      const isAlone = (file: string) => part === "containers" || ALONE.includes(file);
      const alone = files.filter(isAlone);
      const together = files.filter((file) => !isAlone(file));
      for (const [some, workers] of [
        [together, WORKERS],
        [alone, 1],
      ] as const) {
        if (some.length === 0) continue;
        addTo(total, await runFiles(part, some, workers));
      }
      return total;
    },
    async stop() {
      for (const child of running) child.kill();
      await Promise.all([...running].map(({ exited }) => exited));
      const started = await databases?.catch(() => []);
      await Promise.all((started ?? []).map((one) => one.stop()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Ends the run when this process is told to end. */
export function stopOnSignal(run: TestRun, also: () => void = () => undefined) {
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.on(signal, async () => {
      also();
      await run.stop();
      process.exit(130);
    });
}
