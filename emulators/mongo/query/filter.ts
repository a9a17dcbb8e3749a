/** The query language: a filter as tests on documents, and as the conjuncts from which the planner chooses an index. */
import { check, refuse } from "../errors.ts";
import { columnOf, compareColumns, LOWEST, sameBracket } from "../storage/order.ts";
import * as values from "../values.ts";
import { compileExpression } from "./expressions.ts";
import { isWithin, parseWithin } from "./geo.ts";
import { someAt } from "./paths.ts";

const { isDocument, isNothing, isRegex, toBoolean } = values;
type Document = values.Document;
type Test = (value: unknown) => boolean;

/** One condition that every match must satisfy. */
export interface Conjunct {
  path: string;
  operator: string;
  operand: unknown;
  test: Test;
}

export interface Filter {
  test(document: Document): boolean;
  conjuncts: Conjunct[];
  /** Whether the conjuncts are all there is to it. */
  isConjunction: boolean;
  isEmpty: boolean;
}

export function compileFilter(source: Document): Filter {
  const conjuncts: Conjunct[] = [];
  const others: Test[] = [];
  collect(source, conjuncts, others);
  const tests = [...conjuncts.map(({ test }) => test), ...others];
  return {
    test: (document) => tests.every((test) => test(document)),
    conjuncts,
    isConjunction: others.length === 0,
    isEmpty: tests.length === 0,
  };
}

function collect(source: Document, conjuncts: Conjunct[], others: Test[]): void {
  for (const [name, operand] of Object.entries(source)) {
    if (name === "$and") {
      for (const branch of branches(name, operand)) collect(branch, conjuncts, others);
    } else if (name === "$or" || name === "$nor") {
      const filters = branches(name, operand).map(compileFilter);
      others.push((document) => filters.some(({ test }) => test(document as Document)) === (name === "$or"));
    } else if (name === "$expr") {
      const evaluate = compileExpression(operand);
      others.push((document) => toBoolean(evaluate({ document: document as Document })));
    } else {
      check(!name.startsWith("$"), 2, `unknown top level operator: ${name}.`);
      conjuncts.push(...conjunctsOf(name, operand));
    }
  }
}

function branches(name: string, operand: unknown): Document[] {
  const isList = Array.isArray(operand) && operand.length > 0 && operand.every(isDocument);
  check(isList, 2, `${name} must be a nonempty array of objects`);
  return operand;
}

export function isOperatorDocument(value: unknown): value is Document {
  return isDocument(value) && Object.keys(value)[0]?.startsWith("$") === true;
}

function conjunctsOf(path: string, condition: unknown): Conjunct[] {
  const segments = path.split(".");
  if (!isOperatorDocument(condition)) {
    return conjunctsOf(path, { [isRegex(condition) ? "$regex" : "$eq"]: condition });
  }
  const { $options, ...operators } = condition;
  return Object.entries(operators).map(([operator, operand]) => {
    const conjunct = (test: Test): Conjunct => ({ path, operator, operand, test });
    const some = (leaf: Test) => conjunct((document) => someAt(document, segments, leaf));
    const none = (leaf: Test) => conjunct((document) => !someAt(document, segments, leaf));
    if (operator === "$ne") return none(leafTest("$eq", operand));
    if (operator === "$nin") return none(leafTest("$in", operand));
    // Not the same as a missing leaf somewhere: an array past its end has no leaf at all.
    if (operator === "$exists" && !toBoolean(operand)) return none(leafTest(operator, operand));
    if (operator !== "$not") return some(leafTest(operator, operand, $options));
    check(isRegex(operand) || isOperatorDocument(operand), 2, "$not needs a regex or a document");
    const inner = conjunctsOf(path, operand);
    return conjunct((document) => !inner.every(({ test }) => test(document)));
  });
}

/** A test on a leaf value that also opens one level of array, as MongoDB's leaf operators do. */
const orElement =
  (test: Test): Test =>
  (leaf) =>
    test(leaf) || (Array.isArray(leaf) && leaf.some(test));

const COMPARISONS: Record<string, (order: number) => boolean> = {
  $gt: (order) => order > 0,
  $gte: (order) => order >= 0,
  $lt: (order) => order < 0,
  $lte: (order) => order <= 0,
};

function leafTest(operator: string, operand: unknown, options?: unknown): Test {
  const holds = COMPARISONS[operator];
  if (holds) return comparison(operand, holds);
  if (operator === "$eq") return orElement(equality(operand));
  if (operator === "$in") return membership(operand);
  if (operator === "$exists") return (leaf) => leaf !== undefined;
  if (operator === "$regex") return orElement(regexTest(operand, options));
  if (operator === "$elemMatch") return elementTest(operand);
  if (operator === "$size") {
    const size = values.toNumber(operand, "$size");
    return (leaf) => Array.isArray(leaf) && leaf.length === size;
  }
  check(operator === "$geoWithin", 2, `unknown operator: ${operator}`);
  const circle = parseWithin(operand);
  return (leaf) => isWithin(leaf, circle);
}

/** Whether it is worth while to compare: an array or an object is long. */
const sameShape = (a: unknown, b: unknown): boolean =>
  typeof a === typeof b && Array.isArray(a) === Array.isArray(b) && isDocument(a) === isDocument(b);

function equality(operand: unknown): Test {
  if (isNothing(operand)) return isNothing;
  if (typeof operand === "string") return (leaf) => leaf === operand;
  const wanted = columnOf(operand);
  return (leaf) => sameShape(leaf, operand) && compareColumns(columnOf(leaf), wanted) === 0;
}

function membership(operand: unknown): Test {
  check(Array.isArray(operand), 2, "$in needs an array");
  check(!operand.some(isOperatorDocument), 2, "cannot nest $ under $in");
  const texts = new Set(operand.filter((item) => typeof item === "string"));
  const others = operand.filter((item) => typeof item !== "string");
  const tests = others.map((item) => (isRegex(item) ? regexTest(item) : equality(item)));
  return orElement((leaf) => texts.has(leaf as string) || tests.some((test) => test(leaf)));
}

function comparison(operand: unknown, holds: (order: number) => boolean): Test {
  if (isNothing(operand)) return orElement((leaf) => isNothing(leaf) && holds(0));
  const wanted = columnOf(operand);
  return orElement((leaf) => {
    const column = sameShape(leaf, operand) ? columnOf(leaf) : LOWEST;
    return sameBracket(column, wanted) && holds(compareColumns(column, wanted));
  });
}

function regexTest(operand: unknown, options?: unknown): Test {
  const [pattern, flags] = isRegex(operand) ? [operand.pattern, operand.options] : [operand, ""];
  if (typeof pattern !== "string") return refuse(2, "$regex has to be a string");
  const regex = values.compileRegex(pattern, typeof options === "string" ? options : flags);
  return (leaf) => typeof leaf === "string" && regex.test(leaf);
}

function elementTest(operand: unknown): Test {
  check(isDocument(operand), 2, "$elemMatch needs an Object");
  const isOfValues =
    isOperatorDocument(operand) && !/^\$(and|or|nor|expr)$/.test(Object.keys(operand)[0] ?? "");
  const { test } = compileFilter(isOfValues ? { element: operand } : operand);
  const passes = (element: unknown) =>
    isOfValues ? test({ element }) : isDocument(element) && test(element);
  return (leaf) => Array.isArray(leaf) && leaf.some(passes);
}
