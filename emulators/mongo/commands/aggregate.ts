/** aggregate: the stages that an index can serve run on the collection, mingo runs the rest. */

import { Double } from "bson";
import type { Collection, Row } from "../collection.ts";
import { encodeAll } from "../cursors.ts";
import { CommandError } from "../errors.ts";
import { distanceBound, findPoint, HALF_CIRCUMFERENCE_METERS, type Near } from "../geo.ts";
import { compileFilter } from "../match.ts";
import { getAt, slotAt, writeSlot } from "../paths.ts";
import { checkPipeline, runPipeline } from "../pipeline.ts";
import { findRows, nearRows } from "../query.ts";
import { parseSort } from "../sort.ts";
import { type Document, isDocument, isNumeric, promote, toBoolean, toNumber } from "../values.ts";
import { type Call, type Command, checkFields, collectionName, countField, documentField } from "./call.ts";
import { checkHint } from "./read.ts";

const aggregate: Command = {
  fields: ["pipeline", "cursor", "allowDiskUse", "bypassDocumentValidation", "hint"],
  unsupported: ["collation", "let", "explain"],
  run(call) {
    const { server, db, body } = call;
    if (isNumeric(body.aggregate))
      throw new CommandError(73, "{aggregate: 1} is not valid for an empty pipeline.");
    if (!isDocument(body.cursor)) {
      throw new CommandError(
        9,
        "The 'cursor' option is required, except for aggregate with the explain argument",
      );
    }
    checkFields("aggregate.cursor", body.cursor, ["batchSize"]);
    const name = collectionName(call);
    const collection = server.store.find(db, name);
    checkHint(collection, body.hint);
    const documents = encodeAll(resultsOf(call, collection, body.pipeline));
    return server.cursors.first(`${db}.${name}`, documents, countField(body.cursor, "batchSize"));
  },
};

function resultsOf(call: Call, collection: Collection | undefined, pipeline: unknown): Iterable<Document> {
  const [first, ...others] = Array.isArray(pipeline) ? pipeline : [];
  if (isDocument(first) && "$geoNear" in first) {
    return runRest(call, nearDocuments(collection, first.$geoNear), checkPipeline(others));
  }
  const stages = checkPipeline(pipeline);
  const { rows, rest } = servedRows(collection, stages);
  const count = countStage(rest);
  if (count) return countRows(rows, count);
  return runRest(call, documentsOf(rows), rest);
}

/** `countDocuments` asks with a `$group` of everything: rows can be counted without being computed with. */
function countStage(stages: Document[]): { _id: unknown; field: string } | undefined {
  const group: unknown = stages.length === 1 ? stages[0]?.$group : undefined;
  if (!isDocument(group) || !isNumeric(group._id)) return undefined;
  const { _id, ...fields } = group;
  const [[field, sum] = [], ...others] = Object.entries(fields);
  const isCount = isDocument(sum) && isNumeric(sum.$sum) && toNumber(sum.$sum) === 1;
  return field !== undefined && isCount && others.length === 0 ? { _id, field } : undefined;
}

function countRows(rows: Iterable<Row>, { _id, field }: { _id: unknown; field: string }): Document[] {
  let count = 0;
  for (const _ of rows) count++;
  return count === 0 ? [] : [{ _id, [field]: count }];
}

function* documentsOf(rows: Iterable<Row>): Generator<Document> {
  for (const { document } of rows) yield document;
}

/** The leading `$match`, `$sort`, `$skip` and `$limit`, in that order, are one find. */
function servedRows(collection: Collection | undefined, stages: Document[]) {
  const rest = [...stages];
  const take = (name: string): unknown => (rest[0] && name in rest[0] ? rest.shift()?.[name] : undefined);
  const match = take("$match");
  if (match !== undefined && !isDocument(match)) {
    throw new CommandError(15959, "the match filter must be an expression in an object");
  }
  const filter = compileFilter(match ?? {});
  const sort = parseSort(take("$sort"));
  const skip = take("$skip");
  const limit = take("$limit");
  if (limit !== undefined && !(toNumber(limit) > 0))
    throw new CommandError(15958, "the limit must be positive");
  const rows = findRows(collection, { filter, sort, skip: toNumber(skip ?? 0), limit: toNumber(limit ?? 0) });
  return { rows, rest };
}

function runRest(
  { server, db }: Call,
  documents: Iterable<Document>,
  stages: Document[],
): Iterable<Document> {
  if (stages.length === 0) return documents;
  const resolve = (name: string): Document[] => {
    const other = server.store.find(db, name);
    return other ? [...other.scan()].map(({ document }) => promote(document) as Document) : [];
  };
  return runPipeline(
    [...documents].map((document) => promote(document) as Document),
    stages,
    resolve,
  );
}

const NEAR_FIELDS = [
  "near",
  "distanceField",
  "key",
  "query",
  "maxDistance",
  "minDistance",
  "spherical",
  "distanceMultiplier",
  "includeLocs",
];

function* nearDocuments(collection: Collection | undefined, source: unknown): Generator<Document> {
  if (!isDocument(source)) throw new CommandError(10065, "$geoNear must be an object");
  checkFields("$geoNear", source, NEAR_FIELDS);
  const center = findPoint(source.near);
  if (!center) throw new CommandError(2, "invalid argument in geo near query: near must be a GeoJSON Point");
  if (source.spherical !== undefined && !toBoolean(source.spherical)) {
    throw new CommandError(2, "$geoNear with a GeoJSON point needs spherical: true");
  }
  const near: Near = {
    center,
    minMeters: distanceBound(source.minDistance, 0),
    maxMeters: distanceBound(source.maxDistance, HALF_CIRCUMFERENCE_METERS),
  };
  if (!collection) return;
  const path = typeof source.key === "string" ? source.key : onlyGeoPath(collection);
  const filter = compileFilter(documentField(source, "query"));
  const multiplier = source.distanceMultiplier === undefined ? 1 : toNumber(source.distanceMultiplier);
  for (const { row, distanceMeters } of nearRows(collection, filter, { ...near, path }, "$geoNear")) {
    const { document } = row;
    const location = getAt(document, path);
    setField(document, source.distanceField, new Double(distanceMeters * multiplier));
    setField(document, source.includeLocs, location);
    yield document;
  }
}

function setField(document: Document, path: unknown, value: unknown): void {
  if (typeof path !== "string") return;
  const slot = slotAt(document, path, true);
  if (slot) writeSlot(slot, value);
}

function onlyGeoPath({ indexes }: Collection): string {
  const paths = new Set(
    indexes.flatMap(({ fields }) => fields.filter(({ isGeo }) => isGeo).map(({ path }) => path)),
  );
  if (paths.size > 1)
    throw new CommandError(
      2,
      "There is more than one 2dsphere index; unsure which to use for $geoNear, set 'key'",
    );
  const [path] = paths;
  if (path === undefined)
    throw new CommandError(27, "$geoNear requires a 2d or 2dsphere index, but none were found");
  return path;
}

export const aggregateCommands: Record<string, Command> = { aggregate };
