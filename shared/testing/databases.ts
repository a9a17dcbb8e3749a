// The databases of the tests: those named in the environment, which the test runner sets. Otherwise the first test that
// needs databases starts them, and they stop with `bun test`.
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

/** Blocks, so that `describe` blocks can use the URLs. */
function start(): TestDatabases {
  // Test files do not share an environment, so the process id identifies the databases.
  const file = join(tmpdir(), `test-databases-of-${process.pid}.json`);
  if (!existsSync(file)) Bun.spawnSync([process.execPath, STARTER, `${process.pid}`, file]);
  const { error = "it did not start in time", ...started } = existsSync(file)
    ? JSON.parse(readFileSync(file, "utf8"))
    : {};
  if (!started.TEST_MONGODB_URL) throw new Error(`Starting databases for the tests failed: ${error}`);
  return started;
}

/** Throws when no database can be started. */
export function testDatabases(): TestDatabases {
  if (!Bun.env.TEST_MONGODB_URL || !Bun.env.TEST_REDIS_URL) Object.assign(Bun.env, start());
  // Each worker of the test runner has its own.
  const named = (name: string) => Bun.env[`${name}_${Bun.env.BUN_TEST_WORKER_ID}`] || Bun.env[name] || "";
  return {
    TEST_MONGODB_URL: named("TEST_MONGODB_URL"),
    TEST_MONGODB_KIND: named("TEST_MONGODB_KIND"),
    TEST_REDIS_URL: named("TEST_REDIS_URL"),
    TEST_REDIS_KIND: named("TEST_REDIS_KIND"),
  };
}
