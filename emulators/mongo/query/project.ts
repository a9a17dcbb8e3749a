/** Projections: fields to include or to exclude, and fields that are computed. */
import { check } from "../errors.ts";
import { type Document, isDocument, isNumeric, toBoolean } from "../values.ts";
import { compileExpression } from "./expressions.ts";
import { setAt } from "./paths.ts";

interface Tree {
  [name: string]: Tree | true;
}

/** Nothing when the whole document is asked for. */
export function compileProjection(source: unknown): ((document: Document) => Document) | undefined {
  check(source === undefined || isDocument(source), 14, "the projection must be an object");
  const entries = Object.entries(source ?? {});
  if (!source || entries.length === 0) return undefined;
  const isPlain = (value: unknown): boolean => typeof value === "boolean" || isNumeric(value);
  const computed = entries
    .filter(([, value]) => !isPlain(value))
    .map(([path, value]) => [path, compileExpression(value)] as const);
  const fields = entries.filter(([path, value]) => path !== "_id" && isPlain(value));
  const isInclusion = toBoolean(fields[0]?.[1] ?? (computed.length > 0 || source._id));
  for (const [path, value] of fields) {
    const [code, verb, kind] = isInclusion
      ? [31254, "exclusion", "inclusion"]
      : [31253, "inclusion", "exclusion"];
    check(toBoolean(value) === isInclusion, code, `Cannot do ${verb} on field ${path} in ${kind} projection`);
  }
  const paths = fields.map(([path]) => path);
  if (toBoolean(source._id ?? true) === isInclusion) paths.unshift("_id");
  const tree = buildTree(paths);
  return (document) => {
    const result = prune(document, tree, isInclusion) as Document;
    for (const [path, evaluate] of computed) {
      const value = evaluate({ document });
      if (value !== undefined) setAt(result, path, value);
    }
    return result;
  };
}

function buildTree(paths: string[]): Tree {
  const root: Tree = Object.create(null);
  for (const path of paths) {
    const segments = path.split(".");
    const last = segments.pop() ?? "";
    let node = root;
    for (const segment of segments) {
      const next = node[segment] ?? Object.create(null);
      check(next !== true, 31249, `Path collision at ${path}`);
      node[segment] = next;
      node = next;
    }
    check(node[last] === undefined, 31250, `Path collision at ${path}`);
    node[last] = true;
  }
  return root;
}

/** What the tree names, or all but that. A scalar on the way of an included path is left out. */
function prune(value: unknown, tree: Tree, isInclusion: boolean): unknown {
  if (Array.isArray(value))
    return value.map((item) => prune(item, tree, isInclusion)).filter((item) => item !== undefined);
  if (!isDocument(value)) return isInclusion ? undefined : value;
  const kept = Object.entries(value).map(([name, inner]) => {
    const node = tree[name];
    if (typeof node === "object") return [name, prune(inner, node, isInclusion)];
    return [name, (node === true) === isInclusion ? inner : undefined];
  });
  return Object.fromEntries(kept.filter(([, inner]) => inner !== undefined));
}
