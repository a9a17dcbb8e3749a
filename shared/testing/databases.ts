// The databases of the tests: those that the environment names, as the test runner's does, else some that are started
// when the first test asks for them and end with `bun test`, wherever that runs.
import { existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface TestDatabases {
  TEST_MONGODB_URL: string;
  TEST_MONGODB_KIND: string;
  TEST_REDIS_URL: string;
  TEST_REDIS_KIND: string;
}

const STARTER = join(import.meta.dir, "../../tools/databases/for-tests.ts");

/** Waits without letting anything else run, so that tests can name their databases where they are described. */
function start(): TestDatabases {
  // The environment of one test file is not that of the next, so they are found by the number of this process.
  const file = join(tmpdir(), `test-databases-of-${process.pid}.json`);
  if (!existsSync(file)) Bun.spawnSync([process.execPath, STARTER, `${process.pid}`, file]);
  const { error = "it did not start in time", ...started } = existsSync(file)
    ? JSON.parse(readFileSync(file, "utf8"))
    : {};
  if (!started.TEST_MONGODB_URL) throw new Error(`There is no database for the tests: ${error}`);
  return started;
}

/** Throws when there are none and none can be started. */
export function testDatabases(): TestDatabases {
  if (!Bun.env.TEST_MONGODB_URL || !Bun.env.TEST_REDIS_URL) Object.assign(Bun.env, start());
  // The test runner gives each of its workers its own.
  const named = (name: string) => Bun.env[`${name}_${Bun.env.BUN_TEST_WORKER_ID}`] || Bun.env[name] || "";
  return {
    TEST_MONGODB_URL: named("TEST_MONGODB_URL"),
    TEST_MONGODB_KIND: named("TEST_MONGODB_KIND"),
    TEST_REDIS_URL: named("TEST_REDIS_URL"),
    TEST_REDIS_KIND: named("TEST_REDIS_KIND"),
  };
}
