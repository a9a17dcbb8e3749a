/**
 * Chooses the index for a query. A plan only has to read every document that may match, in the asked order if it says
 * so: the filter is tested on each of them afterwards, so a bound may be wider than the condition.
 */
import { check } from "../errors.ts";
import type { Conjunct, Filter } from "../query/filter.ts";
import type { SortField } from "../query/sort.ts";
import { isNothing, isRegex, show, toBoolean } from "../values.ts";
import type { Collection, Scan } from "./collection.ts";
import type { Index } from "./indexes.ts";
import { bracketOf, type Column, columnOf } from "./order.ts";

/** What the conjuncts say about one field: it is one of `points`, or lies within bounds. */
interface Constraint {
  points?: Column[];
  bounds: [sql: string, column: Column][];
}
type Constraints = Map<string, Constraint>;

/** The most combinations of values of its first fields that an index is read with. SQLite takes twice as many parameters. */
const POINTS_MAX = 16_384;
const RANGES: Record<string, string> = { $gt: ">= ?", $gte: ">= ?", $lt: "<= ?", $lte: "<= ?" };

export function findPlan(
  collection: Collection,
  filter: Filter,
  sort: SortField[],
  hint?: Index,
): Scan | undefined {
  const constraints = constraintsOf(filter.conjuncts);
  const serves = (index: Index) => !index.fields.some(({ isGeo }) => isGeo) && isUsable(index, filter);
  if (hint) {
    check(serves(hint), 2, "error processing query: planner returned error: bad hint");
    return planIndex(hint, constraints, sort).scan;
  }
  let best: { scan: Scan; score: number } | undefined;
  for (const index of collection.indexes) {
    if (!serves(index)) continue;
    const candidate = planIndex(index, constraints, sort);
    if (candidate.score > (best?.score ?? 0)) best = candidate;
  }
  return best?.scan;
}

/** A partial index serves only a query that implies its filter. */
export function isUsable({ partial }: Index, filter: Filter): boolean {
  return (
    partial?.conjuncts.every((needed) => filter.conjuncts.some((given) => implies(given, needed))) ?? true
  );
}

function implies(given: Conjunct, needed: Conjunct): boolean {
  if (given.path !== needed.path) return false;
  if (given.operator === needed.operator && show(given.operand) === show(needed.operand)) return true;
  if (needed.operator !== "$exists") return false;
  if (given.operator === "$exists") return toBoolean(given.operand);
  const isPositive = given.operator === "$eq" || given.operator in RANGES;
  return isPositive && !isNothing(given.operand);
}

const isIndexable = (value: unknown): boolean => !Array.isArray(value) && !isRegex(value);

export function constraintsOf(conjuncts: Conjunct[]): Constraints {
  const found: Constraints = new Map();
  for (const { path, operator, operand } of conjuncts) {
    const constraint = found.get(path) ?? { bounds: [] };
    const values = operator === "$eq" ? [operand] : operator === "$in" ? (operand as unknown[]) : [];
    if (values.length > 0 && values.every(isIndexable)) {
      constraint.points ??= values.map(columnOf);
    }
    const range = RANGES[operator];
    if (range && isIndexable(operand) && !isNothing(operand)) {
      const column = columnOf(operand);
      const [low, high] = bracketOf(column);
      constraint.bounds.push([range, column], range === ">= ?" ? ["< ?", high] : [">= ?", low]);
    }
    found.set(path, constraint);
  }
  return found;
}

/** A longer prefix of points counts most, then an order that needs no sorting, then a range, then a partial index. As with a
 * mongod, an index serves only a query that names its first field, or sorts by it: its own filter is not enough. */
function planIndex(index: Index, constraints: Constraints, sort: SortField[]): { scan: Scan; score: number } {
  const { where, params, constants } = prefixOf(index, constraints);
  const fixed = where.length;
  const bounds = constraintAt(index, constraints, fixed)?.bounds ?? [];
  for (const [sql, column] of index.multikey ? bounds.slice(0, 1) : bounds) {
    where.push(`c${fixed} ${sql}`);
    params.push(column);
  }
  const needed = sort.filter(({ path }) => !constants.has(path));
  const columns = needed.map(({ path }) => index.fields.findIndex((field) => field.path === path));
  const isSorted = sort.length > 0 && !index.multikey && !columns.includes(-1);
  const isNatural = isSorted && columns.every((column, at) => column === fixed + at);
  const order = [
    ...needed.map(({ direction }, at) => `c${columns[at]} ${direction < 0 ? "DESC" : ""}`),
    "row",
  ];
  const names = constraints.has(index.fields[0]?.path ?? "");
  const isWhole = index.unique && fixed === index.fields.length;
  const score =
    (isWhole ? 1000 : 0) +
    fixed * 100 +
    (isNatural ? 30 : 0) +
    (bounds.length ? 20 : 0) +
    (index.partial && (names || isNatural) ? 10 : 0);
  return {
    scan: { index, where: where.join(" AND "), params, ...(isSorted && { order: order.join(", ") }) },
    score,
  };
}

/** Repeats the last one: a statement is kept for each number of values. */
function toPowerOfTwo(points: Column[]): Column[] {
  const [last] = points.slice(-1);
  const length = 2 ** Math.ceil(Math.log2(points.length));
  return last === undefined ? points : [...points, ...Array(length - points.length).fill(last)];
}

/** The conditions on the leading fields that are one of some values; `constants` are those with only one. */
export function prefixOf(index: Index, constraints: Constraints) {
  const [where, params, constants]: [string[], Column[], Set<string>] = [[], [], new Set()];
  let combinations = 1;
  for (const [at, { path }] of index.fields.entries()) {
    const points = constraintAt(index, constraints, at)?.points;
    if (!points) break;
    combinations *= points.length;
    if (combinations > POINTS_MAX) break;
    const repeated = toPowerOfTwo(points);
    where.push(`c${at} IN (${repeated.map(() => "?").join(", ")})`);
    params.push(...repeated);
    if (points.length === 1) constants.add(path);
  }
  return { where, params, constants };
}

/** Two conditions on fields inside one array may be met by different elements: then only the first one counts. */
function constraintAt(index: Index, constraints: Constraints, at: number): Constraint | undefined {
  const field = index.fields[at];
  if (!field || field.isGeo) return undefined;
  const isShared = index.fields.slice(0, at).some(({ segments }) => segments[0] === field.segments[0]);
  return index.multikey && isShared ? undefined : constraints.get(field.path);
}
