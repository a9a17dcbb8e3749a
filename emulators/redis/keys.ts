import { argument, globMatcher, parseInteger, syntaxError } from "./arguments.ts";
import type { Keyspace, Kind } from "./keyspace.ts";
import { ok, RedisError, type Reply } from "./resp.ts";

/** ioredis-mock takes any time, "soon" included, and knows none of the conditions. */
export function expire(unitMs: 1 | 1000, from: "now" | "1970", command: string) {
  return (keyspace: Keyspace, args: string[]): Reply => {
    const [key, condition] = [argument(args, 0), args[2]?.toUpperCase()];
    const amount = parseInteger(argument(args, 1)) * unitMs;
    if (condition !== undefined && !/^(NX|XX|GT|LT)$/.test(condition)) {
      throw new RedisError(`ERR Unsupported option ${args[2]}`);
    }
    if (args.length > 3) throw new RedisError(`ERR wrong number of arguments for '${command}' command`);
    if (!keyspace.data.has(key)) return 0;
    const expiresAt = from === "now" ? Date.now() + amount : amount;
    const before = keyspace.expires.get(key);
    if (condition === "NX" && before !== undefined) return 0;
    if (condition === "XX" && before === undefined) return 0;
    if (condition === "GT" && expiresAt <= (before ?? Number.POSITIVE_INFINITY)) return 0;
    if (condition === "LT" && expiresAt >= (before ?? Number.POSITIVE_INFINITY)) return 0;
    keyspace.expires.set(key, expiresAt);
    return 1;
  };
}

/** ioredis-mock rounds seconds up, where Redis rounds to the nearest. */
export function ttl(unitMs: 1 | 1000) {
  return (keyspace: Keyspace, args: string[]): Reply => {
    const key = argument(args, 0);
    if (!keyspace.data.has(key)) return -2;
    const expiresAt = keyspace.expires.get(key);
    return expiresAt === undefined ? -1 : Math.floor((expiresAt - Date.now() + unitMs / 2) / unitMs);
  };
}

/** ioredis-mock renames what does not exist, and leaves the old time to live of the target. */
export function rename(onlyWhenFree: boolean) {
  return (keyspace: Keyspace, args: string[]): Reply => {
    const [from, to] = [argument(args, 0), argument(args, 1)];
    const value = keyspace.data.get(from);
    if (value === undefined) throw new RedisError("ERR no such key");
    if (onlyWhenFree && keyspace.data.has(to)) return 0;
    const expiresAt = keyspace.expires.get(from);
    keyspace.data.delete(from);
    keyspace.data.set(to, value);
    if (expiresAt === undefined) keyspace.expires.delete(to);
    else keyspace.expires.set(to, expiresAt);
    return onlyWhenFree ? 1 : ok;
  };
}

export function keys(keyspace: Keyspace, args: string[]): Reply {
  return keyspace.data.keys().filter(globMatcher(argument(args, 0)));
}

export function type(keyspace: Keyspace, args: string[]): Reply {
  return { status: keyspace.kindOf(argument(args, 0)) ?? "none" };
}

/**
 * ioredis-mock counts cursors by position, so that deleting while scanning skips keys. Here a scan answers
 * everything at once, which COUNT, being a hint, allows.
 */
export function scan(kind?: Kind) {
  return (keyspace: Keyspace, allArgs: string[]): Reply => {
    const args = kind ? allArgs.slice(1) : allArgs;
    if (!/^\d+$/.test(argument(args, 0))) throw new RedisError("ERR invalid cursor");
    let matches = (_name: string) => true;
    for (let index = 1; index < args.length; index += 2) {
      const [option, value] = [argument(args, index).toUpperCase(), argument(args, index + 1)];
      if (option === "MATCH") matches = globMatcher(value);
      else if (option === "COUNT") {
        if (parseInteger(value) < 1) throw syntaxError();
      } else if (option === "TYPE" && !kind) {
        const others = matches;
        matches = (key) => keyspace.kindOf(key) === value.toLowerCase() && others(key);
      } else throw syntaxError();
    }
    const found = kind ? membersOf(keyspace, argument(allArgs, 0)) : keyspace.data.keys().map((key) => [key]);
    return ["0", found.filter(([name]) => matches(name ?? "")).flat()];
  };
}

function membersOf(keyspace: Keyspace, key: string): string[][] {
  const value = keyspace.data.get(key);
  if (value === undefined || typeof value === "string" || Array.isArray(value)) return [];
  if (value instanceof Set) return [...value].map((member) => [member]);
  if (value instanceof Map) return [...value.values()].map((entry) => [entry.value, String(entry.score)]);
  return Object.entries(value);
}
