/** Update paths that name array elements: `a.$` (the one that matched), `a.$[]` (all), `a.$[x]` (by array filter). */
import { CommandError } from "./errors.ts";
import type { Filter } from "./match.ts";
import { getAt } from "./paths.ts";
import type { Document } from "./values.ts";

/** The concrete paths in this document; a path without positional parts is itself. */
export function expandPath(
  document: Document,
  path: string,
  filter: Filter,
  elements: Map<string, Filter>,
): string[] {
  if (!path.includes("$")) return [path];
  let paths: string[] = [];
  for (const segment of path.split(".")) {
    if (paths.length === 0 && segment.startsWith("$")) {
      throw new CommandError(
        2,
        `Cannot have array filter identifier as the first part of the path '${path}'`,
      );
    }
    if (paths.length === 0) paths = [segment];
    else if (segment === "$")
      paths = paths.map((prefix) => `${prefix}.${matchedElement(document, prefix, filter)}`);
    else if (segment.startsWith("$["))
      paths = paths.flatMap((prefix) => elementPaths(document, prefix, segment, elements));
    else paths = paths.map((prefix) => `${prefix}.${segment}`);
  }
  return paths;
}

function matchedElement(document: Document, path: string, filter: Filter): number {
  const array = getAt(document, path);
  const conditions = filter.conjuncts.filter((one) => one.path === path || one.path.startsWith(`${path}.`));
  const at = Array.isArray(array)
    ? array.findIndex((element) => conditions.every(({ test }) => test(nest(path, [element]))))
    : -1;
  if (at < 0 || conditions.length === 0) {
    throw new CommandError(2, "The positional operator did not find the match needed from the query.");
  }
  return at;
}

function nest(path: string, value: unknown): Document {
  return path.split(".").reduceRight((inner: unknown, segment) => ({ [segment]: inner }), value) as Document;
}

function elementPaths(
  document: Document,
  path: string,
  segment: string,
  elements: Map<string, Filter>,
): string[] {
  const array = getAt(document, path);
  if (!Array.isArray(array)) {
    throw new CommandError(
      2,
      `The path '${path}' must exist in the document in order to apply array updates.`,
    );
  }
  const name = segment.slice(2, -1);
  const filter = name === "" ? undefined : elements.get(name);
  if (name !== "" && !filter) throw new CommandError(2, `No array filter found for identifier '${name}'`);
  return array.flatMap((element, at) =>
    !filter || filter.test({ [name]: element }) ? [`${path}.${at}`] : [],
  );
}
