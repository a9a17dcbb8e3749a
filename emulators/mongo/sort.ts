/** Sorting by MongoDB's order, where an array stands for its smallest (or, descending, its largest) element. */
import { CommandError, notSupported } from "./errors.ts";
import { encodeKey } from "./key.ts";
import { indexTuples } from "./paths.ts";
import { type Document, isDocument, isNumeric, toNumber } from "./values.ts";

export interface SortField {
  path: string;
  direction: 1 | -1;
}

export function parseSort(source: unknown): SortField[] {
  if (source === undefined || source === null) return [];
  if (!isDocument(source)) throw new CommandError(14, "the sort must be an object");
  return Object.entries(source).map(([path, direction]) => {
    if (isDocument(direction)) throw notSupported("sorting by $meta");
    const number = isNumeric(direction) ? toNumber(direction) : 0;
    if (number !== 1 && number !== -1) {
      throw new CommandError(15975, "$sort key ordering must be 1 (for ascending) or -1 (for descending)");
    }
    return { path, direction: number };
  });
}

/** Sorts stably; `documentOf` finds the document of an item. */
export function sortItems<T>(items: T[], fields: SortField[], documentOf: (item: T) => Document): T[] {
  const paths = fields.map(({ path }) => path.split("."));
  const keyed = items.map((item) => {
    const document = documentOf(item);
    return { item, keys: fields.map(({ direction }, at) => sortKey(document, paths[at] ?? [], direction)) };
  });
  keyed.sort((a, b) => {
    for (let at = 0; at < fields.length; at++) {
      const order = Buffer.compare(a.keys[at] ?? NOTHING, b.keys[at] ?? NOTHING);
      if (order !== 0) return order;
    }
    return 0;
  });
  return keyed.map(({ item }) => item);
}

const NOTHING = new Uint8Array(0);

function sortKey(document: Document, path: string[], direction: number): Uint8Array {
  const { tuples } = indexTuples(document, [path]);
  let smallest: Uint8Array | undefined;
  for (const tuple of tuples) {
    const key = encodeKey(tuple, [direction]);
    if (!smallest || Buffer.compare(key, smallest) < 0) smallest = key;
  }
  return smallest ?? NOTHING;
}
