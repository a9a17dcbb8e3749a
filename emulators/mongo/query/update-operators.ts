/** The update operators: an int stays an int, and a mistake is an error. */
import { check } from "../errors.ts";
import { compareValues, sameValue } from "../storage/order.ts";
import { calculate, type Document, isDocument, isNumeric, isRegex, show, toNumber } from "../values.ts";
import { compileFilter, isOperatorDocument } from "./filter.ts";
import { createSlot, readSlot, slotAt, writeSlot } from "./paths.ts";

/** The field's new value from its old one; undefined stands for a field that is missing. */
type Change = (old: unknown, path: string) => unknown;

const OPERATORS: Record<string, (operand: unknown, path: string) => Change> = {
  $set: (operand) => () => operand,
  $setOnInsert: (operand) => () => operand,
  $unset: () => () => undefined,
  $inc: increment,
  $min: (operand) => (old) => (old === undefined || compareValues(operand, old) < 0 ? operand : old),
  $max: (operand) => (old) => (old === undefined || compareValues(operand, old) > 0 ? operand : old),
  $push: push,
  $addToSet: addToSet,
  $pull: pull,
};

export interface Operation {
  path: string;
  onlyOnInsert: boolean;
  apply(document: Document, path: string): void;
}

export function parseOperation(operator: string, path: string, operand: unknown): Operation {
  const compile = Object.hasOwn(OPERATORS, operator) ? OPERATORS[operator] : undefined;
  check(compile, 9, `Unknown modifier: ${operator}. Expected a valid update modifier`);
  const change = compile(operand, path);
  const isRemoval = operator === "$unset" || operator === "$pull";
  const apply: Operation["apply"] = (document, concrete) => {
    const slot = isRemoval ? slotAt(document, concrete) : createSlot(document, concrete);
    const old = readSlot(slot);
    if (isRemoval && old === undefined) return;
    const value = change(old, concrete);
    if (value !== undefined) writeSlot(slot, value);
    else if (isDocument(slot.holder)) delete slot.holder[slot.key];
    else writeSlot(slot, null);
  };
  return { path, onlyOnInsert: operator === "$setOnInsert", apply };
}

function increment(operand: unknown, path: string): Change {
  check(isNumeric(operand), 14, `Cannot increment with non-numeric argument: {${path}: ${show(operand)}}`);
  return (old) => {
    check(
      old === undefined || isNumeric(old),
      14,
      `Cannot apply $inc to a value of non-numeric type: ${path}`,
    );
    return old === undefined ? operand : calculate("add", old, operand);
  };
}

function asArray(old: unknown, path: string): unknown[] {
  check(Array.isArray(old), 2, `The field '${path}' must be an array but is ${show(old)} in document`);
  return old;
}

/** Takes `$each` and `$slice`. */
function push(operand: unknown): Change {
  const { $each, $slice, ...others } =
    isDocument(operand) && "$each" in operand ? operand : { $each: [operand] };
  check(Object.keys(others).length === 0, 2, `Unrecognized clause in $push: ${Object.keys(others)}`);
  check(Array.isArray($each), 2, "The argument to $each in $push must be an array");
  return (old, path) => {
    const array = [...asArray(old ?? [], path), ...$each];
    const slice = $slice === undefined ? array.length : toNumber($slice, "$slice");
    return slice < 0 ? array.slice(slice) : array.slice(0, slice);
  };
}

function addToSet(operand: unknown): Change {
  const each: unknown = isDocument(operand) && "$each" in operand ? operand.$each : [operand];
  check(Array.isArray(each), 14, "The argument to $each in $addToSet must be an array");
  return (old, path) => {
    const array = [...asArray(old ?? [], path)];
    for (const item of each) if (!array.some((other) => sameValue(other, item))) array.push(item);
    return array;
  };
}

function pull(operand: unknown): Change {
  const isOfFields = isDocument(operand) && !isOperatorDocument(operand);
  const isOfValues = isOperatorDocument(operand) || isRegex(operand);
  const { test } = compileFilter(isOfFields ? operand : isOfValues ? { element: operand } : {});
  const isPulled = (element: unknown): boolean => {
    if (isOfFields) return isDocument(element) && test(element);
    return isOfValues ? test({ element }) : sameValue(element, operand);
  };
  return (old, path) => asArray(old, path).filter((element) => !isPulled(element));
}
