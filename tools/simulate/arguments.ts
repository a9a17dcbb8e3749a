import { parseArgs } from "node:util";

export const USAGE =
  "usage: bun run simulate <folder> [--policy batch|nearest] [--capacity N] [--ready-noise SD] [--seed S]\n" +
  "                        [--history N] [--no-learning] [--out DIR]\n" +
  "  plays a day in virtual time with the planner of the order service. --capacity: orders that a courier carries at\n" +
  "  once. --ready-noise: error of the kitchens' promises in minutes (standard deviation). --seed: seed of that noise.\n" +
  "  --history: orders of each kitchen before the day, to learn its habit. --no-learning: plan without habits.\n" +
  "  --out: folder for the three files that the evaluator of grubhub/mdrplib reads\n";

export interface SimulateArguments {
  folder: string;
  policy: "batch" | "nearest";
  capacity: number;
  noiseSd: number;
  seed: number;
  history: number;
  learning: boolean;
  outFolder?: string;
}

/** The message says in one line what is wrong with the command line. */
export class UsageError extends Error {}

const OPTIONS = {
  policy: { type: "string", default: "batch" },
  capacity: { type: "string", default: "3" },
  "ready-noise": { type: "string", default: "0" },
  seed: { type: "string", default: "1" },
  history: { type: "string", default: "10" },
  "no-learning": { type: "boolean", default: false },
  out: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

function numberOf(flag: string, text: string, pattern: RegExp, expected: string): number {
  if (!pattern.test(text)) throw new UsageError(`--${flag} expects ${expected}, not ${JSON.stringify(text)}`);
  return Number(text);
}

function parsed(argv: string[]) {
  try {
    return parseArgs({ args: argv, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error));
  }
}

/** Returns "help" for --help. Throws UsageError. */
export function readArguments(argv: string[]): SimulateArguments | "help" {
  const { values, positionals } = parsed(argv);
  if (values.help) return "help";
  const [folder, ...more] = positionals;
  if (!folder || more.length > 0) throw new UsageError("expected one folder with an instance");
  const { policy } = values;
  if (policy !== "batch" && policy !== "nearest")
    throw new UsageError(`--policy expects batch or nearest, not ${JSON.stringify(policy)}`);
  return {
    folder,
    policy,
    capacity: numberOf("capacity", values.capacity, /^[1-9][0-9]?$/, "a whole number from 1 to 99"),
    noiseSd: numberOf("ready-noise", values["ready-noise"], /^[0-9]+(\.[0-9]+)?$/, "a number of minutes"),
    seed: numberOf("seed", values.seed, /^[0-9]{1,9}$/, "a whole number"),
    history: numberOf("history", values.history, /^[0-9]{1,3}$/, "a whole number up to 999"),
    learning: !values["no-learning"],
    ...(values.out !== undefined && { outFolder: values.out }),
  };
}
