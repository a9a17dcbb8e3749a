import { type Command, fail, parseInteger } from "./arguments.ts";
import type { Keyspace, SortedSet } from "./keyspace.ts";
import type { Reply } from "./resp.ts";

type Entry = [member: string, score: number];

function parseScore(text = ""): number {
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  const value = Number(text);
  return /^[+-]?(\d|\.\d)/.test(text) && !Number.isNaN(value) ? value : fail("value is not a valid float");
}

function sorted(set: SortedSet | undefined, reversed = false): Entry[] {
  const entries = [...(set ?? [])].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1));
  return reversed ? entries.reverse() : entries;
}

function change(keyspace: Keyspace, key: string, work: (set: SortedSet) => Reply): Reply {
  const set = keyspace.findSortedSet(key) ?? new Map();
  const reply = work(set);
  keyspace.set(key, set, keyspace.find(key)?.expiresAt);
  return reply;
}

/** ZADD with its options NX and XX. */
function zadd(keyspace: Keyspace, [key = "", ...words]: string[]): Reply {
  const option = /^(nx|xx)$/i.test(words[0] ?? "") ? words.shift()?.toUpperCase() : undefined;
  if (words.length === 0 || words.length % 2 !== 0) fail();
  const entries = words.flatMap((word, at): Entry[] =>
    at % 2 ? [] : [[words[at + 1] ?? "", parseScore(word)]],
  );
  return change(keyspace, key, (set) => {
    const before = set.size;
    for (const [member, score] of entries) {
      if (set.has(member) ? option !== "NX" : option !== "XX") set.set(member, score);
    }
    return set.size - before;
  });
}

function zincrby(keyspace: Keyspace, [key = "", by, member = ""]: string[]): Reply {
  const step = parseScore(by);
  return change(keyspace, key, (set) => {
    const double = (set.get(member) ?? 0) + step;
    set.set(member, double);
    return { double };
  });
}

function withinRanks(entries: Entry[], startText?: string, stopText?: string): Entry[] {
  const [start, stop] = [parseInteger(startText), parseInteger(stopText)];
  const from = Math.max(start < 0 ? entries.length + start : start, 0);
  return entries.slice(from, Math.max((stop < 0 ? entries.length + stop : stop) + 1, 0));
}

/** ZRANGE by rank and its older reverse; BYSCORE, BYLEX and LIMIT are refused. */
function zrange(reversed: boolean): Command {
  return {
    arity: -4,
    run(keyspace, [key = "", start, stop, ...options]) {
      const wanted = options.map((option) => option.toUpperCase());
      if (wanted.some((option) => option !== "WITHSCORES" && (reversed || option !== "REV"))) fail();
      const set = keyspace.findSortedSet(key);
      const entries = withinRanks(sorted(set, reversed || wanted.includes("REV")), start, stop);
      return wanted.includes("WITHSCORES") ? { pairs: entries } : entries.map(([member]) => member);
    },
  };
}

function zremrangebyrank(keyspace: Keyspace, [key = "", start, stop]: string[]): Reply {
  return change(keyspace, key, (set) => {
    const removed = withinRanks(sorted(set), start, stop);
    for (const [member] of removed) set.delete(member);
    return removed.length;
  });
}

export const sortedSetCommands: Record<string, Command> = {
  zadd: { arity: -4, run: zadd },
  zincrby: { arity: 4, run: zincrby },
  zrange: zrange(false),
  zrevrange: zrange(true),
  zremrangebyrank: { arity: 4, run: zremrangebyrank },
  zcard: { arity: 2, run: (keyspace, [key = ""]) => keyspace.findSortedSet(key)?.size ?? 0 },
  zscore: {
    arity: 3,
    run(keyspace, [key = "", member = ""]) {
      const double = keyspace.findSortedSet(key)?.get(member);
      return double === undefined ? null : { double };
    },
  },
  zrem: {
    arity: -3,
    run: (keyspace, [key = "", ...members]) =>
      change(keyspace, key, (set) => members.filter((member) => set.delete(member)).length),
  },
};
