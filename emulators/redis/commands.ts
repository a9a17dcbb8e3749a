// The commands on keys. A command that is not in this table, nor among those of a session, is answered as Redis
// answers an unknown one.

import { type Command, globMatcher, parseInteger, syntaxError } from "./arguments.ts";
import type { Keyspace } from "./keyspace.ts";
import { ok, RedisError, type Reply } from "./resp.ts";
import { sortedSetCommands } from "./sorted-sets.ts";

/** When `EX 5` or `PX 5` falls due, in milliseconds since 1970. */
function parseExpiry(unit: string, amount: string | undefined, command: string): number {
  if (amount === undefined) throw syntaxError();
  const value = parseInteger(amount);
  if (value <= 0) throw new RedisError(`ERR invalid expire time in '${command}' command`);
  return Date.now() + (unit === "EX" ? value * 1000 : value);
}

function set(keyspace: Keyspace, [key = "", value = "", ...options]: string[]): Reply {
  const given = new Set<string>();
  let expiresAt: number | undefined;
  while (options.length > 0) {
    const option = options.shift()?.toUpperCase() ?? "";
    if (!/^(NX|XX|GET|KEEPTTL|EX|PX)$/.test(option)) throw syntaxError();
    if (option === "EX" || option === "PX") {
      if (expiresAt !== undefined) throw syntaxError();
      expiresAt = parseExpiry(option, options.shift(), "set");
    } else given.add(option);
  }
  if ((given.has("NX") && given.has("XX")) || (given.has("KEEPTTL") && expiresAt !== undefined))
    throw syntaxError();
  const entry = keyspace.find(key);
  const before = given.has("GET") ? (keyspace.findString(key) ?? null) : null;
  if (given.has("NX") ? entry : given.has("XX") && !entry) return before;
  keyspace.set(key, value, given.has("KEEPTTL") ? entry?.expiresAt : expiresAt);
  return given.has("GET") ? before : ok;
}

function increment(sign: 1 | -1, arity: 2 | 3): Command {
  return {
    arity,
    run(keyspace, [key = "", by = "1"]) {
      const total = parseInteger(keyspace.findString(key) ?? "0") + sign * parseInteger(by);
      if (!Number.isSafeInteger(total)) throw new RedisError("ERR increment or decrement would overflow");
      keyspace.set(key, String(total), keyspace.find(key)?.expiresAt);
      return total;
    },
  };
}

function expire(unitMs: 1 | 1000): Command {
  return {
    arity: -3,
    run(keyspace, [key = "", amount, condition]) {
      const expiresAt = Date.now() + parseInteger(amount) * unitMs;
      if (condition !== undefined) throw new RedisError(`ERR Unsupported option ${condition}`);
      const entry = keyspace.find(key);
      if (entry) entry.expiresAt = expiresAt;
      return entry ? 1 : 0;
    },
  };
}

function ttl(unitMs: 1 | 1000): Command {
  return {
    arity: 2,
    run(keyspace, [key = ""]) {
      const { expiresAt } = keyspace.find(key) ?? {};
      if (expiresAt === undefined) return -2;
      return expiresAt === Number.POSITIVE_INFINITY
        ? -1
        : Math.floor((expiresAt - Date.now() + unitMs / 2) / unitMs);
    },
  };
}

/** Answers every key at once, which COUNT, being a hint, allows. */
function scan(keyspace: Keyspace, [cursor = "", ...options]: string[]): Reply {
  if (!/^\d+$/.test(cursor)) throw new RedisError("ERR invalid cursor");
  let glob = "*";
  for (let at = 0; at < options.length; at += 2) {
    const [option, value] = [options[at]?.toUpperCase(), options[at + 1]];
    if (value === undefined || (option !== "MATCH" && option !== "COUNT")) throw syntaxError();
    if (option === "MATCH") glob = value;
  }
  return ["0", keyspace.keys().filter(globMatcher(glob))];
}

const del: Command = {
  arity: -2,
  run: (keyspace, keys) => keys.filter((key) => keyspace.delete(key)).length,
};

export const commands: Record<string, Command> = {
  del,
  unlink: del,
  exists: { arity: -2, run: (keyspace, keys) => keys.filter((key) => keyspace.find(key)).length },
  keys: { arity: 2, run: (keyspace, [glob = ""]) => keyspace.keys().filter(globMatcher(glob)) },
  scan: { arity: -2, run: scan },
  expire: expire(1000),
  pexpire: expire(1),
  ttl: ttl(1000),
  pttl: ttl(1),

  get: { arity: 2, run: (keyspace, [key = ""]) => keyspace.findString(key) ?? null },
  set: { arity: -3, run: set },
  getdel: {
    arity: 2,
    run(keyspace, [key = ""]) {
      const value = keyspace.findString(key) ?? null;
      keyspace.delete(key);
      return value;
    },
  },
  getrange: {
    arity: 4,
    run(keyspace, [key = "", start, stop]) {
      const value = keyspace.findString(key) ?? "";
      const [from, to] = [parseInteger(start), parseInteger(stop)];
      return value.slice(from, to < 0 ? value.length + to + 1 : to + 1);
    },
  },
  mget: {
    arity: -2,
    run: (keyspace, keys) =>
      keys.map((key) => {
        const value = keyspace.find(key)?.value;
        return typeof value === "string" ? value : null;
      }),
  },
  incr: increment(1, 2),
  decr: increment(-1, 2),
  incrby: increment(1, 3),
  decrby: increment(-1, 3),
  ...sortedSetCommands,
};
