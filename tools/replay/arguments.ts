import { parseArgs } from "node:util";

export const USAGE =
  "usage: bun run replay <folder> [--speed 60] [--from MINUTE] [--to MINUTE]\n" +
  "                      [--ready-noise SD] [--seed S] [--out FILE]\n" +
  "  plays a recorded day on the running platform. --speed: minutes of the day in a real minute. --from and --to:\n" +
  "  play only orders placed in this range of the day's minutes. --ready-noise: error of the kitchens' promises in\n" +
  "  minutes (standard deviation). --seed: seed of that noise. --out: file for one line per order\n";

export interface ReplayArguments {
  folder: string;
  speed: number;
  fromMinute: number;
  toMinute: number;
  noiseSd: number;
  seed: number;
  outFile?: string;
}

/** The message says in one line what is wrong with the command line. */
export class UsageError extends Error {}

const OPTIONS = {
  speed: { type: "string", default: "60" },
  from: { type: "string" },
  to: { type: "string" },
  "ready-noise": { type: "string" },
  seed: { type: "string" },
  out: { type: "string" },
  help: { type: "boolean", short: "h", default: false },
} as const;

function numberOf(flag: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  if (!/^[0-9]+(\.[0-9]+)?$/.test(text))
    throw new UsageError(`--${flag} expects a number, not ${JSON.stringify(text)}`);
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
export function readArguments(argv: string[]): ReplayArguments | "help" {
  const { values, positionals } = parsed(argv);
  if (values.help) return "help";
  const [folder, ...more] = positionals;
  if (!folder || more.length > 0) throw new UsageError("expected one folder with an instance");
  const speed = numberOf("speed", values.speed, 60);
  if (speed <= 0) throw new UsageError("--speed expects more than 0");
  const fromMinute = numberOf("from", values.from, 0);
  const toMinute = numberOf("to", values.to, Number.POSITIVE_INFINITY);
  if (toMinute <= fromMinute) throw new UsageError("--to expects a later minute than --from");
  const noiseSd = numberOf("ready-noise", values["ready-noise"], 0);
  const seed = numberOf("seed", values.seed, 1);
  return { folder, speed, fromMinute, toMinute, noiseSd, seed, ...(values.out && { outFile: values.out }) };
}
