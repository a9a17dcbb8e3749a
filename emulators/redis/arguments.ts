import type { Keyspace } from "./keyspace.ts";
import { RedisError, type Reply } from "./resp.ts";

export type Command = {
  /** Redis's own count: the words with the command's name, negative for "at least". */
  arity: number;
  run(keyspace: Keyspace, args: string[]): Reply;
};

export const syntaxError = () => new RedisError("ERR syntax error");

/** Throws as Redis does when a command does not take that many arguments. */
export function checkArity(name: string, arity: number, args: string[]) {
  const given = args.length + 1;
  if (arity < 0 ? given < -arity : given !== arity) {
    throw new RedisError(`ERR wrong number of arguments for '${name}' command`);
  }
}

/** Redis counts in 64 bits; beyond 53 the emulator refuses, where it would otherwise round. */
export function parseInteger(text = "", complaint = "value is not an integer or out of range"): number {
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value)) throw new RedisError(`ERR ${complaint}`);
  return value;
}

/** A glob as KEYS reads it: `*`, `?`, `[a-z]`, `[^a]`, `\` before a literal. */
export function globMatcher(glob: string): (text: string) => boolean {
  const source = glob.replace(
    /\\(.)|\*|\?|\[(\^?)([^\]]*)\]|[.+^${}()|[\]\\/]/gs,
    (found, literal, not, members) => {
      if (found === "*") return ".*";
      if (found === "?") return ".";
      if (members !== undefined) return members ? `[${not}${members.replace(/[\\^[]/g, "\\$&")}]` : "(?!)";
      return (literal ?? found).replace(/\W/, "\\$&");
    },
  );
  const pattern = new RegExp(`^${source}$`, "s");
  return (text) => pattern.test(text);
}
