import { argument, parseDouble, parseExpiry, parseInteger, syntaxError } from "./arguments.ts";
import type { Keyspace } from "./keyspace.ts";
import { ok, RedisError, type Reply } from "./resp.ts";

type SetOptions = { nx: boolean; xx: boolean; get: boolean; keepTtl: boolean; expiresAt?: number };

function parseSetOptions(args: string[]): SetOptions {
  const options: SetOptions = { nx: false, xx: false, get: false, keepTtl: false };
  for (let index = 2; index < args.length; index += 1) {
    const option = argument(args, index).toUpperCase();
    if (option === "NX") options.nx = true;
    else if (option === "XX") options.xx = true;
    else if (option === "GET") options.get = true;
    else if (option === "KEEPTTL") options.keepTtl = true;
    else if (/^(EX|PX|EXAT|PXAT)$/.test(option) && options.expiresAt === undefined) {
      index += 1;
      options.expiresAt = parseExpiry(option, argument(args, index), "set");
    } else throw syntaxError();
  }
  if ((options.nx && options.xx) || (options.keepTtl && options.expiresAt !== undefined)) throw syntaxError();
  return options;
}

export function writeString(keyspace: Keyspace, key: string, value: string, expiresAt?: number) {
  keyspace.data.set(key, value);
  if (expiresAt === undefined) keyspace.expires.delete(key);
  else keyspace.expires.set(key, expiresAt);
}

/** ioredis-mock knows no KEEPTTL, takes options in capitals only and ignores the ones it does not know. */
export function set(keyspace: Keyspace, args: string[]): Reply {
  const [key, value] = [argument(args, 0), argument(args, 1)];
  const options = parseSetOptions(args);
  const exists = keyspace.data.has(key);
  const before = options.get ? (keyspace.findString(key) ?? null) : null;
  if (options.nx ? exists : options.xx && !exists) return before;
  const expiresAt = options.keepTtl ? keyspace.expires.get(key) : options.expiresAt;
  writeString(keyspace, key, value, expiresAt);
  return options.get ? before : ok;
}

/** ioredis-mock takes any time to live, "soon" included. */
export function setExpiring(option: "EX" | "PX", command: string) {
  return (keyspace: Keyspace, args: string[]): Reply => {
    const expiresAt = parseExpiry(option, argument(args, 1), command);
    writeString(keyspace, argument(args, 0), argument(args, 2), expiresAt);
    return ok;
  };
}

/** ioredis-mock takes any time to live, "soon" included. */
export function getex(keyspace: Keyspace, args: string[]): Reply {
  const key = argument(args, 0);
  const option = args[1]?.toUpperCase();
  if (option && !/^(EX|PX|EXAT|PXAT|PERSIST)$/.test(option)) throw syntaxError();
  if (args.length > (option === "PERSIST" ? 2 : 3)) throw syntaxError();
  const expiresAt =
    option && option !== "PERSIST" ? parseExpiry(option, argument(args, 2), "getex") : undefined;
  const value = keyspace.findString(key);
  if (value === undefined) return null;
  if (expiresAt !== undefined) keyspace.expires.set(key, expiresAt);
  else if (option === "PERSIST") keyspace.expires.delete(key);
  return value;
}

/** ioredis-mock fails on a missing key and on an end counted from the back. */
export function getrange(keyspace: Keyspace, args: string[]): Reply {
  const value = keyspace.findString(argument(args, 0)) ?? "";
  const [start, end] = [parseInteger(argument(args, 1)), parseInteger(argument(args, 2))];
  return value.slice(start, end < 0 ? value.length + end + 1 : end + 1);
}

/** ioredis-mock counts on from what is not a number. */
export function increment(sign: 1 | -1, fixed?: number) {
  return (keyspace: Keyspace, args: string[]): Reply => {
    const key = argument(args, 0);
    const by = fixed ?? parseInteger(argument(args, 1));
    const total = parseInteger(keyspace.findString(key) ?? "0") + sign * by;
    if (!Number.isSafeInteger(total)) throw new RedisError("ERR increment or decrement would overflow");
    keyspace.data.set(key, String(total));
    return total;
  };
}

/** ioredis-mock counts on from what is not a number. */
export function incrementFloat(keyspace: Keyspace, args: string[]): Reply {
  const key = argument(args, 0);
  const total = parseDouble(keyspace.findString(key) ?? "0") + parseDouble(argument(args, 1));
  keyspace.data.set(key, String(total));
  return String(total);
}

/** ioredis-mock answers other kinds of value where Redis answers nothing. */
export function mget(keyspace: Keyspace, args: string[]): Reply {
  return args.map((key) => (keyspace.kindOf(key) === "string" ? (keyspace.findString(key) ?? null) : null));
}

/** ioredis-mock keeps the old time to live, and takes a key without a value. */
export function mset(keyspace: Keyspace, args: string[]): Reply {
  if (args.length % 2 !== 0) throw new RedisError("ERR wrong number of arguments for 'mset' command");
  for (let index = 0; index < args.length; index += 2) {
    writeString(keyspace, argument(args, index), argument(args, index + 1));
  }
  return ok;
}
