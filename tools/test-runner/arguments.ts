// The command lines of `bun run test` and `bun run test:stress`.
import { statSync } from "node:fs";
import { join, resolve } from "node:path";
import { readFlags, UsageError } from "../command-line.ts";

export const PARTS = ["check", "unit", "integration", "e2e", "containers"] as const;
export type Part = (typeof PARTS)[number];
const DATABASES = ["container", "server", "emulator", "real", "cluster"] as const;
export type Preference = (typeof DATABASES)[number];

export interface Arguments {
  parts: Part[];
  preference: Preference | undefined;
  root: string;
  /** A folder of the root whose tests are left out. */
  but: string | undefined;
  /** Folders and files of the root, when not all tests are meant. */
  only: string[];
  times: number;
}

const TIMES = { fallback: 10, most: 1_000 };

function oneOf<T extends string>(names: readonly T[], name: string, what: string): T {
  const found = names.find((known) => known === name);
  if (found === undefined) throw new UsageError(`There is no ${what} ${name}: ${names.join(", ")}`);
  return found;
}

function folder(path: string): string {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return path;
  throw new UsageError(`There is no folder ${path}`);
}

function part(top: string, path: string): string {
  if (statSync(join(top, path), { throwIfNoEntry: false })) return path.replace(/\/$/, "");
  throw new UsageError(`There is neither a folder nor a file ${path}`);
}

/** `known` are the parts that may be named; without a name all are meant. `--times` is for stress runs. Throws UsageError. */
export function readArguments(argv: string[], known: readonly Part[], isStress = false): Arguments {
  const flags = { db: "", root: "", but: "", only: "" };
  const read = isStress
    ? readFlags(argv, { ...flags, times: TIMES.fallback }, { takesNames: true })
    : readFlags(argv, flags, { takesNames: true });
  const { db, root, but, only } = read.flags;
  const times = "times" in read.flags ? Number(read.flags.times) : 1;
  if (!Number.isInteger(times) || times < 1 || times > TIMES.most)
    throw new UsageError(`--times expects a whole number from 1 to ${TIMES.most}, not ${times}`);
  const named = read.names.map((name) => oneOf(known, name, "part"));
  const top = folder(resolve(root || join(import.meta.dir, "../..")));
  if (but) folder(join(top, but));
  return {
    parts: known.filter((part) => named.length === 0 || named.includes(part)),
    preference: db ? oneOf(DATABASES, db, "database") : undefined,
    root: top,
    but: but ? but.replace(/\/$/, "") : undefined,
    only: only ? only.split(",").map((path) => part(top, path)) : [],
    times,
  };
}
