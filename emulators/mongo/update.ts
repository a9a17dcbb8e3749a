/** Updates: operators, whole-document replacement, and pipelines of the stages that a mongod allows there. */
import { ObjectId } from "bson";
import { CommandError, notSupported } from "./errors.ts";
import { sameValue } from "./key.ts";
import { compileFilter, type Filter, isOperatorDocument } from "./match.ts";
import { getAt, slotAt, writeSlot } from "./paths.ts";
import { checkPipeline, runPipeline } from "./pipeline.ts";
import { expandPath } from "./positional.ts";
import { isUpdateOperator, type Operation, parseOperation } from "./update-operators.ts";
import { type Document, isDocument, promote, show } from "./values.ts";

export interface Update {
  /** The document after the update; `document` itself may be changed on the way. */
  apply(document: Document, context: UpdateContext): Document;
  isReplacement: boolean;
}

export interface UpdateContext {
  filter: Filter;
  isInsert: boolean;
}

const PIPELINE_STAGES = new Set(["$addFields", "$set", "$project", "$unset", "$replaceRoot", "$replaceWith"]);

export function compileUpdate(source: unknown, arrayFilters: Document[] = []): Update {
  if (Array.isArray(source)) return compilePipeline(source);
  if (!isDocument(source)) throw new CommandError(9, "Update argument must be either an object or an array");
  return isOperatorDocument(source) ? compileOperators(source, arrayFilters) : compileReplacement(source);
}

function compileReplacement(source: Document): Update {
  const dollar = Object.keys(source).find((name) => name.startsWith("$"));
  if (dollar) {
    const message = `The dollar ($) prefixed field '${dollar}' in '${dollar}' is not allowed in the context of an update's replacement document.`;
    throw new CommandError(52, message);
  }
  const apply: Update["apply"] = (document) =>
    withIdFirst({ ...source, _id: source._id ?? document._id }, document._id);
  return { apply, isReplacement: true };
}

function compilePipeline(source: unknown[]): Update {
  const stages = checkPipeline(source);
  const name = stages.flatMap(Object.keys).find((stage) => !PIPELINE_STAGES.has(stage));
  if (name) throw new CommandError(72, `${name} is not allowed to be used within an update`);
  const noLookup = (): never => {
    throw notSupported("another collection within an update");
  };
  const apply: Update["apply"] = (document) => {
    const [result = {}] = runPipeline([promote(document) as Document], stages, noLookup);
    for (const [field, value] of Object.entries(result)) {
      if (sameValue(value, document[field])) result[field] = document[field];
    }
    return withIdFirst(result, document._id);
  };
  return { apply, isReplacement: false };
}

function compileOperators(source: Document, arrayFilters: Document[]): Update {
  const operations: Operation[] = [];
  for (const [operator, fields] of Object.entries(source)) {
    if (operator === "$bit") throw notSupported("the update operator $bit");
    if (!isUpdateOperator(operator)) {
      const message = `Unknown modifier: ${operator}. Expected a valid update modifier or pipeline-style update specified as an array`;
      throw new CommandError(9, message);
    }
    if (!isDocument(fields)) {
      throw new CommandError(9, `Modifiers operate on fields but we found type ${typeof fields} instead.`);
    }
    for (const [path, operand] of Object.entries(fields))
      operations.push(parseOperation(operator, path, operand));
  }
  checkConflicts(operations);
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

function checkConflicts(operations: Operation[]): void {
  const paths = operations.flatMap(({ path, alsoTouches }) => (alsoTouches ? [path, alsoTouches] : [path]));
  paths.forEach((path, at) => {
    if (path === "" || path.split(".").includes("")) {
      throw new CommandError(
        56,
        `The update path '${path}' contains an empty field name, which is not allowed.`,
      );
    }
    const clash = paths
      .slice(0, at)
      .some((other) => `${path}.`.startsWith(`${other}.`) || `${other}.`.startsWith(`${path}.`));
    if (clash) throw new CommandError(40, `Updating the path '${path}' would create a conflict at '${path}'`);
  });
}

function compileArrayFilters(arrayFilters: Document[], operations: Operation[]): Map<string, Filter> {
  const compiled = new Map<string, Filter>();
  for (const source of arrayFilters) {
    const name = Object.keys(source)[0]?.split(".")[0];
    if (name === undefined || name.startsWith("$"))
      throw notSupported("an array filter that starts with an operator");
    if (compiled.has(name))
      throw new CommandError(9, `Found multiple array filters with the same top-level field name ${name}`);
    if (!operations.some(({ path }) => path.includes(`$[${name}]`))) {
      throw new CommandError(9, `The array filter for identifier '${name}' was not used in the update`);
    }
    compiled.set(name, compileFilter(source));
  }
  return compiled;
}

/** MongoDB keeps `_id` first, and never lets it change. */
function withIdFirst(document: Document, id: unknown): Document {
  if (id !== undefined && !(document._id !== undefined && sameValue(document._id, id))) {
    throw new CommandError(
      66,
      "Performing an update on the path '_id' would modify the immutable field '_id'",
    );
  }
  if (document._id === undefined || Object.keys(document)[0] === "_id") return document;
  const { _id, ...rest } = document;
  return { _id, ...rest };
}

/** The document that an upsert inserts: the filter's equalities, then the update. */
export function upsertDocument(update: Update, filter: Filter): Document {
  const base: Document = {};
  for (const { path, operator, operand } of filter.conjuncts) {
    const isSingle = operator === "$in" && Array.isArray(operand) && operand.length === 1;
    if (operator !== "$eq" && !isSingle) continue;
    if (update.isReplacement && path !== "_id") continue;
    if (getAt(base, path) !== undefined) {
      throw new CommandError(54, `cannot infer query fields to set, path '${path}' is matched twice`);
    }
    const slot = slotAt(base, path, true);
    if (slot) writeSlot(slot, isSingle ? (operand as unknown[])[0] : operand);
  }
  const document = update.apply(base, { filter, isInsert: true });
  document._id ??= new ObjectId();
  return withIdFirst(document, document._id);
}

/** Throws InvalidIdField for what cannot identify a document. */
export function checkId(document: Document): void {
  const { _id } = document;
  if (Array.isArray(_id)) throw new CommandError(53, "The '_id' value cannot be of type array");
  if (_id === undefined || (_id !== null && typeof _id === "object" && "pattern" in _id)) {
    throw new CommandError(53, `The '_id' value cannot be ${show(_id)}`);
  }
}
