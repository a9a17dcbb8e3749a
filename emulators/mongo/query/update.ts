/** Updates: operators and whole-document replacement. */
import { ObjectId } from "bson";
import { check } from "../errors.ts";
import { sameValue } from "../storage/order.ts";
import { type Document, isDocument, show } from "../values.ts";
import { compileFilter, type Filter, isOperatorDocument } from "./filter.ts";
import { getAt, setAt } from "./paths.ts";
import { type Elements, expandPath } from "./positional.ts";
import { type Operation, parseOperation } from "./update-operators.ts";

export interface Update {
  /** The document after the update; `document` itself may be changed on the way. */
  apply(document: Document, context: { filter: Filter; isInsert: boolean }): Document;
  isReplacement: boolean;
}

export function compileUpdate(source: unknown, arrayFilters: Document[] = []): Update {
  check(isDocument(source), 9, "Update argument must be an object");
  return isOperatorDocument(source) ? compileOperators(source, arrayFilters) : compileReplacement(source);
}

function compileReplacement(source: Document): Update {
  const dollar = Object.keys(source).find((name) => name.startsWith("$"));
  check(!dollar, 52, `The dollar ($) prefixed field '${dollar}' is not allowed in a replacement document.`);
  const apply: Update["apply"] = (document) =>
    withIdFirst({ ...source, _id: source._id ?? document._id }, document._id);
  return { apply, isReplacement: true };
}

function compileOperators(source: Document, arrayFilters: Document[]): Update {
  const operations = Object.entries(source).flatMap(([operator, fields]) => {
    check(isDocument(fields), 9, `Modifiers operate on fields but we found ${show(fields)} instead.`);
    return Object.entries(fields).map(([path, operand]) => parseOperation(operator, path, operand));
  });
  checkPaths(operations.map(({ path }) => path));
  operations.sort((a, b) => (a.path < b.path ? -1 : 1));
  const elements = compileArrayFilters(arrayFilters, operations);
  const apply: Update["apply"] = (document, { filter, isInsert }) => {
    const id = document._id;
    for (const operation of operations) {
      if (operation.onlyOnInsert && !isInsert) continue;
      for (const path of expandPath(document, operation.path, filter, elements))
        operation.apply(document, path);
    }
    return withIdFirst(document, id);
  };
  return { apply, isReplacement: false };
}

function checkPaths(paths: string[]): void {
  for (const [at, path] of paths.entries()) {
    check(!path.split(".").includes(""), 56, `The update path '${path}' contains an empty field name.`);
    const isWithin = (other: string) =>
      `${path}.`.startsWith(`${other}.`) || `${other}.`.startsWith(`${path}.`);
    check(
      !paths.slice(0, at).some(isWithin),
      40,
      `Updating the path '${path}' would create a conflict at '${path}'`,
    );
  }
}

function compileArrayFilters(arrayFilters: Document[], operations: Operation[]): Elements {
  const compiled: Elements = new Map();
  for (const source of arrayFilters) {
    const [name = ""] = Object.keys(source)[0]?.split(".") ?? [];
    const isUsed = operations.some(({ path }) => path.includes(`$[${name}]`));
    check(
      isUsed && !compiled.has(name),
      9,
      `The array filter for identifier '${name}' was not used, or comes twice`,
    );
    compiled.set(name, compileFilter(source));
  }
  return compiled;
}

/** MongoDB keeps `_id` first, and never lets it change. */
function withIdFirst(document: Document, id: unknown): Document {
  const { _id, ...rest } = document;
  const isSame = id === undefined || (_id !== undefined && sameValue(_id, id));
  check(isSame, 66, "Performing an update on the path '_id' would modify the immutable field '_id'");
  return _id === undefined ? document : { _id, ...rest };
}

/** The document that an upsert inserts: the filter's equalities, then the update. */
export function upsertDocument(update: Update, filter: Filter): Document {
  const base: Document = {};
  for (const { path, operator, operand } of filter.conjuncts) {
    if (operator !== "$eq" || (update.isReplacement && path !== "_id")) continue;
    check(
      getAt(base, path) === undefined,
      54,
      `cannot infer query fields to set, path '${path}' is matched twice`,
    );
    setAt(base, path, operand);
  }
  return withId(update.apply(base, { filter, isInsert: true }));
}

/** The document with its `_id` first, made where it has none; throws InvalidIdField for what cannot identify it. */
export function withId(document: Document): Document {
  const { _id = new ObjectId(), ...rest } = document;
  check(!Array.isArray(_id), 53, "The '_id' value cannot be of type array");
  check(!isOperatorDocument(_id), 53, "The '_id' value cannot be an object with operators");
  return { _id, ...rest };
}
