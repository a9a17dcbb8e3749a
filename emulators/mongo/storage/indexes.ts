/** What an index is: its specification, when two of them conflict, and the keys it holds for a document. */
import { check, refuse } from "../errors.ts";
import { compileFilter, type Filter } from "../query/filter.ts";
import { cellOf } from "../query/geo.ts";
import { valuesAt } from "../query/paths.ts";
import { type Document, isDocument, isNothing, isNumeric, show, toBoolean, toNumber } from "../values.ts";
import { type Column, columnOf } from "./order.ts";

export interface IndexField {
  path: string;
  segments: string[];
  isDescending: boolean;
  isGeo: boolean;
}

export interface Index {
  id: number;
  name: string;
  spec: Document;
  fields: IndexField[];
  unique: boolean;
  partial: Filter | undefined;
  expireAfterSeconds: number | undefined;
  /** Once any document had several entries: a range may then not be narrowed from both ends. */
  multikey: boolean;
}

const SPEC_FIELDS = "key name v unique partialFilterExpression expireAfterSeconds background".split(" ");
const PARTIAL_OPERATORS = "$eq $exists $gt $gte $lt $lte $in".split(" ");

/** The specification as `listIndexes` reports it; throws mongod's error for what an index cannot be. */
export function normalizeSpec(source: unknown): Document {
  const isNamed = isDocument(source) && isDocument(source.key) && typeof source.name === "string";
  check(isNamed, 9, "The fields 'key' and 'name' are required properties of an index specification");
  const { key, name, unique, partialFilterExpression: partial, expireAfterSeconds: seconds } = source;
  const unknown = Object.keys(source).find((field) => !SPEC_FIELDS.includes(field));
  check(!unknown, 197, `The field '${unknown}' is not valid for an index specification.`);
  const fields = Object.entries(key as Document);
  check(fields.length > 0, 67, "Index keys cannot be empty.");
  for (const [path, kind] of fields) checkField(path, kind);
  if (partial !== undefined) checkPartialFilter(partial);
  if (seconds !== undefined) {
    check(toNumber(seconds) >= 0 && toNumber(seconds) < 2 ** 31, 67, "'expireAfterSeconds' is out of range");
    check(fields.length === 1, 67, "TTL indexes are single-field indexes");
  }
  return {
    ...{ v: 2, key, name },
    ...(toBoolean(unique) && { unique: true }),
    ...(partial !== undefined && { partialFilterExpression: partial }),
    ...(seconds !== undefined && { expireAfterSeconds: seconds }),
    ...(fields.some(([, kind]) => kind === "2dsphere") && { "2dsphereIndexVersion": 3 }),
  };
}

function checkField(path: string, kind: unknown): void {
  const isName = !path.includes("$") && !path.split(".").includes("");
  check(isName, 67, `Index key contains an illegal field name: '${path}'`);
  const isKind = kind === "2dsphere" || (isNumeric(kind) && Math.abs(toNumber(kind)) > 0);
  check(isKind, 67, `Unknown index plugin or direction: ${show(kind)}`);
}

function checkPartialFilter(source: unknown): void {
  check(isDocument(source), 14, "partialFilterExpression must be a document");
  const { conjuncts, isConjunction } = compileFilter(source);
  const isServed = conjuncts.every(({ operator, operand }) => {
    return PARTIAL_OPERATORS.includes(operator) && (operator !== "$exists" || toBoolean(operand));
  });
  check(isServed && isConjunction, 67, `Expression not supported in partial index: ${show(source)}`);
}

export function buildIndex(id: number, spec: Document, multikey: boolean): Index {
  const fields = Object.entries(spec.key as Document).map(([path, kind]): IndexField => {
    const isGeo = kind === "2dsphere";
    return { path, segments: path.split("."), isDescending: !isGeo && toNumber(kind) < 0, isGeo };
  });
  return {
    ...{ id, name: spec.name, spec, fields, multikey },
    unique: spec.unique === true || isIdIndex(spec),
    partial: spec.partialFilterExpression && compileFilter(spec.partialFilterExpression),
    expireAfterSeconds: spec.expireAfterSeconds === undefined ? undefined : toNumber(spec.expireAfterSeconds),
  };
}

export const isIdIndex = ({ key }: Document): boolean => show(key) === '{"_id":1}';

/** Throws when `spec` cannot live beside the existing indexes; returns whether it is already there. */
export function isAlreadyBuilt(existing: Index[], spec: Document): boolean {
  const identity = (one: Document): string =>
    show([one.key, one.unique === true, one.partialFilterExpression]);
  const sameName = existing.find(({ name }) => name === spec.name);
  if (sameName && identity(sameName.spec) !== identity(spec))
    refuse(86, `An existing index has the same name as the requested index: ${show(sameName.spec)}`);
  const same = sameName ?? existing.find((index) => identity(index.spec) === identity(spec));
  if (!same) return false;
  const isEqual = sameName && show(same.spec.expireAfterSeconds) === show(spec.expireAfterSeconds);
  check(isEqual || isIdIndex(spec), 85, `An equivalent index already exists: ${show(same.spec)}`);
  return true;
}

/**
 * The entries under which a document is found: one for each combination of its fields' values, which for fields within
 * one array are more than a mongod keeps. The filter is tested on what is found.
 */
export function keysFor(index: Index, document: Document): Column[][] {
  if (index.partial && !index.partial.test(document)) return [];
  let entries: Column[][] = [[]];
  let array: string | undefined;
  for (const { segments, isGeo } of index.fields) {
    const values = valuesAt(document, segments);
    const isParallel = values.length > 1 && array !== undefined && array !== segments[0];
    check(!isParallel, 171, "cannot index parallel arrays");
    if (values.length > 1) array = segments[0];
    const columns = isGeo ? values.filter((value) => !isNothing(value)).map(cellOf) : values.map(columnOf);
    entries = entries.flatMap((entry) => columns.map((column) => [...entry, column]));
  }
  return entries;
}
