// bun tools/databases/for-tests.ts PID FILE: starts databases for one run of `bun test`, until the process with that id
// ends. Returns when FILE has their environment, or the reason of a failure under "error".
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { oneLine } from "../failure.ts";
import { environmentOf, givenToTests, startDatabases } from "./databases.ts";

const [pid = "", file = "", keep] = process.argv.slice(2);
const LOOK_EVERY_MS = 200;
const START_WITHIN_MS = 120_000;

function isRunning(): boolean {
  try {
    return process.kill(Number(pid), 0);
  } catch {
    return false;
  }
}

function write(answer: object) {
  writeFileSync(`${file}.part`, JSON.stringify(answer));
  renameSync(`${file}.part`, file);
}

async function keepDatabases() {
  const dataDir = mkdtempSync(join(tmpdir(), "test-databases-"));
  const starting = startDatabases({
    ...givenToTests(),
    dataDir,
    prefer: process.env.DATABASES ? undefined : "container",
  });
  const databases = await starting.catch((error: unknown) => write({ error: oneLine(error) }));
  if (databases) write(environmentOf(databases));
  while (isRunning()) await Bun.sleep(LOOK_EVERY_MS);
  await databases?.stop();
  rmSync(file, { force: true });
  rmSync(dataDir, { recursive: true, force: true });
}

/** Starts a detached process: `bun test` ends the child processes of a test file when that file is done. */
async function startKeeper() {
  spawn(process.execPath, [import.meta.path, pid, file, "keep"], { detached: true, stdio: "ignore" }).unref();
  for (const until = Date.now() + START_WITHIN_MS; !existsSync(file) && Date.now() < until; )
    await Bun.sleep(10);
}

await (keep ? keepDatabases() : startKeeper());
process.exit(0);
