// Each tool names a wrong command line in one line and exits with 2, before it starts anything.
import { expect, test } from "bun:test";
import { join } from "node:path";

test.each([
  ["bench/main.ts", "menus", "No benchmark menus: the benchmarks are "],
  ["bench/fan-out.ts", "--follower=1", "Unknown option '--follower': the flags are --followers"],
  ["bench/memory.ts", "orders", "No service orders: the services are "],
  ["bench/menu.ts", "--second=1", "Unknown option '--second': the flags are --seconds, --rounds"],
  ["bench/overload.ts", "--seconds=two", '--seconds expects a number, not "two"'],
  ["bench/start-up.ts", "--starts", "Option '--starts <value>' argument missing"],
  ["bench/streams.ts", "10", "Unexpected argument '10'"],
  ["e2e/play-journey.ts", "--fast", "Unknown option '--fast': there are no flags"],
  ["k8s/kind.ts", "--kep", "Unknown option '--kep': the flags are --keep"],
  ["tools/environment-tables.ts", "docs", "Unexpected argument 'docs'"],
])("%s %s", (tool, word, message) => {
  const { exitCode, stdout, stderr } = Bun.spawnSync([
    ...[process.execPath, join(import.meta.dir, "..", tool), word],
  ]);
  expect([exitCode, stdout.toString()]).toEqual([2, ""]);
  expect(stderr.toString()).toStartWith(message);
  expect(stderr.toString().trimEnd().split("\n")).toHaveLength(1);
});
