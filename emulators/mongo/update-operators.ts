/**
 * The update operators. mingo's skip silently what a mongod refuses ($inc of a text, $push to a scalar) and know
 * no number types, so these are written out here: an Int32 stays an Int32 and a mistake is an error.
 */
import { Double, Int32, Long, Timestamp } from "bson";
import { CommandError, notSupported } from "./errors.ts";
import { compareValues, sameValue } from "./key.ts";
import { compileFilter, type Filter, isOperatorDocument } from "./match.ts";
import { readSlot, type Slot, slotAt, writeSlot } from "./paths.ts";
import { parseSort, sortItems } from "./sort.ts";
import { bsonType, type Document, isDocument, isNumeric, isRegex, show, toNumber, typeOf } from "./values.ts";

export interface Operation {
  path: string;
  alsoTouches?: string;
  onlyOnInsert: boolean;
  apply(document: Document, path: string): void;
}

/** The field's new value from its old one; undefined when it is missing. */
type Change = (old: unknown, path: string) => unknown;

const CHANGES: Record<string, (operand: unknown, path: string) => Change> = {
  $set: (operand) => () => operand,
  $setOnInsert: (operand) => () => operand,
  $inc: (operand, path) => arithmetic("$inc", operand, path, 0),
  $mul: (operand, path) => arithmetic("$mul", operand, path, 1),
  $min: (operand) => (old) => (old === undefined || compareValues(operand, old) < 0 ? operand : old),
  $max: (operand) => (old) => (old === undefined || compareValues(operand, old) > 0 ? operand : old),
  $currentDate: currentDate,
  $push: push,
  $addToSet: addToSet,
};

const REMOVALS: Record<string, (operand: unknown, path: string) => Change> = {
  $pull: pull,
  $pullAll: pullAll,
  $pop: pop,
};

export function isUpdateOperator(operator: string): boolean {
  return (
    operator === "$unset" ||
    operator === "$rename" ||
    Object.hasOwn(CHANGES, operator) ||
    Object.hasOwn(REMOVALS, operator)
  );
}

export function parseOperation(operator: string, path: string, operand: unknown): Operation {
  const onlyOnInsert = operator === "$setOnInsert";
  if (operator === "$unset") return { path, onlyOnInsert, apply: removeField };
  if (operator === "$rename") return rename(path, operand);
  const create = operator in CHANGES;
  const change = (create ? CHANGES : REMOVALS)[operator]?.(operand, path);
  const apply = (document: Document, concrete: string): void => {
    const slot = slotAt(document, concrete, create);
    const old = slot && readSlot(slot);
    if (!slot || !change || (!create && old === undefined)) return;
    writeSlot(slot, change(old, concrete));
  };
  return { path, onlyOnInsert, apply };
}

function removeField(document: Document, path: string): void {
  const slot = slotAt(document, path, false);
  if (!slot || readSlot(slot) === undefined) return;
  if (Array.isArray(slot.holder)) writeSlot(slot, null);
  else delete slot.holder[slot.key];
}

function rename(path: string, operand: unknown): Operation {
  if (typeof operand !== "string")
    throw new CommandError(2, `The 'to' field for $rename must be a string: ${path}`);
  const apply = (document: Document): void => {
    const from = slotAt(document, path, false);
    const value = from && readSlot(from);
    if (!from || value === undefined) return;
    if (Array.isArray(from.holder))
      throw new CommandError(2, `The source field of $rename cannot be an array element`);
    delete from.holder[from.key];
    writeSlot(slotAt(document, operand, true) as Slot, value);
  };
  return { path, alsoTouches: operand, onlyOnInsert: false, apply };
}

function arithmetic(operator: "$inc" | "$mul", operand: unknown, path: string, neutral: 0 | 1): Change {
  const verb = operator === "$inc" ? "increment" : "multiply";
  if (!isNumeric(operand))
    throw new CommandError(14, `Cannot ${verb} with non-numeric argument: {${path}: ${show(operand)}}`);
  return (old) => {
    if (old === undefined) return neutral === 0 ? operand : calculate(operator, new Int32(0), operand);
    if (isNumeric(old)) return calculate(operator, old, operand);
    const message = `Cannot apply ${operator} to a value of non-numeric type. The field '${path}' has non-numeric type ${typeOf(old).name}`;
    throw new CommandError(14, message);
  };
}

function calculate(operator: "$inc" | "$mul", a: unknown, b: unknown): unknown {
  const types = [bsonType(a), bsonType(b)];
  if (types.includes("Decimal128")) throw notSupported(`${operator} of Decimal128`);
  if (types.includes("Double")) {
    return new Double(operator === "$inc" ? toNumber(a) + toNumber(b) : toNumber(a) * toNumber(b));
  }
  const [x, y] = [BigInt(String(a)), BigInt(String(b))];
  const result = operator === "$inc" ? x + y : x * y;
  if (BigInt.asIntN(64, result) !== result)
    throw new CommandError(2, `Failed to apply ${operator}: the result is out of range`);
  const isSmall = !types.includes("Long") && BigInt.asIntN(32, result) === result;
  return isSmall ? new Int32(Number(result)) : Long.fromBigInt(result);
}

function currentDate(operand: unknown): Change {
  const type = isDocument(operand) ? operand.$type : operand;
  if (type === true || type === "date") return () => new Date();
  if (type === "timestamp") return () => new Timestamp({ t: Math.floor(Date.now() / 1000), i: 1 });
  throw new CommandError(2, "The '$type' string field is required to be 'date' or 'timestamp'");
}

function asArray(old: unknown, path: string): unknown[] {
  if (Array.isArray(old)) return old;
  throw new CommandError(
    2,
    `The field '${path}' must be an array but is of type ${typeOf(old).name} in document`,
  );
}

const PUSH_OPTIONS = new Set(["$each", "$slice", "$sort", "$position"]);

function push(operand: unknown): Change {
  if (!isDocument(operand) || !("$each" in operand))
    return (old, path) => [...asArray(old === undefined ? [] : old, path), operand];
  const unknown = Object.keys(operand).find((name) => !PUSH_OPTIONS.has(name));
  if (unknown) throw new CommandError(2, `Unrecognized clause in $push: ${unknown}`);
  const { $each, $slice, $sort, $position } = operand;
  if (!Array.isArray($each)) throw new CommandError(2, "The argument to $each in $push must be an array");
  return (old, path) => {
    const array = [...asArray(old === undefined ? [] : old, path)];
    const position = $position === undefined ? array.length : toNumber($position, "$position");
    array.splice(position, 0, ...$each);
    const sorted = $sort === undefined ? array : sortElements(array, $sort);
    if ($slice === undefined) return sorted;
    const slice = toNumber($slice, "$slice");
    return slice < 0 ? sorted.slice(slice) : sorted.slice(0, slice);
  };
}

function sortElements(array: unknown[], sort: unknown): unknown[] {
  const isWhole = !isDocument(sort);
  const fields = parseSort(isWhole ? { element: sort } : sort);
  return sortItems(array, fields, (element) => (isWhole ? { element } : isDocument(element) ? element : {}));
}

function addToSet(operand: unknown): Change {
  const each: unknown = isDocument(operand) && "$each" in operand ? operand.$each : [operand];
  if (!Array.isArray(each)) throw new CommandError(14, "The argument to $each in $addToSet must be an array");
  return (old, path) => {
    const array = [...asArray(old === undefined ? [] : old, path)];
    for (const item of each) if (!array.some((other) => sameValue(other, item))) array.push(item);
    return array;
  };
}

function pull(operand: unknown): Change {
  let isPulled = (element: unknown): boolean => sameValue(element, operand);
  if (isOperatorDocument(operand) || isRegex(operand)) {
    const filter: Filter = compileFilter({ element: operand });
    isPulled = (element) => filter.test({ element });
  } else if (isDocument(operand)) {
    const filter = compileFilter(operand);
    isPulled = (element) => isDocument(element) && filter.test(element);
  }
  return (old, path) => asArray(old, path).filter((element) => !isPulled(element));
}

function pullAll(operand: unknown): Change {
  if (!Array.isArray(operand)) throw new CommandError(2, "$pullAll requires an array argument");
  return (old, path) =>
    asArray(old, path).filter((element) => !operand.some((item) => sameValue(item, element)));
}

function pop(operand: unknown): Change {
  const end = toNumber(operand, "$pop");
  if (end !== 1 && end !== -1) throw new CommandError(9, "$pop expects 1 or -1");
  return (old, path) => (end === 1 ? asArray(old, path).slice(0, -1) : asArray(old, path).slice(1));
}
