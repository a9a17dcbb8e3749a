/**
 * Dotted paths through documents and arrays. The filter and the index keys share this file, so that an index never
 * misses a document that the filter would accept.
 */
import { check, refuse } from "../errors.ts";
import { type Document, isDocument, show } from "../values.ts";

const isArrayIndex = (segment: string): boolean => /^(0|[1-9]\d{0,8})$/.test(segment);
type Test = (leaf: unknown) => boolean;

/** Whether `test` holds for a value that `segments` leads to; a missing field is tested as undefined. */
export function someAt(value: unknown, segments: readonly string[], test: Test, at = 0): boolean {
  const segment = segments[at];
  if (segment === undefined) return test(value);
  if (Array.isArray(value)) {
    if (isArrayIndex(segment) && Number(segment) < value.length) {
      if (someAt(value[Number(segment)], segments, test, at + 1)) return true;
    }
    return value.some((item) => isDocument(item) && someAt(item, segments, test, at));
  }
  if (!isDocument(value) || !Object.hasOwn(value, segment)) return test(undefined);
  return someAt(value[segment], segments, test, at + 1);
}

/** Every value at the path with arrays opened, as indexes, sorting and `distinct` see it; one undefined for none. */
export function valuesAt(document: Document, segments: readonly string[]): unknown[] {
  const found: unknown[] = [];
  someAt(document, segments, (leaf) => {
    found.push(...(Array.isArray(leaf) ? leaf : [leaf]));
    return false;
  });
  return found.length > 0 ? found : [undefined];
}

/** A place for a value: the document or array that holds it, and its key there. */
export interface Slot {
  holder: unknown;
  key: string;
}

export function readSlot({ holder, key }: Slot): unknown {
  if (Array.isArray(holder)) return isArrayIndex(key) ? holder[Number(key)] : undefined;
  return isDocument(holder) && Object.hasOwn(holder, key) ? holder[key] : undefined;
}

/** Throws PathNotViable when the holder can have no such key. */
export function writeSlot({ holder, key }: Slot, value: unknown): void {
  if (isDocument(holder)) {
    holder[key] = value;
    return;
  }
  const isPlace = Array.isArray(holder) && isArrayIndex(key);
  check(isPlace, 28, `Cannot create field '${key}' in element ${show(holder)}`);
  while (holder.length < Number(key)) holder.push(null);
  holder[Number(key)] = value;
}

/** Where a path ends, with what is missing on the way created; throws PathNotViable when a scalar is in the way. */
export function createSlot(document: Document, path: string): Slot {
  const segments = path.split(".");
  const key = segments.pop() ?? "";
  let holder: unknown = document;
  for (const segment of segments) {
    const slot = { holder, key: segment };
    if (readSlot(slot) === undefined) writeSlot(slot, {});
    holder = readSlot(slot);
  }
  if (isDocument(holder) || (Array.isArray(holder) && isArrayIndex(key))) return { holder, key };
  return refuse(28, `Cannot create field '${key}' in element ${show(holder)}`);
}

export function setAt(document: Document, path: string, value: unknown): void {
  writeSlot(createSlot(document, path), value);
}

/** Where a path ends, whether or not there is a value. It does not pass through all elements of an array. */
export function slotAt(document: Document, path: string): Slot {
  const segments = path.split(".");
  const key = segments.pop() ?? "";
  return {
    holder: segments.reduce<unknown>((holder, segment) => readSlot({ holder, key: segment }), document),
    key,
  };
}

export const getAt = (document: Document, path: string): unknown => readSlot(slotAt(document, path));
