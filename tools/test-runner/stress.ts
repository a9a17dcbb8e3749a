// bun run test:stress [unit] [integration] [e2e] [--times=N] [--db=…] [--root=FOLDER] [--but=FOLDER]: runs the tests N times,
// 10 unless said otherwise, while something else keeps every processor busy, and says which of them failed how often.
// Without a name it runs the unit and integration tests.
import { availableParallelism } from "node:os";
import { orExit } from "../command-line.ts";
import { type Part, readArguments } from "./arguments.ts";
import { openRun, say, stopOnSignal } from "./test-run.ts";

const PARTS: Part[] = ["unit", "integration", "e2e"];
const words = process.argv.slice(2);
const given = orExit(() => readArguments(words, PARTS, true));
const { times } = given;
const isNamed = PARTS.some((part) => words.includes(part));
const parts = isNamed ? given.parts : given.parts.filter((part) => part !== "e2e");

// Ends with this process, however that ends.
const SPIN =
  "process.stdin.on('close', () => process.exit()).resume(); for (;;) await new Promise(setImmediate);";
const spinners = Array.from({ length: availableParallelism() }, () =>
  Bun.spawn([process.execPath, "-e", SPIN], { stdio: ["pipe", "ignore", "ignore"] }),
);
const rest = () => {
  for (const spinner of spinners) spinner.kill();
};

const run = openRun(given);
stopOnSignal(run, rest);
/** The reasons of each test that failed. */
const failures = new Map<string, string[]>();
let passed = 0;
try {
  if (parts.includes("e2e") && !(await run.command([process.execPath, "tools/build.ts"])).passed)
    process.exit(1);
  for (let round = 1; round <= times; round++) {
    say(`\n==== ${round} of ${times}, ${spinners.length} processors kept busy`);
    for (const part of parts) {
      if (run.filesOf(part).length === 0) continue;
      const report = await run.tests(part);
      passed += report.passed;
      for (const { name, reason } of report.failed)
        failures.set(name, [...(failures.get(name) ?? []), reason]);
    }
  }
} finally {
  rest();
  await run.stop();
}

say("");
for (const [name, reasons] of [...failures].sort(([, a], [, b]) => b.length - a.length)) {
  say(`failed ${reasons.length} of ${times}: ${name}`);
  for (const reason of new Set(reasons)) say(reason.replace(/^/gm, "    "));
}
if (passed + failures.size === 0) say("No test ran.");
say(`${passed} passed, ${[...failures.values()].flat().length} failed`);
process.exit(failures.size > 0 || passed === 0 ? 1 : 0);
