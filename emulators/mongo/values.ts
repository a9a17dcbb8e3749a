/**
 * BSON values as the server sees them. Documents are decoded without promoting numbers, so Int32, Long and
 * Double survive a read-modify-write, and only what mingo evaluates is turned into plain JavaScript numbers.
 */
import { type Document, Double, deserialize, Int32, Long, serialize } from "bson";
import { CommandError } from "./errors.ts";

export type { Document };

const DECODE = { promoteValues: false, promoteBuffers: false, bsonRegExp: true, validation: { utf8: false } };

export const decode = (bytes: Uint8Array): Document => deserialize(bytes, DECODE);
export const encode = (document: Document): Uint8Array => serialize(document, { ignoreUndefined: true });

export function bsonType(value: unknown): string | undefined {
  return typeof value === "object" && value !== null
    ? (value as { _bsontype?: string })._bsontype
    : undefined;
}

export function isDocument(value: unknown): value is Document {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

export function isRegex(value: unknown): value is { pattern: string; options: string } {
  return bsonType(value) === "BSONRegExp";
}

export function isNumeric(value: unknown): boolean {
  if (typeof value === "number") return true;
  const type = bsonType(value);
  return type === "Int32" || type === "Double" || type === "Long" || type === "Decimal128";
}

/** Throws TypeMismatch when `value` is no number. */
export function toNumber(value: unknown, what = "value"): number {
  if (typeof value === "number") return value;
  if (!isNumeric(value)) throw new CommandError(14, `Expected a number for ${what}`);
  if (value instanceof Long) return value.toNumber();
  return value instanceof Int32 || value instanceof Double ? value.value : Number(String(value));
}

/** MongoDB's truth of an option: booleans, and numbers other than zero. */
export function toBoolean(value: unknown): boolean {
  return isNumeric(value) ? toNumber(value) !== 0 : value === true;
}

/** Plain JavaScript values for mingo: numbers are numbers, except Longs that a double cannot hold. */
export function promote(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(promote);
  if (isDocument(value)) {
    const result: Document = {};
    for (const key of Object.keys(value)) result[key] = promote(value[key]);
    return result;
  }
  if (value instanceof Int32 || value instanceof Double) return value.value;
  if (bsonType(value) === "Long") {
    const number = (value as Long).toNumber();
    return Number.isSafeInteger(number) ? number : value;
  }
  return isRegex(value) ? compileRegex(value.pattern, value.options) : value;
}

export function compileRegex(pattern: string, options: string): RegExp {
  const unknown = [...options].find((flag) => !"imsux".includes(flag));
  if (unknown) throw new CommandError(51108, `invalid flag in regex options: ${unknown}`);
  if (options.includes("x")) throw new CommandError(238, "the regex option 'x' is not supported here");
  try {
    return new RegExp(pattern, [...new Set(options)].filter((flag) => "ims".includes(flag)).join(""));
  } catch {
    throw new CommandError(51091, "Regular expression is invalid");
  }
}

/** The type's names and numbers as `$type` knows them. */
export function typeOf(value: unknown): { number: number; name: string } {
  const known = TYPES[typeKey(value)];
  if (!known) throw new CommandError(22, "a value of an unknown BSON type");
  return known;
}

function typeKey(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (value instanceof Date) return "date";
  if (typeof value === "number")
    return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? "Int32" : "Double";
  return bsonType(value) ?? typeof value;
}

const TYPES: Record<string, { number: number; name: string }> = {
  Double: { number: 1, name: "double" },
  string: { number: 2, name: "string" },
  object: { number: 3, name: "object" },
  DBRef: { number: 3, name: "object" },
  array: { number: 4, name: "array" },
  Binary: { number: 5, name: "binData" },
  undefined: { number: 6, name: "undefined" },
  ObjectId: { number: 7, name: "objectId" },
  boolean: { number: 8, name: "bool" },
  date: { number: 9, name: "date" },
  null: { number: 10, name: "null" },
  BSONRegExp: { number: 11, name: "regex" },
  Code: { number: 13, name: "javascript" },
  BSONSymbol: { number: 14, name: "symbol" },
  Int32: { number: 16, name: "int" },
  Timestamp: { number: 17, name: "timestamp" },
  Long: { number: 18, name: "long" },
  Decimal128: { number: 19, name: "decimal" },
  MinKey: { number: -1, name: "minKey" },
  MaxKey: { number: 127, name: "maxKey" },
};

export const TYPE_NAMES = new Map(Object.values(TYPES).map(({ name, number }) => [name, number]));

/** A value as mongod prints it in its error messages. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return "null";
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (Array.isArray(value)) return `[ ${value.map(show).join(", ")} ]`;
  if (isDocument(value)) return showDocument(value);
  if (bsonType(value) === "ObjectId") return `ObjectId('${String(value)}')`;
  return String(value);
}

export function showDocument(document: Document): string {
  const fields = Object.entries(document).map(([name, value]) => `${name}: ${show(value)}`);
  return fields.length ? `{ ${fields.join(", ")} }` : "{}";
}
