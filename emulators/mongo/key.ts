/**
 * BSON values as bytes whose memcmp order is MongoDB's comparison order, so that sqlite's B-tree can serve as
 * an index: equality is a prefix, a range is two of them, and a descending field is its bytes inverted.
 * No encoding is a prefix of another, so a compound key is a plain concatenation.
 */
import { type Binary, type Code, Long, type ObjectId, type Timestamp } from "bson";
import { CommandError } from "./errors.ts";
import { bsonType, type Document, isDocument, isRegex, toNumber } from "./values.ts";

export const TAG = {
  minKey: 0x01,
  undefined: 0x05,
  null: 0x0a,
  number: 0x10,
  string: 0x15,
  object: 0x20,
  array: 0x25,
  binary: 0x30,
  objectId: 0x35,
  boolean: 0x40,
  date: 0x45,
  timestamp: 0x47,
  regex: 0x50,
  code: 0x60,
  maxKey: 0x7f,
} as const;

const TAG_BY_TYPE: Record<string, number> = {
  Int32: TAG.number,
  Double: TAG.number,
  Long: TAG.number,
  Decimal128: TAG.number,
  ObjectId: TAG.objectId,
  Binary: TAG.binary,
  Timestamp: TAG.timestamp,
  BSONRegExp: TAG.regex,
  BSONSymbol: TAG.string,
  Code: TAG.code,
  DBRef: TAG.object,
  MinKey: TAG.minKey,
  MaxKey: TAG.maxKey,
};

/** The type bracket of a value: values of one bracket compare by content, others by bracket. */
export function tagOf(value: unknown): number {
  switch (typeof value) {
    case "string":
      return TAG.string;
    case "number":
      return TAG.number;
    case "boolean":
      return TAG.boolean;
    case "undefined":
      return TAG.undefined;
  }
  if (value === null) return TAG.null;
  if (Array.isArray(value)) return TAG.array;
  if (value instanceof Date) return TAG.date;
  const type = bsonType(value);
  const tag = type === undefined ? TAG.object : TAG_BY_TYPE[type];
  if (tag === undefined) throw new CommandError(238, `a value of type ${type} cannot be compared here`);
  return tag;
}

let buffer = Buffer.allocUnsafe(4096);
let length = 0;

function reserve(bytes: number): void {
  if (length + bytes <= buffer.length) return;
  const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, length + bytes));
  buffer.copy(larger, 0, 0, length);
  buffer = larger;
}

function writeByte(byte: number): void {
  reserve(1);
  buffer[length++] = byte;
}

function writeText(text: string): void {
  reserve(text.length * 6 + 2);
  const start = length;
  length += buffer.write(text, length, "utf8");
  if (text.includes("\0")) {
    const plain = Buffer.from(buffer.subarray(start, length));
    length = start;
    for (const byte of plain) {
      buffer[length++] = byte;
      if (byte === 0) buffer[length++] = 0xff;
    }
  }
  buffer[length++] = 0;
  buffer[length++] = 0;
}

/** The double in memcmp order, then how far an int64 is from that double, so that large Longs stay distinct. */
function writeNumber(value: unknown): void {
  const number = toNumber(value);
  const isWide = value instanceof Long && !Number.isSafeInteger(number);
  const rest = isWide ? Number(value.toBigInt() - BigInt(number)) : 0;
  reserve(10);
  if (Number.isNaN(number)) {
    buffer.fill(0, length, length + 10);
  } else {
    buffer.writeDoubleBE(number === 0 ? 0 : number, length);
    const negative = (buffer[length] ?? 0) & 0x80;
    if (negative) for (let at = length; at < length + 8; at++) buffer[at] = ~(buffer[at] ?? 0) & 0xff;
    else buffer[length] = (buffer[length] ?? 0) | 0x80;
    buffer.writeUInt16BE(rest + 0x8000, length + 8);
  }
  length += 10;
}

function writeBytes(bytes: Uint8Array): void {
  reserve(bytes.length);
  buffer.set(bytes, length);
  length += bytes.length;
}

function writeObject(document: Document): void {
  for (const name of Object.keys(document)) {
    const value = document[name];
    writeByte(tagOf(value));
    writeText(name);
    writeValue(value);
  }
  writeByte(0);
}

function writeValue(value: unknown): void {
  const tag = tagOf(value);
  writeByte(tag);
  switch (tag) {
    case TAG.number:
      writeNumber(value);
      break;
    case TAG.string:
      writeText(String(value));
      break;
    case TAG.boolean:
      writeByte(value ? 1 : 0);
      break;
    case TAG.date:
      reserve(8);
      buffer.writeBigInt64BE(BigInt((value as Date).getTime()), length);
      buffer[length] = (buffer[length] ?? 0) ^ 0x80;
      length += 8;
      break;
    case TAG.objectId:
      writeBytes((value as ObjectId).id);
      break;
    case TAG.timestamp:
      reserve(8);
      buffer.writeBigUInt64BE((value as Timestamp).toBigInt() & 0xffffffffffffffffn, length);
      length += 8;
      break;
    case TAG.object:
      writeObject(isDocument(value) ? value : { ...(value as { toJSON(): Document }).toJSON() });
      break;
    case TAG.array:
      for (const item of value as unknown[]) writeValue(item);
      writeByte(0);
      break;
    case TAG.binary: {
      const binary = value as Binary;
      reserve(5);
      buffer.writeUInt32BE(binary.position, length);
      buffer[length + 4] = binary.sub_type;
      length += 5;
      writeBytes(binary.buffer.subarray(0, binary.position));
      break;
    }
    case TAG.regex:
      if (isRegex(value)) {
        writeText(value.pattern);
        writeText(value.options);
      }
      break;
    case TAG.code:
      writeText((value as Code).code);
      break;
  }
}

/** One key from one value per index field; `directions` are 1 or -1. */
export function encodeKey(values: readonly unknown[], directions: readonly number[]): Uint8Array {
  length = 0;
  for (let at = 0; at < values.length; at++) {
    const start = length;
    writeValue(values[at]);
    if ((directions[at] ?? 1) < 0) invert(buffer, start, length);
  }
  return new Uint8Array(buffer.subarray(0, length));
}

export function encodeValue(value: unknown): Uint8Array {
  return encodeKey([value], [1]);
}

/** Bytes that every string with this prefix starts with. */
export function encodePrefix(prefix: string): Uint8Array {
  return encodeValue(prefix).slice(0, -2);
}

export function invert(bytes: Uint8Array, start = 0, end = bytes.length): Uint8Array {
  for (let at = start; at < end; at++) bytes[at] = ~(bytes[at] ?? 0) & 0xff;
  return bytes;
}

/** The smallest key greater than every key that starts with `prefix`. */
export function successor(prefix: Uint8Array): Uint8Array {
  let end = prefix.length;
  while (end > 0 && prefix[end - 1] === 0xff) end--;
  if (end === 0) return Uint8Array.of(0xff);
  const next = new Uint8Array(prefix.subarray(0, end));
  next[end - 1] = (next[end - 1] ?? 0) + 1;
  return next;
}

/** MongoDB's total order over values, negative when `a` comes first. */
export function compareValues(a: unknown, b: unknown): number {
  const tag = tagOf(a);
  const difference = tag - tagOf(b);
  if (difference !== 0) return difference;
  if (tag === TAG.number && !(a instanceof Long) && !(b instanceof Long)) {
    const [x, y] = [toNumber(a), toNumber(b)];
    if (x === y) return 0;
    if (x < y || x > y) return x < y ? -1 : 1;
    return Number(Number.isNaN(y)) - Number(Number.isNaN(x));
  }
  if (tag === TAG.string && a === b) return 0;
  if (tag === TAG.date) return (a as Date).getTime() - (b as Date).getTime();
  if (tag === TAG.boolean) return Number(a) - Number(b);
  return Buffer.compare(encodeValue(a), encodeValue(b));
}

export function sameValue(a: unknown, b: unknown): boolean {
  if (typeof a === "string" && typeof b === "string") return a === b;
  return compareValues(a, b) === 0;
}
