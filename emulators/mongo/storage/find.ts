/** Runs a query: reads what its plan names, tests the filter, and sorts only what no index has in order. */
import { refuse } from "../errors.ts";
import type { Filter } from "../query/filter.ts";
import { type Circle, cellRanges, distanceTo, type Near, searchRadii } from "../query/geo.ts";
import { getAt } from "../query/paths.ts";
import { type SortField, sortDocuments } from "../query/sort.ts";
import type { Collection, Row } from "./collection.ts";
import type { Index } from "./indexes.ts";
import { constraintsOf, findPlan, isUsable, prefixOf } from "./plan.ts";

export interface Query {
  filter: Filter;
  sort?: SortField[];
  skip?: number | undefined;
  /** 0 or absent: no limit. */
  limit?: number | undefined;
  /** Read with this index. */
  hint?: Index | undefined;
  /** Called for each document that is tested. */
  onExamined?: () => void;
}

/** The matching rows in order, read as the caller asks for them. */
export function* findRows(collection: Collection | undefined, query: Query): Generator<Row> {
  if (!collection) return;
  const { filter, sort = [], skip = 0, limit = 0, hint } = query;
  const plan = findPlan(collection, filter, sort, hint);
  const isInOrder = sort.length === 0 || plan?.order !== undefined;
  const scan = collection.scan(plan, isInOrder && limit > 0 ? skip + limit : undefined);
  const rows = matching(scan, filter, query.onExamined);
  let passed = 0;
  for (const row of isInOrder ? rows : sortDocuments([...rows], sort)) {
    if (passed++ < skip) continue;
    yield row;
    if (limit > 0 && passed >= skip + limit) return;
  }
}

function* matching(rows: Iterable<Row>, filter: Filter, onExamined?: () => void): Generator<Row> {
  for (const row of rows) {
    onExamined?.();
    if (filter.isEmpty || filter.test(row.document)) yield row;
  }
}

export interface NearRow {
  row: Row;
  distanceMeters: number;
}

/** The matching rows from near to far; throws when no 2dsphere index serves them. */
export function* nearRows(
  collection: Collection,
  filter: Filter,
  path: string,
  near: Near,
): Generator<NearRow> {
  const holdsPoints = (index: Index) => index.fields.some((field) => field.isGeo && field.path === path);
  const index =
    collection.indexes.find((one) => holdsPoints(one) && isUsable(one, filter)) ??
    refuse(27, "$geoNear requires a 2d or 2dsphere index, but none were found");
  // Cells reach over the radius, and each circle has the one before in it: no row is looked at twice.
  const seen = new Set<number>();
  let beyond: NearRow[] = [];
  for (const radiusMeters of searchRadii(near)) {
    for (const row of rowsAround(collection, index, filter, { center: near.center, radiusMeters })) {
      if (seen.has(row.row)) continue;
      seen.add(row.row);
      const distanceMeters = distanceTo(getAt(row.document, path), near.center);
      if (distanceMeters >= near.minMeters && filter.test(row.document)) beyond.push({ row, distanceMeters });
    }
    const found = beyond.filter(({ distanceMeters }) => distanceMeters <= radiusMeters);
    beyond = beyond.filter(({ distanceMeters }) => distanceMeters > radiusMeters);
    yield* found.sort((a, b) => a.distanceMeters - b.distanceMeters);
  }
}

/** Reads the cells around the circle, or the whole index when a field before the point is open. */
function* rowsAround(collection: Collection, index: Index, filter: Filter, circle: Circle): Generator<Row> {
  const { where, params } = prefixOf(index, constraintsOf(filter.conjuncts));
  const at = index.fields.findIndex(({ isGeo }) => isGeo);
  if (where.length < at) return yield* collection.scan({ index, where: where.join(" AND "), params });
  for (const range of cellRanges(circle)) {
    const cells = [...where, `c${at} BETWEEN ? AND ?`].join(" AND ");
    yield* collection.scan({ index, where: cells, params: [...params, ...range] });
  }
}
