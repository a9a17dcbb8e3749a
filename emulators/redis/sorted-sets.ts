// ioredis-mock takes a score that is no number, cuts scores in ranges to whole numbers, reads options in capitals
// only and does not say which of its strings are scores: here are the sorted set commands for which that matters.

import { argument, parseDouble, parseInteger, syntaxError } from "./arguments.ts";
import type { Keyspace, SortedSet } from "./keyspace.ts";
import { RedisError, type Reply } from "./resp.ts";

type Entry = { score: number; value: string };

function byScore(a: Entry, b: Entry): number {
  return a.score - b.score || (a.value < b.value ? -1 : a.value > b.value ? 1 : 0);
}

function sorted(set: SortedSet | undefined): Entry[] {
  return [...(set?.values() ?? [])].sort(byScore);
}

type AddOptions = { nx: boolean; xx: boolean; gt: boolean; lt: boolean; ch: boolean; incr: boolean };

function parseAddOptions(args: string[]): { options: AddOptions; entriesAt: number } {
  const options: AddOptions = { nx: false, xx: false, gt: false, lt: false, ch: false, incr: false };
  let entriesAt = 1;
  for (; entriesAt < args.length; entriesAt += 1) {
    const option = argument(args, entriesAt).toLowerCase();
    if (option !== "nx" && option !== "xx" && option !== "gt" && option !== "lt" && option !== "ch") {
      if (option !== "incr") break;
      options.incr = true;
    } else options[option] = true;
  }
  if (options.nx && options.xx) {
    throw new RedisError("ERR XX and NX options at the same time are not compatible");
  }
  if ([options.gt, options.lt, options.nx].filter(Boolean).length > 1) {
    throw new RedisError("ERR GT, LT, and/or NX options at the same time are not compatible");
  }
  return { options, entriesAt };
}

function parseEntries(args: string[]): Entry[] {
  if (args.length === 0 || args.length % 2 !== 0) throw syntaxError();
  const entries: Entry[] = [];
  for (let index = 0; index < args.length; index += 2) {
    entries.push({ score: parseDouble(argument(args, index)), value: argument(args, index + 1) });
  }
  return entries;
}

export function zadd(keyspace: Keyspace, args: string[]): Reply {
  const { options, entriesAt } = parseAddOptions(args);
  const entries = parseEntries(args.slice(entriesAt));
  if (options.incr && entries.length > 1) {
    throw new RedisError("ERR INCR option supports a single increment-element pair");
  }
  const key = argument(args, 0);
  const set: SortedSet = keyspace.findSortedSet(key) ?? new Map();
  let [added, changed, score] = [0, 0, null as number | null];
  for (const entry of entries) {
    const before = set.get(entry.value)?.score;
    if (before === undefined ? options.xx : options.nx) continue;
    score = options.incr && before !== undefined ? before + entry.score : entry.score;
    if (Number.isNaN(score)) throw new RedisError("ERR resulting score is not a number (NaN)");
    const kept = before !== undefined && ((options.gt && score <= before) || (options.lt && score >= before));
    if (kept) {
      score = null;
      continue;
    }
    if (before === undefined) added += 1;
    else if (before !== score) changed += 1;
    set.set(entry.value, { score, value: entry.value });
  }
  if (set.size > 0) keyspace.data.set(key, set);
  if (options.incr) return score === null ? null : { double: score };
  return options.ch ? added + changed : added;
}

export function zincrby(keyspace: Keyspace, args: string[]): Reply {
  return zadd(keyspace, [argument(args, 0), "INCR", argument(args, 1), argument(args, 2)]);
}

function parseBound(text: string): { score: number; open: boolean } {
  const open = text.startsWith("(");
  return { score: parseDouble(open ? text.slice(1) : text, "min or max is not a float"), open };
}

function withinScores(set: SortedSet | undefined, minText: string, maxText: string): Entry[] {
  const [min, max] = [parseBound(minText), parseBound(maxText)];
  return sorted(set).filter(({ score }) => {
    const aboveMin = min.open ? score > min.score : score >= min.score;
    return aboveMin && (max.open ? score < max.score : score <= max.score);
  });
}

function withinRanks(entries: Entry[], startText: string, stopText: string): Entry[] {
  const [start, stop] = [parseInteger(startText), parseInteger(stopText)];
  const from = Math.max(start < 0 ? entries.length + start : start, 0);
  return entries.slice(from, Math.max((stop < 0 ? entries.length + stop : stop) + 1, 0));
}

type Range = { scores: boolean; reversed: boolean; withScores: boolean; limit?: [number, number] };

function parseRange(args: string[], range: Range, plain: boolean): Range {
  for (let index = 3; index < args.length; index += 1) {
    const option = argument(args, index).toUpperCase();
    if (option === "WITHSCORES") range.withScores = true;
    else if (option === "LIMIT") {
      range.limit = [parseInteger(argument(args, index + 1)), parseInteger(argument(args, index + 2))];
      index += 2;
    } else if (plain && option === "REV") range.reversed = true;
    else if (plain && option === "BYSCORE") range.scores = true;
    else throw syntaxError();
  }
  if (range.limit && !range.scores) {
    throw new RedisError(
      "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX",
    );
  }
  return range;
}

/** ZRANGE (`plain`: with its options) and its older forms; BYLEX is refused. */
export function zrange(form: { scores?: boolean; reversed?: boolean; plain?: boolean }) {
  return (keyspace: Keyspace, args: string[]): Reply => {
    const start: Range = {
      scores: form.scores ?? false,
      reversed: form.reversed ?? false,
      withScores: false,
    };
    const range = parseRange(args, start, form.plain ?? false);
    const set = keyspace.findSortedSet(argument(args, 0));
    const bounds: [string, string] = [argument(args, 1), argument(args, 2)];
    let entries: Entry[];
    if (range.scores) {
      entries = withinScores(set, ...(range.reversed ? ([bounds[1], bounds[0]] as const) : bounds));
      if (range.reversed) entries.reverse();
      const [offset, count] = range.limit ?? [0, -1];
      entries = offset < 0 ? [] : entries.slice(offset, count < 0 ? undefined : offset + count);
    } else {
      const all = sorted(set);
      entries = withinRanks(range.reversed ? all.reverse() : all, ...bounds);
    }
    if (!range.withScores) return entries.map(({ value }) => value);
    return { pairs: entries.map(({ value, score }): [string, number] => [value, score]) };
  };
}

export function zcount(keyspace: Keyspace, args: string[]): Reply {
  const set = keyspace.findSortedSet(argument(args, 0));
  return withinScores(set, argument(args, 1), argument(args, 2)).length;
}

export function zremrange(by: "rank" | "score") {
  return (keyspace: Keyspace, args: string[]): Reply => {
    const key = argument(args, 0);
    const set = keyspace.findSortedSet(key);
    const [start, stop] = [argument(args, 1), argument(args, 2)];
    const entries = by === "score" ? withinScores(set, start, stop) : withinRanks(sorted(set), start, stop);
    for (const { value } of entries) set?.delete(value);
    if (set && entries.length > 0) keyspace.data.set(key, set);
    return entries.length;
  };
}

export function zscore(keyspace: Keyspace, args: string[]): Reply {
  const entry = keyspace.findSortedSet(argument(args, 0))?.get(argument(args, 1));
  return entry ? { double: entry.score } : null;
}

export function zmscore(keyspace: Keyspace, args: string[]): Reply {
  const set = keyspace.findSortedSet(argument(args, 0));
  return args.slice(1).map((member) => {
    const entry = set?.get(member);
    return entry ? { double: entry.score } : null;
  });
}

export function zrank(reversed: boolean) {
  return (keyspace: Keyspace, args: string[]): Reply => {
    const entries = sorted(keyspace.findSortedSet(argument(args, 0)));
    if (reversed) entries.reverse();
    const rank = entries.findIndex(({ value }) => value === args[1]);
    return rank < 0 ? null : rank;
  };
}
