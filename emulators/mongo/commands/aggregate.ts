/** aggregate: what the leading stages ask for is read with an index, the other stages work on what was read. */
import { Double } from "bson";
import { check, refuse } from "../errors.ts";
import type { Source } from "../query/expressions.ts";
import { compileFilter } from "../query/filter.ts";
import { distanceBound, findPoint, HALF_CIRCUMFERENCE_METERS } from "../query/geo.ts";
import { setAt } from "../query/paths.ts";
import { parseSort } from "../query/sort.ts";
import { compilePipeline } from "../query/stages.ts";
import type { Collection } from "../storage/collection.ts";
import { findRows, nearRows } from "../storage/find.ts";
import type { Index } from "../storage/indexes.ts";
import { type Document, isDocument, toNumber } from "../values.ts";
import { checkFields, documentField } from "./command.ts";

export function aggregateRows(
  collection: Collection | undefined,
  pipeline: unknown,
  hint?: Index,
): Iterable<Source> {
  const [first, ...rest] = Array.isArray(pipeline) ? pipeline : [];
  if (isDocument(first) && "$geoNear" in first) {
    return compilePipeline(rest)(nearDocuments(collection, documentField(first, "$geoNear")));
  }
  const run = compilePipeline(pipeline);
  return run(findRows(collection, { ...leadingFind(pipeline as Document[]), hint }));
}

/** The leading `$match`, `$sort` and `$limit`, which run a second time over what they let through. */
function leadingFind([first, second, third]: Document[]) {
  const filter = compileFilter(first?.$match ?? {});
  const [sort, limit] = first?.$match ? [second?.$sort, third?.$limit] : [first?.$sort, second?.$limit];
  return { filter, sort: parseSort(sort), limit: sort && limit ? toNumber(limit) : 0 };
}

function* nearDocuments(collection: Collection | undefined, source: Document): Generator<Source> {
  checkFields("$geoNear", source, "near distanceField key query maxDistance minDistance spherical");
  const center = findPoint(source.near) ?? refuse(2, "invalid argument in geo near query: no GeoJSON Point");
  if (!collection) return;
  const path = typeof source.key === "string" ? source.key : onlyGeoPath(collection);
  const minMeters = distanceBound(source.minDistance, 0);
  const maxMeters = distanceBound(source.maxDistance, HALF_CIRCUMFERENCE_METERS);
  const filter = compileFilter(documentField(source, "query"));
  for (const { row, distanceMeters } of nearRows(collection, filter, path, {
    center,
    minMeters,
    maxMeters,
  })) {
    if (source.distanceField) setAt(row.document, String(source.distanceField), new Double(distanceMeters));
    yield row;
  }
}

function onlyGeoPath({ indexes }: Collection): string {
  const fields = indexes.flatMap((index) => index.fields.filter(({ isGeo }) => isGeo));
  const [path, ...others] = new Set(fields.map((field) => field.path));
  check(path, 27, "$geoNear requires a 2d or 2dsphere index, but none were found");
  check(
    others.length === 0,
    2,
    "There is more than one 2dsphere index; unsure which to use for $geoNear, set 'key'",
  );
  return path;
}
