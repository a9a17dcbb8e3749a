// The commands on keys. A command that is not in this table, nor among those of a session, is answered as Redis
// answers an unknown one.
import { type Command, fail, globMatcher, parseInteger } from "./arguments.ts";
import type { Keyspace } from "./keyspace.ts";
import { ok, type Reply } from "./resp.ts";
import { sortedSetCommands } from "./sorted-sets.ts";

/** SET with its options EX, PX, NX, XX, GET and KEEPTTL. */
function set(keyspace: Keyspace, [key = "", value = "", ...words]: string[]): Reply {
  const options = new Set<string>();
  const expiries: number[] = [];
  while (words.length > 0) {
    const option = words.shift()?.toUpperCase() ?? "";
    if (!/^(NX|XX|GET|KEEPTTL|EX|PX)$/.test(option)) fail();
    if (!/^[EP]X$/.test(option)) options.add(option);
    else {
      const amount = parseInteger(words.shift() ?? fail());
      if (amount <= 0) fail("invalid expire time in 'set' command");
      expiries.push(Date.now() + amount * (option === "EX" ? 1000 : 1));
    }
  }
  const keepsTtl = options.has("KEEPTTL");
  if ((options.has("NX") && options.has("XX")) || expiries.length + Number(keepsTtl) > 1) fail();
  const entry = keyspace.find(key);
  const before = options.has("GET") ? (keyspace.findString(key) ?? null) : null;
  if (options.has("NX") ? entry : options.has("XX") && !entry) return before;
  keyspace.set(key, value, keepsTtl ? entry?.expiresAt : expiries[0]);
  return options.has("GET") ? before : ok;
}

function increment(sign: 1 | -1, arity: 2 | 3): Command {
  return {
    arity,
    run(keyspace, [key = "", by = "1"]) {
      const total = parseInteger(keyspace.findString(key) ?? "0") + sign * parseInteger(by);
      if (!Number.isSafeInteger(total)) fail("increment or decrement would overflow");
      keyspace.set(key, String(total), keyspace.find(key)?.expiresAt);
      return total;
    },
  };
}

function expire(unitMs: 1 | 1000): Command {
  return {
    arity: 3,
    run(keyspace, [key = "", amount]) {
      const expiresAt = Date.now() + parseInteger(amount) * unitMs;
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
      const leftMs = (keyspace.find(key)?.expiresAt ?? 0) - Date.now();
      if (!keyspace.find(key)) return -2;
      return leftMs === Number.POSITIVE_INFINITY ? -1 : Math.floor(leftMs / unitMs + 0.5);
    },
  };
}

function getrange(keyspace: Keyspace, [key = "", start, stop]: string[]): Reply {
  const value = keyspace.findString(key) ?? "";
  const [from, to] = [parseInteger(start), parseInteger(stop)];
  return value.slice(from, to < 0 ? value.length + to + 1 : to + 1);
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
  expire: expire(1000),
  pexpire: expire(1),
  ttl: ttl(1000),
  pttl: ttl(1),
  get: { arity: 2, run: (keyspace, [key = ""]) => keyspace.findString(key) ?? null },
  set: { arity: -3, run: set },
  getrange: { arity: 4, run: getrange },
  mget: { arity: -2, run: (keyspace, keys) => keys.map((key) => keyspace.findText(key)) },
  incr: increment(1, 2),
  decr: increment(-1, 2),
  incrby: increment(1, 3),
  decrby: increment(-1, 3),
  ...sortedSetCommands,
};
