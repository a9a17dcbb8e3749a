// bun tools/test-runner/test.ts [check] [unit] [integration] [e2e] [containers] [--db=container|server|emulator|real|cluster] [--root=FOLDER]
// [--but=FOLDER] [--only=PATH,…]: runs the named parts, all without a name; without the tests in a folder, or those in some alone.
// Ends with what failed and why, and one last line:
// N passed, N failed.
import { orExit } from "../command-line.ts";
import { oneLine } from "../failure.ts";
import { PARTS, type Part, readArguments } from "./arguments.ts";
import { addTo, describeReport, emptyReport } from "./test-report.ts";
import { openRun, say, stopOnSignal } from "./test-run.ts";

const given = orExit(() => readArguments(process.argv.slice(2), PARTS));
const run = openRun(given);
const total = emptyReport();
stopOnSignal(run);

async function check(name: string, command: string[]): Promise<boolean> {
  say(`\n== ${name}`);
  const { passed, reason } = await run.command(command);
  if (passed) total.passed += 1;
  else total.failed.push({ name, reason });
  say(passed ? `${name}: passed` : `${name}: failed`);
  return passed;
}

async function runPart(part: Part) {
  if (part === "check") {
    await Promise.all([
      // Each checker resolves the types that many files share anew: four, the default, need twice the CPU time of two.
      check("types", ["bunx", "tsc", "-p", ".", "--checkers", "2"]),
      check("types of the pages", ["bunx", "tsc", "-p", "web"]),
      check("lint and format", ["bunx", "biome", "check", "--error-on-warnings", "."]),
    ]);
  } else if (run.filesOf(part).length > 0) {
    if (part === "e2e" && !(await check("build", [process.execPath, "tools/build.ts"]))) return;
    addTo(total, await run.tests(part));
  }
}

for (const part of given.parts) {
  try {
    await runPart(part);
  } catch (error) {
    total.failed.push({ name: part, reason: oneLine(error) });
  }
}
await run.stop();

say(describeReport(total));
process.exit(total.failed.length > 0 || total.passed === 0 ? 1 : 0);
