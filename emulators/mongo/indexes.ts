/** What an index is: its specification, when two of them conflict, and the keys it holds for a document. */
import { CommandError, notSupported } from "./errors.ts";
import { cellOf } from "./geo.ts";
import { encodeKey } from "./key.ts";
import { compileFilter, type Filter } from "./match.ts";
import { indexTuples } from "./paths.ts";
import {
  type Document,
  encode,
  isDocument,
  isNumeric,
  show,
  showDocument,
  toBoolean,
  toNumber,
} from "./values.ts";

export interface IndexField {
  path: string;
  segments: string[];
  direction: 1 | -1;
  isGeo: boolean;
}

export interface Index {
  id: number;
  name: string;
  spec: Document;
  fields: IndexField[];
  directions: number[];
  unique: boolean;
  sparse: boolean;
  partial: Filter | undefined;
  expireAfterSeconds: number | undefined;
  /** Once any document had an array in an indexed field: a range may then not be narrowed from both ends. */
  multikey: boolean;
}

export interface IndexKeys {
  keys: Uint8Array[];
  throughArray: boolean;
}

const SPEC_FIELDS = new Set([
  "key",
  "name",
  "v",
  "ns",
  "background",
  "unique",
  "sparse",
  "partialFilterExpression",
  "expireAfterSeconds",
  "2dsphereIndexVersion",
]);
const UNSUPPORTED_FIELDS = new Set([
  "collation",
  "hidden",
  "storageEngine",
  "weights",
  "default_language",
  "language_override",
  "textIndexVersion",
  "wildcardProjection",
  "bits",
  "min",
  "max",
  "prepareUnique",
]);
const PARTIAL_OPERATORS = new Set([
  "$eq",
  "$exists",
  "$gt",
  "$gte",
  "$lt",
  "$lte",
  "$type",
  "$in",
  "$geoWithin",
]);

/** The specification as `listIndexes` reports it; throws mongod's error for what an index cannot be. */
export function normalizeSpec(source: unknown): Document {
  if (!isDocument(source) || !isDocument(source.key)) {
    throw new CommandError(9, "The 'key' field is a required property of an index specification");
  }
  for (const field of Object.keys(source)) {
    if (UNSUPPORTED_FIELDS.has(field)) throw notSupported(`the index option '${field}'`);
    if (!SPEC_FIELDS.has(field)) {
      const message = `The field '${field}' is not valid for an index specification. Specification: ${showDocument(source)}`;
      throw new CommandError(197, message);
    }
  }
  if (typeof source.name !== "string" || source.name === "") {
    throw new CommandError(9, "The 'name' field is a required property of an index specification");
  }
  const key = normalizeKeyPattern(source.key);
  const spec: Document = { v: 2, key, name: source.name };
  for (const option of ["unique", "sparse"]) if (toBoolean(source[option])) spec[option] = true;
  if (source.partialFilterExpression !== undefined) {
    if (!isDocument(source.partialFilterExpression))
      throw new CommandError(14, "partialFilterExpression must be a document");
    if (spec.sparse) throw new CommandError(67, 'cannot mix "partialFilterExpression" and "sparse" options');
    checkPartialFilter(source.partialFilterExpression);
    spec.partialFilterExpression = source.partialFilterExpression;
  }
  if (source.expireAfterSeconds !== undefined) {
    const seconds = isNumeric(source.expireAfterSeconds) ? toNumber(source.expireAfterSeconds) : -1;
    if (seconds < 0 || seconds > 2 ** 31 - 1)
      throw new CommandError(67, "TTL index 'expireAfterSeconds' out of range");
    if (Object.keys(key).length > 1)
      throw new CommandError(
        67,
        "TTL indexes are single-field indexes, compound indexes do not support TTL.",
      );
    if (key._id !== undefined)
      throw new CommandError(
        197,
        "The field 'expireAfterSeconds' is not valid for an _id index specification.",
      );
    spec.expireAfterSeconds = source.expireAfterSeconds;
  }
  if (Object.values(key).includes("2dsphere")) spec["2dsphereIndexVersion"] = 3;
  return spec;
}

function normalizeKeyPattern(pattern: Document): Document {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw new CommandError(67, "Index keys cannot be empty.");
  if (entries.length > 32) throw new CommandError(67, "too many fields in the index key, at most 32");
  for (const [path, direction] of entries) {
    if (path === "" || path.split(".").includes(""))
      throw new CommandError(67, "Index keys cannot be an empty field.");
    if (path.includes("$")) throw new CommandError(67, `Index key contains an illegal field name: ${path}`);
    const isOrder = isNumeric(direction) && toNumber(direction) !== 0 && !Number.isNaN(toNumber(direction));
    if (isOrder || direction === "2dsphere") continue;
    if (typeof direction === "string") throw new CommandError(67, `Unknown index plugin '${direction}'`);
    throw new CommandError(67, `Values in v:2 index key pattern cannot be ${show(direction)}`);
  }
  return pattern;
}

function checkPartialFilter(source: Document, depth = 0): void {
  for (const [name, condition] of Object.entries(source)) {
    if (name === "$and" || name === "$or") {
      if (depth > 3) throw new CommandError(67, "partialFilterExpression is nested too deep");
      for (const branch of condition as Document[]) checkPartialFilter(branch, depth + 1);
    }
  }
  const { conjuncts, isEmpty } = compileFilter(source);
  const refused = conjuncts.find(
    ({ operator, operand }) =>
      !PARTIAL_OPERATORS.has(operator) || (operator === "$exists" && !toBoolean(operand)),
  );
  const unknown = Object.keys(source).find(
    (name) => name.startsWith("$") && name !== "$and" && name !== "$or",
  );
  if (refused || unknown || (isEmpty && depth > 0)) {
    const what = refused ? `${refused.path} ${refused.operator}` : unknown;
    throw new CommandError(67, `Expression not supported in partial index: ${what}`);
  }
}

export function buildIndex(id: number, spec: Document, multikey: boolean): Index {
  const fields = Object.entries(spec.key as Document).map(([path, direction]): IndexField => {
    const isGeo = direction === "2dsphere";
    return { path, segments: path.split("."), direction: isGeo || toNumber(direction) > 0 ? 1 : -1, isGeo };
  });
  return {
    id,
    name: spec.name,
    spec,
    fields,
    directions: fields.map(({ direction }) => direction),
    unique: spec.unique === true || isIdIndex(spec),
    sparse: spec.sparse === true,
    partial: spec.partialFilterExpression && compileFilter(spec.partialFilterExpression),
    expireAfterSeconds: spec.expireAfterSeconds === undefined ? undefined : toNumber(spec.expireAfterSeconds),
    multikey,
  };
}

export function isIdIndex(spec: Document): boolean {
  const pattern = Object.entries(spec.key as Document);
  return pattern.length === 1 && pattern[0]?.[0] === "_id" && isNumeric(pattern[0][1]);
}

/** Throws when `spec` cannot live beside the existing indexes; returns whether it is already there. */
export function isAlreadyBuilt(existing: Index[], spec: Document): boolean {
  const sameName = existing.find(({ name }) => name === spec.name);
  const detail = (index: Index): string =>
    `Requested index: ${showDocument(spec)}, existing index: ${showDocument(index.spec)}`;
  if (sameName) {
    if (signature(sameName.spec) !== signature(spec)) {
      const message =
        "An existing index has the same name as the requested index. When index names are not specified, they are auto generated and can cause conflicts. Please refer to our documentation.";
      throw new CommandError(86, `${message} ${detail(sameName)}`);
    }
    if (sameTtl(sameName.spec, spec)) return true;
    throw new CommandError(
      85,
      `An equivalent index already exists with the same name but different options. ${detail(sameName)}`,
    );
  }
  const sameKey = existing.find((index) => signature(index.spec) === signature(spec));
  if (!sameKey) return false;
  if (isIdIndex(spec)) return true;
  if (sameTtl(sameKey.spec, spec))
    throw new CommandError(85, `Index already exists with a different name: ${sameKey.name}`);
  throw new CommandError(
    85,
    `An equivalent index already exists with a different name and options. ${detail(sameKey)}`,
  );
}

const sameTtl = (a: Document, b: Document): boolean =>
  show(a.expireAfterSeconds) === show(b.expireAfterSeconds);

function signature(spec: Document): string {
  const key = Object.entries(spec.key as Document).map(([path, kind]) => [
    path,
    isNumeric(kind) ? toNumber(kind) : kind,
  ]);
  const partial = Buffer.from(encode(spec.partialFilterExpression ?? {})).toString("hex");
  return JSON.stringify([key, spec.unique === true, spec.sparse === true, partial]);
}

/** The keys under which a document is found in an index, without repeats. */
export function keysFor(index: Index, document: Document): IndexKeys {
  if (index.partial && !index.partial.test(document)) return { keys: [], throughArray: false };
  const { tuples, throughArray } = indexTuples(
    document,
    index.fields.map(({ segments }) => segments),
  );
  const keys: Uint8Array[] = [];
  for (const tuple of tuples) {
    if (index.sparse && tuple.every((value, at) => value === null && isMissing(document, index.fields[at])))
      continue;
    if (index.fields.some(({ isGeo }, at) => isGeo && (tuple[at] ?? null) === null)) continue;
    const values = tuple.map((value, at) => (index.fields[at]?.isGeo ? cellOf(value, document) : value));
    const key = encodeKey(values, index.directions);
    if (!throughArray || !keys.some((other) => Buffer.compare(other, key) === 0)) keys.push(key);
  }
  return { keys, throughArray };
}

function isMissing(document: Document, field: IndexField | undefined): boolean {
  if (!field) return true;
  let value: unknown = document;
  for (const segment of field.segments) {
    if (!isDocument(value) || !Object.hasOwn(value, segment)) return true;
    value = value[segment];
  }
  return false;
}
