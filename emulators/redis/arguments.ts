import type { Keyspace } from "./keyspace.ts";
import { RedisError, type Reply } from "./resp.ts";

export type Command = {
  /** Redis's own count: the words with the command's name, negative for "at least". */
  arity: number;
  run(keyspace: Keyspace, args: string[]): Reply;
};

/** Throws a RedisError with the usual code word. */
export function fail(message = "syntax error"): never {
  throw new RedisError(`ERR ${message}`);
}

/** Throws as Redis does when a command does not take that many arguments. */
export function checkArity(name: string, arity: number, args: string[]) {
  const given = args.length + 1;
  const fits = arity < 0 ? given >= -arity : given === arity;
  if (!fits) fail(`wrong number of arguments for '${name}' command`);
}

/** Redis counts in 64 bits; beyond 53 the emulator refuses, where it would otherwise round. */
export function parseInteger(text = "", complaint = "value is not an integer or out of range"): number {
  const value = Number(text);
  return /^-?\d+$/.test(text) && Number.isSafeInteger(value) ? value : fail(complaint);
}

/** A glob as KEYS reads it: `*`, `?`, and `\` before a literal. */
export function globMatcher(glob: string): (text: string) => boolean {
  const source = glob.replace(/\\(.)|\W/gs, (found, literal: string | undefined) => {
    if (found === "*") return ".*";
    return found === "?" ? "." : (literal ?? found).replace(/\W/, "\\$&");
  });
  const pattern = new RegExp(`^${source}$`, "s");
  return (text) => pattern.test(text);
}
