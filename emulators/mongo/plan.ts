/**
 * Chooses the index for a query. A plan only has to read every document that may match, in the asked order if
 * it says so: the filter is tested on each of them afterwards, so a bound may be wider than the condition.
 */
import type { Collection, KeyRange } from "./collection.ts";
import type { Index, IndexField } from "./indexes.ts";
import { encodePrefix, encodeValue, invert, successor, tagOf } from "./key.ts";
import { type Conjunct, type Filter, isIndexable } from "./match.ts";
import type { SortField } from "./sort.ts";
import { isRegex, toBoolean } from "./values.ts";

export interface Plan {
  index: Index;
  ranges: KeyRange[];
  /** How many leading bytes of each range are fixed: the rest of a key is its place in the sort order. */
  prefixLengths: number[];
  sorted: boolean;
  reverse: boolean;
}

/** What the conjuncts say about one field: some exact keys, or bounds as key prefixes (both included). */
interface Constraint {
  points?: Uint8Array[];
  lower?: Uint8Array;
  upper?: Uint8Array;
}

const MAX_RANGES = 256;

export function findPlan(collection: Collection, filter: Filter, sort: SortField[]): Plan | undefined {
  const constraints = constraintsOf(filter.conjuncts);
  let best: { plan: Plan; score: number } | undefined;
  for (const index of collection.indexes) {
    if (index.fields.some(({ isGeo }) => isGeo) || !isUsable(index, filter)) continue;
    const candidate = planIndex(index, constraints, sort);
    if (candidate && candidate.score > (best?.score ?? 0)) best = candidate;
  }
  return best?.plan;
}

/** A partial index serves only a query that implies its filter; a sparse one, a query that needs its field. */
export function isUsable(index: Index, filter: Filter): boolean {
  if (index.sparse) {
    const [first] = index.fields;
    if (!filter.conjuncts.some((conjunct) => conjunct.path === first?.path && excludesMissing(conjunct)))
      return false;
  }
  if (index.partial?.isConjunction === false) return false;
  return index.partial?.conjuncts.every((needed) => isImplied(needed, filter)) ?? true;
}

function excludesMissing({ operator, operand }: Conjunct): boolean {
  if (operator === "$in") return Array.isArray(operand) && operand.every((item) => item !== null);
  if (operator === "$exists") return toBoolean(operand);
  return ["$eq", "$gt", "$gte", "$lt", "$lte", "$regex"].includes(operator) && operand !== null;
}

function isImplied(needed: Conjunct, filter: Filter): boolean {
  return filter.conjuncts.some((given) => {
    if (given.path !== needed.path) return false;
    if (given.operator === needed.operator && sameOperand(given.operand, needed.operand)) return true;
    if (needed.operator === "$exists") return excludesMissing(given);
    if (needed.path.includes(".")) return false;
    const holds = (value: unknown): boolean => isIndexable(value) && needed.test({ [needed.path]: value });
    if (given.operator === "$eq") return holds(given.operand);
    if (given.operator === "$in") return Array.isArray(given.operand) && given.operand.every(holds);
    return isNarrowerRange(given, needed) && holds(given.operand);
  });
}

function isNarrowerRange(given: Conjunct, needed: Conjunct): boolean {
  const side = (operator: string): string => operator.slice(0, 3);
  const isRange = ["$gt", "$gte", "$lt", "$lte"].includes(given.operator);
  return isRange && side(given.operator) === side(needed.operator);
}

function sameOperand(a: unknown, b: unknown): boolean {
  return tagOf(a) === tagOf(b) && Buffer.compare(encodeValue(a), encodeValue(b)) === 0;
}

export function constraintsOf(conjuncts: Conjunct[]): Map<string, Constraint> {
  const found = new Map<string, Constraint>();
  for (const { path, operator, operand } of conjuncts) {
    const constraint = found.get(path) ?? {};
    if (operator === "$eq" && isIndexable(operand)) {
      constraint.points = [encodeValue(operand)];
    } else if (
      operator === "$in" &&
      Array.isArray(operand) &&
      operand.length > 0 &&
      operand.every(isIndexable)
    ) {
      constraint.points ??= distinctKeys(operand);
    } else if (["$gt", "$gte", "$lt", "$lte"].includes(operator) && isIndexable(operand)) {
      const side = operator.startsWith("$g") ? "lower" : "upper";
      constraint[side] ??= encodeValue(operand);
    } else if (operator === "$regex") {
      const prefix = literalPrefix(operand);
      if (prefix === undefined) continue;
      const bound = encodePrefix(prefix);
      constraint.lower ??= bound;
      constraint.upper ??= bound;
    } else {
      continue;
    }
    found.set(path, constraint);
  }
  return found;
}

function distinctKeys(values: unknown[]): Uint8Array[] {
  const keys = values.map(encodeValue).sort(Buffer.compare);
  return keys.filter((key, at) => at === 0 || Buffer.compare(key, keys[at - 1] ?? key) !== 0);
}

/** The text that every match of an anchored regex starts with, such as `abc` of `/^abc[0-9]/`. */
function literalPrefix(operand: unknown): string | undefined {
  if (!isRegex(operand) || /[imx]/.test(operand.options) || operand.pattern.includes("|")) return undefined;
  const match = /^\^((?:[^\\.*+?()[\]{}|^$]|\\[^A-Za-z0-9])+)(.?)/s.exec(operand.pattern);
  if (!match) return undefined;
  const text = (match[1] ?? "").replaceAll(/\\(.)/gs, "$1");
  return "*+?{".includes(match[2] || " ") ? text.slice(0, -1) : text;
}

function planIndex(index: Index, constraints: Map<string, Constraint>, sort: SortField[]) {
  let prefixes: Uint8Array[] = [new Uint8Array(0)];
  let at = 0;
  const constant = new Set<string>();
  for (; at < index.fields.length; at++) {
    const field = index.fields[at];
    const points = field && usableConstraint(index, constraints, at)?.points;
    if (!points || points.length * prefixes.length > MAX_RANGES) break;
    if (points.length === 1) constant.add(field.path);
    prefixes = extend(prefixes, points, field);
  }
  const fixed = at;
  const order = index.multikey ? undefined : providedOrder(index.fields.slice(fixed), sort, constant);
  const bounds = usableConstraint(index, constraints, fixed);
  const field = index.fields[fixed];
  const isRange = field !== undefined && (bounds?.lower ?? bounds?.upper) !== undefined;
  const ranges = prefixes.map((prefix) =>
    isRange && bounds ? rangeOf(prefix, bounds, field) : prefixRange(prefix),
  );
  const sorted = order !== undefined && sort.length > 0;
  const score =
    fixed * 100 +
    (isRange ? 20 : 0) +
    (sorted ? 30 : 0) +
    (index.unique && fixed === index.fields.length ? 1000 : 0);
  const plan: Plan = {
    index,
    ranges,
    prefixLengths: prefixes.map(({ length }) => length),
    sorted,
    reverse: order === "reverse",
  };
  return { plan, score };
}

/** Two conditions on fields inside one array may be met by different elements: then only the first one counts. */
function usableConstraint(
  index: Index,
  constraints: Map<string, Constraint>,
  at: number,
): Constraint | undefined {
  const field = index.fields[at];
  const constraint = field && constraints.get(field.path);
  if (!constraint || !index.multikey) return constraint;
  const sharesArray = index.fields.slice(0, at).some(({ segments }) => segments[0] === field.segments[0]);
  if (sharesArray) return undefined;
  if (constraint.lower && constraint.upper && constraint.lower !== constraint.upper) {
    return constraint.points ? { points: constraint.points } : { lower: constraint.lower };
  }
  return constraint;
}

export function extend(prefixes: Uint8Array[], points: Uint8Array[], field: IndexField): Uint8Array[] {
  const directed = points.map((point) => (field.direction < 0 ? invert(point.slice()) : point));
  return prefixes.flatMap((prefix) => directed.map((point) => concat(prefix, point)));
}

export function concat(a: Uint8Array, b: Uint8Array): Uint8Array {
  const joined = new Uint8Array(a.length + b.length);
  joined.set(a);
  joined.set(b, a.length);
  return joined;
}

export function prefixRange(prefix: Uint8Array): KeyRange {
  return { low: prefix, high: successor(prefix) };
}

function rangeOf(prefix: Uint8Array, bounds: Constraint, field: IndexField): KeyRange {
  const bracket = (bounds.lower ?? bounds.upper)?.slice(0, 1) ?? new Uint8Array(0);
  const [lower, upper] = [bounds.lower ?? bracket, bounds.upper ?? bracket];
  if (field.direction > 0) return { low: concat(prefix, lower), high: successor(concat(prefix, upper)) };
  return {
    low: concat(prefix, invert(upper.slice())),
    high: successor(concat(prefix, invert(lower.slice()))),
  };
}

/** Whether keys that agree on the fixed fields come in the asked order, or in its reverse. */
function providedOrder(
  fields: IndexField[],
  sort: SortField[],
  constant: Set<string>,
): "forward" | "reverse" | undefined {
  const needed = sort.filter(({ path }) => !constant.has(path));
  const signs = needed.map(({ path, direction }, at) => {
    const field = fields[at];
    return field?.path === path ? field.direction * direction : 0;
  });
  if (signs.every((sign) => sign === 1)) return "forward";
  return signs.every((sign) => sign === -1) ? "reverse" : undefined;
}
