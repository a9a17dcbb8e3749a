/** Sorting by MongoDB's order, where an array stands for its smallest (or, descending, its largest) element. */
import { check } from "../errors.ts";
import { columnOf, compareColumns } from "../storage/order.ts";
import { type Document, isDocument, isNumeric, toNumber } from "../values.ts";
import { valuesAt } from "./paths.ts";

export interface SortField {
  path: string;
  direction: number;
}

export function parseSort(source: unknown): SortField[] {
  check(source === undefined || isDocument(source), 14, "the sort must be an object");
  return Object.entries(source ?? {}).map(([path, value]) => {
    const direction = isNumeric(value) ? toNumber(value) : 0;
    check(
      Math.abs(direction) === 1,
      15975,
      "$sort key ordering must be 1 (for ascending) or -1 (for descending)",
    );
    return { path, direction };
  });
}

/** Sorts stably. */
export function sortDocuments<T extends { readonly document: Document }>(
  items: T[],
  fields: SortField[],
): T[] {
  const parsed = fields.map(({ path, direction }) => ({ segments: path.split("."), direction }));
  const keyed = items.map((item) => {
    const keys = parsed.map(({ segments, direction }) => {
      const columns = valuesAt(item.document, segments).map(columnOf);
      return columns.reduce((best, column) => (compareColumns(column, best) * direction < 0 ? column : best));
    });
    return { item, keys };
  });
  keyed.sort((a, b) => {
    for (const [at, { direction }] of fields.entries()) {
      const order = compareColumns(a.keys[at] ?? 0, b.keys[at] ?? 0);
      if (order !== 0) return order * direction;
    }
    return 0;
  });
  return keyed.map(({ item }) => item);
}
