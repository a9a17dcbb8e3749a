import { RedisError } from "./resp.ts";

export function syntaxError(): RedisError {
  return new RedisError("ERR syntax error");
}

/** The argument at the index; the number of arguments has been checked by then. */
export function argument(args: string[], index: number): string {
  const value = args[index];
  if (value === undefined) throw syntaxError();
  return value;
}

/** Redis counts in 64 bits; beyond 53 the emulator refuses, where it would otherwise round. */
export function parseInteger(text: string, complaint = "value is not an integer or out of range"): number {
  const value = Number(text);
  if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value)) throw new RedisError(`ERR ${complaint}`);
  return value;
}

export function parseDouble(text: string, complaint = "value is not a valid float"): number {
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  const value = Number(text);
  if (!/^[+-]?(\d|\.\d)/.test(text) || Number.isNaN(value)) throw new RedisError(`ERR ${complaint}`);
  return value;
}

/** When `EX 5`, `PX 5`, `EXAT 5` or `PXAT 5` falls due, in milliseconds since 1970. */
export function parseExpiry(option: string, amount: string, command: string): number {
  const value = parseInteger(amount);
  const valueMs = option.startsWith("EX") ? value * 1000 : value;
  if (value <= 0) throw new RedisError(`ERR invalid expire time in '${command}' command`);
  return option.endsWith("AT") ? valueMs : Date.now() + valueMs;
}

/** A glob as KEYS, SCAN and PSUBSCRIBE read it: `*`, `?`, `[a-z]`, `[^a]`, `\` before a literal. */
export function globMatcher(glob: string): (text: string) => boolean {
  let source = "";
  for (let index = 0; index < glob.length; index += 1) {
    const char = glob.charAt(index);
    const end = char === "[" ? glob.indexOf("]", index + 1) : -1;
    if (char === "*") source += ".*";
    else if (char === "?") source += ".";
    else if (end > 0) {
      const negated = glob[index + 1] === "^";
      const members = glob.slice(index + (negated ? 2 : 1), end).replace(/[\\\]^[]/g, "\\$&");
      source += members === "" ? "(?!)" : `[${negated ? "^" : ""}${members}]`;
      index = end;
    } else {
      if (char === "\\" && index + 1 < glob.length) index += 1;
      source += glob.charAt(index).replace(/[.*+?^${}()|[\]\\/]/g, "\\$&");
    }
  }
  const pattern = new RegExp(`^${source}$`, "s");
  return (text) => pattern.test(text);
}
