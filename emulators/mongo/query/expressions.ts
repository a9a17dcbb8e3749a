/** Aggregation expressions on BSON values: numbers keep their type as a mongod keeps it. */
import { Double, Int32, Long } from "bson";
import { check, refuse } from "../errors.ts";
import { compareValues, sameValue } from "../storage/order.ts";
import * as values from "../values.ts";

const { calculate, isDocument, isNothing, isNumeric, toNumber } = values;

/** A document, decoded only by what reads from it. */
export interface Source {
  readonly document: values.Document;
}

export type Expression = (source: Source) => unknown;

export function compileExpression(source: unknown): Expression {
  if (typeof source === "string" && source.startsWith("$")) return fieldPath(source);
  if (Array.isArray(source)) {
    const items = source.map(compileExpression);
    return (input) => items.map((item) => item(input) ?? null);
  }
  if (!isDocument(source)) return () => source;
  const name = values.onlyKey(source);
  if (name?.startsWith("$")) return operation(name, source[name]);
  const fields = Object.entries(source).map(([field, value]) => [field, compileExpression(value)] as const);
  return (input) => Object.fromEntries(fields.map(([field, value]) => [field, value(input)]));
}

function fieldPath(text: string): Expression {
  if (text === "$$ROOT") return ({ document }) => document;
  check(!text.startsWith("$$"), 17276, `Use of undefined variable: ${text.slice(2)}`);
  const segments = text.slice(1).split(".");
  return ({ document }) => segments.reduce<unknown>(fieldOf, document);
}

function fieldOf(value: unknown, name: string): unknown {
  if (Array.isArray(value))
    return value.map((item) => fieldOf(item, name)).filter((item) => item !== undefined);
  return isDocument(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function operation(name: string, operand: unknown): Expression {
  if (name === "$literal") return () => operand;
  const isNamed = name === "$cond" && isDocument(operand);
  const parts = isNamed
    ? [operand.if, operand.then, operand.else]
    : Array.isArray(operand)
      ? operand
      : [operand];
  const args = parts.map(compileExpression);
  const operator = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (!operator) return refuse(168, `Unrecognized expression '${name}'`);
  return (input) => operator(args.map((argument) => argument(input)));
}

type Operator = (args: unknown[]) => unknown;

const isTrue = (value: unknown): boolean =>
  isNumeric(value) ? toNumber(value) !== 0 : value !== false && !isNothing(value);

/** Nothing in, nothing out. A date counts as its milliseconds, and with one date the result is a date. */
const arithmetic =
  (operate: (a: unknown, b: unknown) => unknown): Operator =>
  (args) => {
    if (args.some(isNothing)) return null;
    const numbers = args.map((value) => (value instanceof Date ? Long.fromNumber(value.getTime()) : value));
    const result = numbers.reduce(operate);
    const dates = args.filter((value) => value instanceof Date);
    return dates.length === 1 ? new Date(toNumber(result)) : result;
  };

const comparing =
  (holds: (order: number) => boolean): Operator =>
  ([a, b]) =>
    holds(compareValues(a, b));

/** The least, or with -1 the greatest, of the values, or of those in the only one. */
export const extreme =
  (sign: 1 | -1): Operator =>
  (args) => {
    const [first, ...others] = args;
    const all = others.length === 0 && Array.isArray(first) ? first : args;
    const found = all.filter((one) => !isNothing(one));
    return found.reduce((a, b) => (isNothing(a) || compareValues(b, a) * sign < 0 ? b : a), null);
  };

function listOf(value: unknown): unknown[] {
  check(Array.isArray(value), 14, `The argument must be an array, but was ${values.show(value)}`);
  return value;
}

const OPERATORS: Record<string, Operator> = {
  $add: arithmetic((a, b) => calculate("add", a, b)),
  $subtract: arithmetic((a, b) => calculate("subtract", a, b)),
  $multiply: arithmetic((a, b) => calculate("multiply", a, b)),
  $divide: arithmetic(
    (a, b) => new Double(toNumber(a) / (toNumber(b) || refuse(2, "can't $divide by zero"))),
  ),
  $eq: comparing((order) => order === 0),
  $ne: comparing((order) => order !== 0),
  $gt: comparing((order) => order > 0),
  $gte: comparing((order) => order >= 0),
  $lt: comparing((order) => order < 0),
  $lte: comparing((order) => order <= 0),
  $and: (args) => args.every(isTrue),
  $or: (args) => args.some(isTrue),
  $not: ([value]) => !isTrue(value),
  $cond: ([test, yes, no]) => (isTrue(test) ? yes : no),
  $ifNull: (args) => args.find((value) => !isNothing(value)) ?? args.at(-1),
  $min: extreme(1),
  $max: extreme(-1),
  $in: ([value, list]) => listOf(list).some((item) => sameValue(item, value)),
  $size: ([list]) => new Int32(listOf(list).length),
};
