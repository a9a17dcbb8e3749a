// The commands of the emulator. What is not in this table is answered as an unknown command. An entry without
// `run` is answered by ioredis-mock; the comment on each `run` elsewhere says what the mock gets wrong.

import { argument, parseInteger } from "./arguments.ts";
import { expire, keys, rename, scan, ttl, type } from "./keys.ts";
import type { Keyspace, Kind } from "./keyspace.ts";
import { RedisError, type Reply } from "./resp.ts";
import * as sortedSets from "./sorted-sets.ts";
import * as strings from "./strings.ts";

export type Command = {
  /** The kind of value its keys must hold, if they exist. */
  holds?: Kind;
  /** How the answer of ioredis-mock is shown, where its JavaScript type does not say it. */
  shows?: "status" | "map" | "set";
  run?: (keyspace: Keyspace, args: string[]) => Reply;
};

/** ioredis-mock takes a field without a value. */
function inPairs(command: string) {
  return (keyspace: Keyspace, args: string[]): Reply => {
    if (args.length % 2 === 0) {
      throw new RedisError(`ERR wrong number of arguments for '${command}' command`);
    }
    const key = argument(args, 0);
    const hash = (keyspace.data.get(key) ?? Object.create(null)) as Record<string, string>;
    const before = Object.keys(hash).length;
    for (let index = 1; index < args.length; index += 2) {
      hash[argument(args, index)] = argument(args, index + 1);
    }
    keyspace.data.set(key, hash);
    return command === "hmset" ? { status: "OK" } : Object.keys(hash).length - before;
  };
}

/** ioredis-mock counts on from what is not a number. */
function hincrby(keyspace: Keyspace, args: string[]): Reply {
  const [key, field] = [argument(args, 0), argument(args, 1)];
  const hash = (keyspace.data.get(key) ?? Object.create(null)) as Record<string, string>;
  const total =
    parseInteger(hash[field] ?? "0", "hash value is not an integer") + parseInteger(argument(args, 2));
  hash[field] = String(total);
  keyspace.data.set(key, hash);
  return total;
}

/** ioredis-mock ignores a count of zero and a count on the right end. */
function pop(end: "left" | "right") {
  return (keyspace: Keyspace, args: string[]): Reply => {
    const key = argument(args, 0);
    const count =
      args[1] === undefined ? 1 : parseInteger(args[1], "value is out of range, must be positive");
    if (count < 0) throw new RedisError("ERR value is out of range, must be positive");
    const list = keyspace.data.get(key) as string[] | undefined;
    if (!list) return args[1] === undefined ? null : { noList: true };
    const popped =
      end === "left" ? list.splice(0, count) : list.splice(Math.max(list.length - count, 0)).reverse();
    keyspace.data.set(key, list);
    return args[1] === undefined ? (popped[0] ?? null) : popped;
  };
}

const string = { holds: "string" } as const;
const hash = { holds: "hash" } as const;
const list = { holds: "list" } as const;
const set = { holds: "set" } as const;
const zset = { holds: "zset" } as const;

export const commands: Record<string, Command> = {
  echo: {},
  del: {},
  unlink: {},
  exists: {},
  persist: {},
  dbsize: {},
  time: {},
  randomkey: {},
  type: { run: type },
  keys: { run: keys },
  scan: { run: scan() },
  rename: { run: rename(false) },
  renamenx: { run: rename(true) },
  expire: { run: expire(1000, "now", "expire") },
  pexpire: { run: expire(1, "now", "pexpire") },
  expireat: { run: expire(1000, "1970", "expireat") },
  pexpireat: { run: expire(1, "1970", "pexpireat") },
  ttl: { run: ttl(1000) },
  pttl: { run: ttl(1) },

  get: string,
  getset: string,
  getdel: string,
  setnx: {},
  append: string,
  strlen: string,
  set: { run: strings.set },
  setex: { run: strings.setExpiring("EX", "setex") },
  psetex: { run: strings.setExpiring("PX", "psetex") },
  getex: { run: strings.getex },
  getrange: { run: strings.getrange },
  mget: { run: strings.mget },
  mset: { run: strings.mset },
  incr: { run: strings.increment(1, 1) },
  decr: { run: strings.increment(-1, 1) },
  incrby: { run: strings.increment(1) },
  decrby: { run: strings.increment(-1) },
  incrbyfloat: { run: strings.incrementFloat },

  hget: hash,
  hmget: hash,
  hgetall: { holds: "hash", shows: "map" },
  hset: { holds: "hash", run: inPairs("hset") },
  hmset: { holds: "hash", run: inPairs("hmset") },
  hsetnx: hash,
  hdel: hash,
  hexists: hash,
  hkeys: hash,
  hvals: hash,
  hlen: hash,
  hstrlen: hash,
  hincrby: { holds: "hash", run: hincrby },
  hscan: { holds: "hash", run: scan("hash") },

  lpush: list,
  rpush: list,
  lpushx: list,
  rpushx: list,
  lpop: { holds: "list", run: pop("left") },
  rpop: { holds: "list", run: pop("right") },
  llen: list,
  lrange: list,
  lindex: list,
  lrem: list,
  ltrim: { holds: "list", shows: "status" },

  sadd: set,
  srem: set,
  scard: set,
  smembers: { holds: "set", shows: "set" },
  sismember: set,
  smismember: set,
  smove: set,
  sinter: { holds: "set", shows: "set" },
  sunion: { holds: "set", shows: "set" },
  sdiff: { holds: "set", shows: "set" },
  sscan: { holds: "set", run: scan("set") },

  zadd: { run: sortedSets.zadd },
  zincrby: { run: sortedSets.zincrby },
  zscore: { run: sortedSets.zscore },
  zmscore: { run: sortedSets.zmscore },
  zrange: { run: sortedSets.zrange({ plain: true }) },
  zrevrange: { run: sortedSets.zrange({ reversed: true }) },
  zrangebyscore: { run: sortedSets.zrange({ scores: true }) },
  zrevrangebyscore: { run: sortedSets.zrange({ scores: true, reversed: true }) },
  zcount: { run: sortedSets.zcount },
  zrank: { run: sortedSets.zrank(false) },
  zrevrank: { run: sortedSets.zrank(true) },
  zremrangebyrank: { run: sortedSets.zremrange("rank") },
  zremrangebyscore: { run: sortedSets.zremrange("score") },
  zcard: zset,
  zrem: zset,
  zscan: { holds: "zset", run: scan("zset") },
};
