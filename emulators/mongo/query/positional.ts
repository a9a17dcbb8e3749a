/** Update paths that name array elements: `a.$` (the one that matched), `a.$[]` (all), `a.$[x]` (by array filter). */
import { check } from "../errors.ts";
import type { Document } from "../values.ts";
import type { Filter } from "./filter.ts";
import { getAt } from "./paths.ts";

/** Array filters by their name. */
export type Elements = Map<string, Filter>;

/** The concrete paths in this document; a path without positional parts is itself. */
export function expandPath(document: Document, path: string, filter: Filter, elements: Elements): string[] {
  const [first = "", ...segments] = path.split(".");
  let paths = [first];
  for (const segment of segments) {
    paths = paths.flatMap((prefix) => {
      if (segment === "$") return `${prefix}.${matchedElement(document, prefix, filter)}`;
      if (segment.startsWith("$[")) return elementPaths(document, prefix, segment.slice(2, -1), elements);
      return `${prefix}.${segment}`;
    });
  }
  return paths;
}

function matchedElement(document: Document, path: string, filter: Filter): number {
  const conditions = filter.conjuncts.filter((one) => `${one.path}.`.startsWith(`${path}.`));
  const alone = (element: unknown): unknown =>
    path.split(".").reduceRight<unknown>((inner, name) => ({ [name]: inner }), [element]);
  const array = getAt(document, path);
  const matches = (element: unknown): boolean => conditions.every(({ test }) => test(alone(element)));
  const at = Array.isArray(array) && conditions.length > 0 ? array.findIndex(matches) : -1;
  check(at >= 0, 2, "The positional operator did not find the match needed from the query.");
  return at;
}

function elementPaths(document: Document, path: string, name: string, elements: Elements): string[] {
  const array = getAt(document, path);
  check(
    Array.isArray(array),
    2,
    `The path '${path}' must exist in the document in order to apply array updates.`,
  );
  const filter = elements.get(name);
  check(name === "" || filter, 2, `No array filter found for identifier '${name}'`);
  return array.flatMap((element, at) =>
    !filter || filter.test({ [name]: element }) ? [`${path}.${at}`] : [],
  );
}
