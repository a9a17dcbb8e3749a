// The words after `bun run test` and `bun run test:stress`.
import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";

export const PARTS = ["check", "unit", "integration", "e2e"] as const;
export type Part = (typeof PARTS)[number];
const DATABASES = ["container", "server", "emulator"] as const;
export type Preference = (typeof DATABASES)[number];

export interface Arguments {
  parts: Part[];
  preference: Preference | undefined;
  root: string;
  /** A folder of the root whose tests are left out. */
  but: string | undefined;
  times: number | undefined;
}

/** In one line what is wrong with the words and what would be right. */
export class UsageError extends Error {}

const isOneOf = <T extends string>(names: readonly T[], name: string): name is T =>
  (names as readonly string[]).includes(name);

function folder(path: string): string {
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`There is no folder ${path}.`);
  return path;
}

const TIMES_MAX = 1_000;

/** Throws UsageError. `known` are the parts that may be named; all of them are meant when none is. */
export function readArguments(words: string[], known: readonly Part[], more: "times" | "" = ""): Arguments {
  const usage = `Known: ${known.join(" ")} --db=${DATABASES.join("|")} --root=FOLDER --but=FOLDER${more && " --times=N"}`;
  const { tokens } = parseArgs({
    args: words,
    options: {
      db: { type: "string" },
      root: { type: "string" },
      but: { type: "string" },
      ...(more && { times: { type: "string" } }),
    },
    strict: false,
    tokens: true,
  });
  const parts = new Set<Part>();
  const values = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === "positional" && isOneOf(known, token.value)) parts.add(token.value);
    else if (token.kind === "option" && ["db", "root", "but", more].includes(token.name) && token.value)
      values.set(token.name, token.value);
    else throw new UsageError(`Unknown: ${words[token.index]}. ${usage}`);
  }

  const preference = values.get("db");
  if (preference !== undefined && !isOneOf(DATABASES, preference))
    throw new UsageError(`Unknown: --db=${preference}. ${usage}`);
  const times = values.get("times");
  if (times !== undefined && !(/^\d+$/.test(times) && Number(times) >= 1 && Number(times) <= TIMES_MAX))
    throw new UsageError(`--times is ${times}: expected a whole number from 1 to ${TIMES_MAX}.`);
  const root = folder(resolve(values.get("root") ?? join(import.meta.dir, "../..")));
  const but = values.get("but");
  if (but !== undefined) folder(join(root, but));
  return {
    parts: known.filter((part) => parts.size === 0 || parts.has(part)),
    preference,
    root,
    but: but?.replace(/\/$/, ""),
    times: times === undefined ? undefined : Number(times),
  };
}

/** Exits with 2 and one line where that throws. */
export function readArgumentsOrExit(...given: Parameters<typeof readArguments>): Arguments {
  try {
    return readArguments(...given);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(2);
  }
}
