// The command line of a tool. What is wrong with it is said in one line, with exit code 2; what fails later with 1.
import { parseArgs } from "node:util";
import { oneLine } from "./failure.ts";

/** What is wrong with the command line, in one line. */
export class UsageError extends Error {}

type Flags = Record<string, string | number | boolean>;
type Widened<F extends Flags> = {
  [Name in keyof F]: F[Name] extends number ? number : F[Name] extends boolean ? boolean : string;
};

function readNumber(flag: string, text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new UsageError(`--${flag} expects a number, not ${JSON.stringify(text)}`);
}

/** Each flag has the type of its default. Numbers are not negative. Throws a UsageError. */
export function readFlags<F extends Flags>(
  argv: string[],
  defaults: F,
  { takesNames = false } = {},
): { flags: Widened<F>; names: string[] } {
  const options = Object.fromEntries(
    Object.entries(defaults).map(([flag, value]) => [
      flag,
      { type: typeof value === "boolean" ? ("boolean" as const) : ("string" as const) },
    ]),
  );
  try {
    const { values, positionals } = parseArgs({ args: argv, options, allowPositionals: takesNames });
    const given = Object.entries(values).map(([flag, value]) => [
      flag,
      typeof defaults[flag] === "number" ? readNumber(flag, String(value)) : value,
    ]);
    return { flags: { ...defaults, ...Object.fromEntries(given) }, names: positionals };
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const known = Object.keys(defaults).map((flag) => `--${flag}`);
    const remedy = known.length > 0 ? `the flags are ${known.join(", ")}` : "there are no flags";
    throw new UsageError(`${oneLine(error).split(". ")[0]}: ${remedy}`);
  }
}

/** Ends the process with one line that says why. */
export function exitWith(error: unknown): never {
  process.stderr.write(`${oneLine(error)}\n`);
  process.exit(error instanceof UsageError ? 2 : 1);
}

/** What `read` returns; ends the process when it throws. */
export function orExit<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    return exitWith(error);
  }
}
