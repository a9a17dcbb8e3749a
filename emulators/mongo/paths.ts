/**
 * Dotted paths through documents and arrays. The matcher and the index keys share this file, so that an index
 * never misses a document that the matcher would accept.
 */
import { CommandError } from "./errors.ts";
import { type Document, isDocument } from "./values.ts";

const isArrayIndex = (segment: string): boolean => /^(0|[1-9]\d{0,8})$/.test(segment);

/** Whether `test` holds for a value that `segments` leads to; a missing field is tested as undefined. */
export function someAt(
  value: unknown,
  segments: readonly string[],
  test: (leaf: unknown) => boolean,
  at = 0,
): boolean {
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

/** Every value at the path with arrays opened, as `distinct` and sorting see it. */
export function valuesAt(document: Document, segments: readonly string[]): unknown[] {
  const found: unknown[] = [];
  someAt(document, segments, (leaf) => {
    if (Array.isArray(leaf)) found.push(...leaf);
    else if (leaf !== undefined) found.push(leaf);
    return false;
  });
  return found;
}

export interface Tuples {
  tuples: unknown[][];
  throughArray: boolean;
}

interface Position {
  value: unknown;
  segments: readonly string[];
  at: number;
  settled: boolean;
}

/**
 * One tuple of values per index entry of a document. An array yields a tuple per element; two different arrays
 * in one index would multiply and are refused, as in mongod. Missing is null, an empty array is undefined.
 */
export function indexTuples(document: Document, paths: readonly (readonly string[])[]): Tuples {
  const result: Tuples = { tuples: [], throughArray: false };
  expand(
    paths.map((segments) => ({ value: document, segments, at: 0, settled: false })),
    result,
  );
  return result;
}

function expand(positions: Position[], result: Tuples): void {
  const advanced = positions.map(advance);
  const arrays = new Set(advanced.filter(({ settled }) => !settled).map(({ value }) => value as unknown[]));
  const [array] = arrays;
  if (array === undefined) {
    result.tuples.push(advanced.map(({ value }) => value));
    return;
  }
  if (arrays.size > 1) throw new CommandError(171, "cannot index parallel arrays");
  result.throughArray = true;
  for (const element of array.length ? array : [undefined]) {
    expand(
      advanced.map((position) => (position.settled ? position : openArray(position, element))),
      result,
    );
  }
}

/** Walks to the end of the path, or to the first array on it. */
function advance(position: Position): Position {
  if (position.settled) return position;
  const { segments } = position;
  let { value, at } = position;
  while (at < segments.length) {
    const segment = segments[at] ?? "";
    if (Array.isArray(value)) {
      if (!isArrayIndex(segment)) break;
      value = value[Number(segment)] ?? null;
    } else {
      value = isDocument(value) && Object.hasOwn(value, segment) ? value[segment] : null;
    }
    at++;
  }
  return { value, segments, at, settled: !Array.isArray(value) };
}

function openArray(position: Position, element: unknown): Position {
  if (position.at === position.segments.length) return { ...position, value: element, settled: true };
  if (isDocument(element)) return { ...position, value: element };
  return { ...position, value: null, settled: true };
}

/** The value at a path that does not pass through arrays. */
export function getAt(document: Document, path: string): unknown {
  let value: unknown = document;
  for (const segment of path.split(".")) {
    if (Array.isArray(value) && isArrayIndex(segment)) value = value[Number(segment)];
    else if (isDocument(value) && Object.hasOwn(value, segment)) value = value[segment];
    else return undefined;
  }
  return value;
}

/** Where a path ends: the document or array that holds its last segment, created on the way unless absent. */
export interface Slot {
  holder: Document | unknown[];
  key: string;
}

/** Throws PathNotViable when a scalar is in the way; finds nothing when a part is missing and not `create`. */
export function slotAt(document: Document, path: string, create: boolean): Slot | undefined {
  const segments = path.split(".");
  if (segments.some((segment) => segment === "")) {
    throw new CommandError(
      56,
      `The update path '${path}' contains an empty field name, which is not allowed.`,
    );
  }
  let holder: Document | unknown[] = document;
  for (let at = 0; ; at++) {
    const key = segments[at] ?? "";
    if (Array.isArray(holder) && !isArrayIndex(key)) {
      if (!create) return undefined;
      throw new CommandError(28, `Cannot create field '${key}' in element {${segments[at - 1]}: array}`);
    }
    if (at === segments.length - 1) return { holder, key };
    let next = readSlot({ holder, key });
    if (next === undefined) {
      if (!create) return undefined;
      next = {};
      writeSlot({ holder, key }, next);
    }
    if (!isDocument(next) && !Array.isArray(next)) {
      if (!create) return undefined;
      throw new CommandError(
        28,
        `Cannot create field '${segments[at + 1]}' in element {${key}: ${String(next)}}`,
      );
    }
    holder = next;
  }
}

export function readSlot({ holder, key }: Slot): unknown {
  if (Array.isArray(holder)) return holder[Number(key)];
  return Object.hasOwn(holder, key) ? holder[key] : undefined;
}

export function writeSlot({ holder, key }: Slot, value: unknown): void {
  if (!Array.isArray(holder)) {
    holder[key] = value;
    return;
  }
  while (holder.length < Number(key)) holder.push(null);
  holder[Number(key)] = value;
}
