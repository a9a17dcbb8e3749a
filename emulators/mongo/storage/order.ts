/**
 * BSON values as values of SQLite whose order there is MongoDB's: numbers before texts before bytes, where bytes begin
 * with the type's place in the order. Objects and arrays are only told apart: their order is that of their text.
 */
import { Long, type ObjectId } from "bson";
import { bsonType, isNothing, isNumeric, show, toNumber } from "../values.ts";

export type Column = number | bigint | string | Uint8Array;

/** Stands for null and for what is missing; the number -Infinity, and NaN, are stored as the next larger one. */
export const LOWEST = Number.NEGATIVE_INFINITY;

const TAG = { object: 0x20, array: 0x25, objectId: 0x35, boolean: 0x40, date: 0x45, other: 0x60 };

export function columnOf(value: unknown): Column {
  if (typeof value === "string") return value;
  if (isNothing(value)) return LOWEST;
  if (value instanceof Long) return value.toBigInt();
  if (isNumeric(value)) return Math.max(toNumber(value) || 0, -Number.MAX_VALUE);
  if (typeof value === "boolean") return Uint8Array.of(TAG.boolean, Number(value));
  if (value instanceof Date) return dateColumn(value);
  if (bsonType(value) === "ObjectId") return Uint8Array.of(TAG.objectId, ...(value as ObjectId).id);
  const tag = Array.isArray(value) ? TAG.array : bsonType(value) ? TAG.other : TAG.object;
  return Buffer.from(String.fromCharCode(tag) + show(value));
}

function dateColumn(date: Date): Uint8Array {
  const bytes = Buffer.alloc(9, TAG.date);
  bytes.writeBigUInt64BE(BigInt(date.getTime()) + (1n << 63n), 1);
  return bytes;
}

/** The least column of the same type, all numbers being one, and the least of the next: `{ $gt: 5 }` finds no text. */
export function bracketOf(column: Column): [low: Column, high: Column] {
  if (typeof column === "string") return ["", new Uint8Array(0)];
  if (typeof column === "object") return [column.slice(0, 1), Uint8Array.of((column[0] ?? 0) + 1)];
  return column === LOWEST ? [LOWEST, -Number.MAX_VALUE] : [-Number.MAX_VALUE, ""];
}

const rankOf = (column: Column): number => ["string", "object"].indexOf(typeof column);

export function compareColumns(a: Column, b: Column): number {
  if (typeof a === "object" && typeof b === "object") return Buffer.compare(a, b);
  if (a === b) return 0;
  if (typeof a === "string" && typeof b === "string") return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return rankOf(a) - rankOf(b) || (a < b ? -1 : Number(a > b));
}

/** MongoDB's total order over values, negative when `a` comes first. */
export const compareValues = (a: unknown, b: unknown): number => compareColumns(columnOf(a), columnOf(b));
export const sameValue = (a: unknown, b: unknown): boolean => compareValues(a, b) === 0;

/** Whether both are of one type: only then do `$gt` and its kind compare them. */
export function sameBracket(a: Column, b: Column): boolean {
  return compareColumns(bracketOf(a)[0], bracketOf(b)[0]) === 0;
}
