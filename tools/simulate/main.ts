// bun run simulate <folder>: plays a recorded day of meal delivery in virtual time with the planner.
import { InstanceError, readInstance } from "../day/instance.ts";
import { timeOfDay } from "../replay/clock.ts";
import { progressLine } from "../replay/progress.ts";
import { rowsOfDay } from "../replay/report.ts";
import { readArguments, type SimulateArguments, USAGE, UsageError } from "./arguments.ts";
import { playDay } from "./play.ts";
import { writeSolution } from "./solution.ts";

function exitWith(code: number, line: string): never {
  process.stderr.write(`${line}\n`);
  process.exit(code);
}

function argumentsOrExit(): SimulateArguments {
  try {
    const read = readArguments(Bun.argv.slice(2));
    if (read !== "help") return read;
    process.stdout.write(USAGE);
    process.exit(0);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    exitWith(2, `${error.message}\n${USAGE.trimEnd()}`);
  }
}

const { folder, outFolder, ...options } = argumentsOrExit();
const instance = await readInstance(folder).catch((error: unknown) => {
  if (error instanceof InstanceError) exitWith(1, error.message);
  throw error;
});

const line = progressLine(process.stdout);
const day = playDay(instance, {
  ...options,
  onMinute(minute, { orders }) {
    const count = (state: "placedMinute" | "assignedMinute") =>
      orders.filter((record) => record[state] !== undefined).length;
    const placed = count("placedMinute");
    line.show(`${timeOfDay(minute)}  placed ${placed}/${orders.length}  assigned ${count("assignedMinute")}`);
  },
});
line.end();
process.stdout.write(`${rowsOfDay(day.book, day.endMinute).join("\n")}\n`);
if (outFolder !== undefined)
  await writeSolution(outFolder, day).catch((error: unknown) =>
    exitWith(1, `--out ${outFolder} cannot be written: ${error instanceof Error ? error.message : error}`),
  );
