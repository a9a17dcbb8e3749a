// bun tools/test-runner/test.ts [check] [unit] [integration] [e2e] [--db=container|server|emulator|real] [--root=FOLDER] [--but=FOLDER]
// Runs the named parts, all without a name, but for the tests in a folder, and ends with one line: N passed, N failed.
import { orExit } from "../command-line.ts";
import { oneLine } from "../failure.ts";
import { PARTS, type Part, readArguments } from "./arguments.ts";
import { addTo, emptyReport } from "./test-report.ts";
import { openRun, say, stopOnSignal } from "./test-run.ts";

const given = orExit(() => readArguments(process.argv.slice(2), PARTS));
const run = openRun(given);
const total = emptyReport();
stopOnSignal(run);

async function check(name: string, command: string[]): Promise<boolean> {
  say(`\n== ${name}`);
  const passed = await run.command(command);
  if (passed) total.passed += 1;
  else total.failed.push(name);
  say(passed ? `${name}: passed` : `${name}: failed`);
  return passed;
}

async function runPart(part: Part) {
  if (part === "check") {
    await Promise.all([
      check("types", ["bunx", "tsc", "-p", "."]),
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
    total.failed.push(`${part}: ${oneLine(error)}`);
  }
}
await run.stop();

say("");
for (const name of total.skipped) say(`skipped: ${name}`);
for (const name of total.failed) say(`failed: ${name}`);
const failed = total.failed.length;
if (total.passed + failed === 0) say("No test ran.");
const skips = total.skipped.length > 0 ? `, ${total.skipped.length} skipped` : "";
say(`${total.passed} passed, ${failed} failed${skips}`);
process.exit(failed > 0 || total.passed === 0 ? 1 : 0);
