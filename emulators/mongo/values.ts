/** BSON values. Numbers are decoded as they are typed, so Int32, Long and Double survive a read-modify-write. */
import { type Document, Double, deserialize, EJSON, Int32, Long, serialize } from "bson";
import { check, refuse } from "./errors.ts";

export type { Document };

const DECODE = { promoteValues: false, promoteBuffers: false, bsonRegExp: true, validation: { utf8: false } };

export const decode = (bytes: Uint8Array): Document => deserialize(bytes, DECODE);
export const encode = (document: Document): Uint8Array => serialize(document, { ignoreUndefined: true });

export function bsonType(value: unknown): string | undefined {
  return typeof value === "object" ? (value as { _bsontype?: string } | null)?._bsontype : undefined;
}

export function isDocument(value: unknown): value is Document {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** The key of a document that has only one. */
export function onlyKey(value: unknown): string | undefined {
  const [key, ...others] = isDocument(value) ? Object.keys(value) : [];
  return others.length === 0 ? key : undefined;
}

export function isRegex(value: unknown): value is { pattern: string; options: string } {
  return bsonType(value) === "BSONRegExp";
}

export const isNothing = (value: unknown): value is null | undefined => value === null || value === undefined;
export const isNumeric = (value: unknown): boolean =>
  /^(Int32|Double|Long|Decimal128)$/.test(bsonType(value) ?? "");

/** Throws TypeMismatch when `value` is no number. */
export function toNumber(value: unknown, what = "value"): number {
  check(isNumeric(value), 14, `Expected a number for ${what}`);
  return Number((value as Int32).value ?? String(value));
}

/** MongoDB's truth of an option: booleans, and numbers other than zero. */
export function toBoolean(value: unknown): boolean {
  return isNumeric(value) ? toNumber(value) !== 0 : value === true;
}

const ARITHMETIC = {
  add: { whole: (a: bigint, b: bigint) => a + b, double: (a: number, b: number) => a + b },
  subtract: { whole: (a: bigint, b: bigint) => a - b, double: (a: number, b: number) => a - b },
  multiply: { whole: (a: bigint, b: bigint) => a * b, double: (a: number, b: number) => a * b },
};

/** A number of the wider type of the two; an int becomes a long when it must. Throws for what is no number. */
export function calculate(operation: keyof typeof ARITHMETIC, a: unknown, b: unknown): Int32 | Long | Double {
  const { whole, double } = ARITHMETIC[operation];
  const [x, y] = [toNumber(a, operation), toNumber(b, operation)];
  const types = [bsonType(a), bsonType(b)];
  check(!types.includes("Decimal128"), 2, `cannot ${operation} a decimal here`);
  if (types.includes("Double")) return new Double(double(x, y));
  const result = whole(BigInt(String(a)), BigInt(String(b)));
  check(BigInt.asIntN(64, result) === result, 2, `the result of ${operation} is out of range`);
  const isSmall = !types.includes("Long") && BigInt.asIntN(32, result) === result;
  return isSmall ? new Int32(Number(result)) : Long.fromBigInt(result);
}

export function compileRegex(pattern: string, options: string): RegExp {
  check(/^[ims]*$/.test(options), 51108, `invalid flag in regex options: ${options}`);
  try {
    return new RegExp(pattern, options);
  } catch {
    return refuse(51091, "Regular expression is invalid");
  }
}

/** A value as a message shows it. Numbers that are equal are shown alike, whatever their type. */
export function show(value: unknown): string {
  return EJSON.stringify(value ?? null, { relaxed: true });
}
