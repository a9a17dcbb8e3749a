/**
 * The query language. mingo compares BSON types through toString() and accepts unknown types silently, so
 * comparison is done here with the same order and the same path rules as the index keys; only `$expr` is mingo's.
 */
import { CommandError, notSupported } from "./errors.ts";
import { evaluateExpression } from "./expressions.ts";
import { isWithin, type NearPoint, parseNear, parseWithin } from "./geo.ts";
import { compareValues, sameValue, tagOf } from "./key.ts";
import { someAt } from "./paths.ts";
import {
  bsonType,
  compileRegex,
  type Document,
  isDocument,
  isNumeric,
  isRegex,
  promote,
  TYPE_NAMES,
  toBoolean,
  toNumber,
  typeOf,
} from "./values.ts";

type Test = (value: unknown) => boolean;

/** One condition that every match must satisfy; the planner chooses an index from these. */
export interface Conjunct {
  path: string;
  operator: string;
  operand: unknown;
  test: Test;
}

export interface Filter {
  test(document: Document): boolean;
  conjuncts: Conjunct[];
  near?: NearPoint;
  /** Whether the conjuncts are all there is to it. */
  isConjunction: boolean;
  isEmpty: boolean;
}

export function compileFilter(source: Document, allowNear = false): Filter {
  const conjuncts: Conjunct[] = [];
  const others: Test[] = [];
  collect(source, conjuncts, others);
  const nears = conjuncts.filter(({ operator }) => operator === "$near");
  if (nears.length > 1 || (nears.length === 1 && !allowNear)) {
    throw new CommandError(5626500, "$geoNear, $near, and $nearSphere are not allowed in this context");
  }
  const tests = [...conjuncts.map(({ test }) => test), ...others];
  const filter: Filter = {
    test: (document) => tests.every((test) => test(document)),
    conjuncts,
    isConjunction: others.length === 0,
    isEmpty: tests.length === 0,
  };
  const [near] = nears;
  return near ? { ...filter, near: { path: near.path, ...parseNear(near.operand) } } : filter;
}

function collect(source: Document, conjuncts: Conjunct[], others: Test[]): void {
  for (const [name, operand] of Object.entries(source)) {
    if (name === "$and") {
      for (const branch of branches(name, operand)) collect(branch, conjuncts, others);
    } else if (name === "$or" || name === "$nor") {
      const filters = branches(name, operand).map((branch) => compileFilter(branch));
      others.push((document) => filters.some(({ test }) => test(document as Document)) === (name === "$or"));
    } else if (name === "$expr") {
      const expression = promote(operand);
      others.push((document) => toBoolean(evaluateExpression(promote(document), expression)));
    } else if (name === "$text") {
      throw new CommandError(27, "text index required for $text query");
    } else if (name === "$where" || name === "$jsonSchema" || name === "$sampleRate") {
      throw notSupported(`the query operator ${name}`);
    } else if (name.startsWith("$")) {
      if (name !== "$comment") throw new CommandError(2, `unknown top level operator: ${name}.`);
    } else {
      collectPath(name, operand, conjuncts);
    }
  }
}

function branches(name: string, operand: unknown): Document[] {
  if (!Array.isArray(operand)) throw new CommandError(2, `${name} must be an array`);
  if (operand.length === 0) throw new CommandError(2, "$and/$or/$nor must be a nonempty array");
  if (!operand.every(isDocument)) throw new CommandError(2, "$or/$and/$nor entries need to be full objects");
  return operand;
}

export function isOperatorDocument(value: unknown): value is Document {
  return isDocument(value) && Object.keys(value)[0]?.startsWith("$") === true;
}

function collectPath(path: string, condition: unknown, conjuncts: Conjunct[]): void {
  const segments = path.split(".");
  const add = (operator: string, operand: unknown, leaf: Test): void => {
    conjuncts.push({ path, operator, operand, test: (document) => someAt(document, segments, leaf) });
  };
  if (!isOperatorDocument(condition)) {
    const operator = isRegex(condition) ? "$regex" : "$eq";
    add(operator, condition, leafTest(operator, condition, {}));
    return;
  }
  for (const [operator, operand] of Object.entries(condition)) {
    if (operator === "$options" && "$regex" in condition) continue;
    if (operator === "$exists" && !toBoolean(operand)) {
      // Not the same as a missing leaf somewhere: an array past its end has no leaf at all.
      conjuncts.push({ path, operator, operand, test: (document) => !someAt(document, segments, isThere) });
    } else if (NEGATIONS.has(operator)) {
      const test = negation(segments, operator, operand);
      conjuncts.push({ path, operator, operand, test });
    } else if (operator === "$near" || operator === "$nearSphere") {
      parseNear(operand);
      conjuncts.push({ path, operator: "$near", operand, test: () => true });
    } else {
      add(operator, operand, leafTest(operator, operand, condition));
    }
  }
}

const NEGATIONS = new Set(["$ne", "$nin", "$not"]);
const isThere: Test = (leaf) => leaf !== undefined;

function negation(segments: string[], operator: string, operand: unknown): Test {
  if (operator === "$ne" && isRegex(operand)) throw new CommandError(2, "Can't have regex as arg to $ne.");
  if (operator !== "$not") {
    const leaf = leafTest(operator === "$ne" ? "$eq" : "$in", operand, {});
    return (document) => !someAt(document, segments, leaf);
  }
  if (!isRegex(operand) && !isOperatorDocument(operand)) {
    throw new CommandError(2, "$not needs a regex or a document");
  }
  const conjuncts: Conjunct[] = [];
  collectPath(segments.join("."), operand, conjuncts);
  return (document) => !conjuncts.every(({ test }) => test(document));
}

/** A test on a leaf value that also opens one level of array, as MongoDB's leaf operators do. */
const orElement =
  (test: Test): Test =>
  (leaf) =>
    test(leaf) || (Array.isArray(leaf) && leaf.some(test));

function leafTest(operator: string, operand: unknown, siblings: Document): Test {
  switch (operator) {
    case "$eq":
      return orElement(equality(operand));
    case "$gt":
    case "$gte":
    case "$lt":
    case "$lte":
      return orElement(comparison(operator, operand));
    case "$in": {
      if (!Array.isArray(operand)) throw new CommandError(2, `${operator} needs an array`);
      if (operand.some(isOperatorDocument)) throw new CommandError(2, "cannot nest $ under $in");
      return membership(operand);
    }
    case "$exists":
      return isThere;
    case "$regex":
      return orElement(regexTest(operand, siblings.$options));
    case "$type":
      return orElement(typeTest(operand));
    case "$size": {
      const size = toNumber(operand, "$size");
      return (leaf) => Array.isArray(leaf) && leaf.length === size;
    }
    case "$mod": {
      if (!Array.isArray(operand) || operand.length !== 2)
        throw new CommandError(2, "malformed mod, not an array of two");
      const [divisor, remainder] = operand.map((part) => Math.trunc(toNumber(part, "$mod")));
      if (!divisor) throw new CommandError(2, "divisor cannot be 0");
      return orElement((leaf) => isNumeric(leaf) && Math.trunc(toNumber(leaf)) % divisor === remainder);
    }
    case "$all":
      return allTest(operand);
    case "$elemMatch":
      return elementTest(operand);
    case "$geoWithin": {
      const circle = parseWithin(operand);
      return (leaf) => isWithin(leaf, circle);
    }
    case "$geoIntersects":
    case "$bitsAllSet":
    case "$bitsAllClear":
    case "$bitsAnySet":
    case "$bitsAnyClear":
      throw notSupported(`the query operator ${operator}`);
    default:
      throw new CommandError(2, `unknown operator: ${operator}`);
  }
}

function equality(operand: unknown): Test {
  if (operand === null) return (leaf) => leaf === null || leaf === undefined;
  return (leaf) => leaf !== undefined && sameValue(leaf, operand);
}

function membership(operand: unknown[]): Test {
  const tests = operand.map((item) => (isRegex(item) ? regexTest(item, undefined) : equality(item)));
  return orElement((leaf) => tests.some((test) => test(leaf)));
}

function comparison(operator: string, operand: unknown): Test {
  if (isRegex(operand)) throw new CommandError(2, `Can't have RegEx as arg to predicate over field`);
  const holds: (order: number) => boolean = {
    $gt: (order: number) => order > 0,
    $gte: (order: number) => order >= 0,
    $lt: (order: number) => order < 0,
    $lte: (order: number) => order <= 0,
  }[operator as "$gt"];
  if (operand === null) return (leaf) => holds(0) && (leaf === null || leaf === undefined);
  const bracket = tagOf(operand);
  const isNaNOperand = isNumeric(operand) && Number.isNaN(toNumber(operand));
  return (leaf) => {
    if (leaf === undefined || tagOf(leaf) !== bracket) return false;
    if (isNumeric(leaf) && Number.isNaN(toNumber(leaf)) !== isNaNOperand) return false;
    return holds(compareValues(leaf, operand));
  };
}

function regexTest(operand: unknown, options: unknown): Test {
  if (!isRegex(operand) && typeof operand !== "string")
    throw new CommandError(2, "$regex has to be a string");
  const pattern = isRegex(operand) ? operand.pattern : operand;
  const flags = typeof options === "string" ? options : isRegex(operand) ? operand.options : "";
  const regex = compileRegex(pattern, flags);
  const isSame = (value: unknown): boolean =>
    isRegex(value) && value.pattern === pattern && value.options === flags;
  return (leaf) => (typeof leaf === "string" ? regex.test(leaf) : isSame(leaf));
}

function typeTest(operand: unknown): Test {
  const wanted = (Array.isArray(operand) ? operand : [operand]).map((type) => {
    if (type === "number") return "number";
    if (isNumeric(type)) return toNumber(type);
    const number = typeof type === "string" ? TYPE_NAMES.get(type) : undefined;
    if (number === undefined) throw new CommandError(2, `Unknown type name alias: ${String(type)}`);
    return number;
  });
  return (leaf) =>
    leaf !== undefined &&
    wanted.some((type) => (type === "number" ? isNumeric(leaf) : typeOf(leaf).number === type));
}

function allTest(operand: unknown): Test {
  if (!Array.isArray(operand)) throw new CommandError(2, "$all needs an array");
  const tests = operand.map((item) => {
    if (isDocument(item) && "$elemMatch" in item) return elementTest(item.$elemMatch);
    return orElement(isRegex(item) ? regexTest(item, undefined) : equality(item));
  });
  return (leaf) => tests.length > 0 && tests.every((test) => test(leaf));
}

function elementTest(operand: unknown): Test {
  if (!isDocument(operand)) throw new CommandError(2, "$elemMatch needs an Object");
  const first = Object.keys(operand)[0];
  if (first?.startsWith("$") && !["$and", "$or", "$nor", "$expr"].includes(first)) {
    const conjuncts: Conjunct[] = [];
    collectPath("element", operand, conjuncts);
    return (leaf) =>
      Array.isArray(leaf) && leaf.some((element) => conjuncts.every(({ test }) => test({ element })));
  }
  const filter = compileFilter(operand);
  return (leaf) =>
    Array.isArray(leaf) && leaf.some((element) => (isDocument(element) ? filter.test(element) : false));
}

/** Whether a value could be one side of an index look-up: arrays and regexes compare in other ways. */
export function isIndexable(value: unknown): boolean {
  return value !== undefined && !Array.isArray(value) && bsonType(value) !== "BSONRegExp";
}
