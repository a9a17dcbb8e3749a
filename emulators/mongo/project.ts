/** Projections: plain inclusion and exclusion keep BSON types; computed ones are mingo's. */
import { CommandError, notSupported } from "./errors.ts";
import { evaluateProjection } from "./pipeline.ts";
import { type Document, isDocument, isNumeric, toBoolean } from "./values.ts";

export type Project = (document: Document) => Document;

interface Tree {
  [name: string]: Tree | true;
}

/** Nothing when the whole document is asked for. */
export function compileProjection(source: unknown): Project | undefined {
  if (source === undefined || source === null) return undefined;
  if (!isDocument(source)) throw new CommandError(14, "the projection must be an object");
  const entries = Object.entries(source);
  if (entries.length === 0) return undefined;
  if (entries.some(([path]) => path.endsWith(".$") || path.includes(".$.")))
    throw notSupported("positional projection");
  if (!entries.every(([, value]) => typeof value === "boolean" || isNumeric(value))) {
    return (document) => evaluateProjection(document, source);
  }
  const fields = entries.filter(([path]) => path !== "_id");
  const isInclusion = fields.length ? toBoolean(fields[0]?.[1]) : toBoolean(source._id);
  const odd = fields.find(([, value]) => toBoolean(value) !== isInclusion);
  if (odd) {
    const [code, kind] = isInclusion ? [31254, "exclusion"] : [31253, "inclusion"];
    const other = isInclusion ? "inclusion" : "exclusion";
    throw new CommandError(code, `Cannot do ${kind} on field ${odd[0]} in ${other} projection`);
  }
  const paths = fields.map(([path]) => path);
  const withId = source._id === undefined ? true : toBoolean(source._id);
  if (withId === isInclusion) paths.unshift("_id");
  const tree = buildTree(paths);
  return isInclusion ? (document) => include(document, tree) : (document) => exclude(document, tree);
}

const emptyTree = (): Tree => Object.create(null);

function buildTree(paths: string[]): Tree {
  const root = emptyTree();
  for (const path of paths) {
    const segments = path.split(".");
    const last = segments.pop() ?? "";
    let node = root;
    for (const segment of segments) {
      const next = node[segment] ?? emptyTree();
      if (next === true) throw new CommandError(31249, `Path collision at ${path}`);
      node[segment] = next;
      node = next;
    }
    if (node[last] !== undefined) throw new CommandError(31250, `Path collision at ${path}`);
    node[last] = true;
  }
  return root;
}

function include(document: Document, tree: Tree): Document {
  const result: Document = {};
  for (const name of Object.keys(document)) {
    const node = tree[name];
    if (node === true) result[name] = document[name];
    else if (node) {
      const kept = includeValue(document[name], node);
      if (kept !== undefined) result[name] = kept;
    }
  }
  return result;
}

function includeValue(value: unknown, tree: Tree): unknown {
  if (Array.isArray(value))
    return value.map((item) => includeValue(item, tree)).filter((item) => item !== undefined);
  return isDocument(value) ? include(value, tree) : undefined;
}

function exclude(document: Document, tree: Tree): Document {
  const result: Document = {};
  for (const name of Object.keys(document)) {
    const node = tree[name];
    if (node === undefined) result[name] = document[name];
    else if (node !== true) result[name] = excludeValue(document[name], node);
  }
  return result;
}

function excludeValue(value: unknown, tree: Tree): unknown {
  if (Array.isArray(value)) return value.map((item) => excludeValue(item, tree));
  return isDocument(value) ? exclude(value, tree) : value;
}
