/** Runs a query: reads what its plan names, tests the filter, and sorts only what no index has in order. */
import type { Collection, KeyRange, Row } from "./collection.ts";
import { CommandError } from "./errors.ts";
import { cellRanges, distanceTo, type NearPoint, parseWithin, searchRadii } from "./geo.ts";
import type { Index } from "./indexes.ts";
import { encodeValue, successor } from "./key.ts";
import type { Filter } from "./match.ts";
import { getAt } from "./paths.ts";
import { concat, constraintsOf, extend, findPlan, isUsable, type Plan, prefixRange } from "./plan.ts";
import { type SortField, sortItems } from "./sort.ts";

export interface Query {
  filter: Filter;
  sort?: SortField[];
  skip?: number;
  /** 0 or absent: no limit. */
  limit?: number;
}

/** The matching rows in order, read as the caller asks for them. */
export function* findRows(collection: Collection | undefined, query: Query): Generator<Row> {
  if (!collection) return;
  const { filter, sort = [], skip = 0, limit = 0 } = query;
  let passed = 0;
  for (const row of orderedRows(collection, filter, sort, limit > 0 ? skip + limit : 64)) {
    if (passed++ < skip) continue;
    yield row;
    if (limit > 0 && passed >= skip + limit) return;
  }
}

function* orderedRows(
  collection: Collection,
  filter: Filter,
  sort: SortField[],
  expected: number,
): Generator<Row> {
  if (filter.near) {
    const rows = nearRows(collection, filter, filter.near, "$near");
    if (sort.length === 0) yield* mapRows(rows);
    else yield* sortItems([...mapRows(rows)], sort, ({ document }) => document);
    return;
  }
  const plan = findPlan(collection, filter, sort);
  if (sort.length === 0 || plan?.sorted) {
    yield* matching(plan ? planRows(collection, plan, expected) : candidates(collection, filter), filter);
  } else {
    const rows = matching(plan ? planRows(collection, plan, 256) : candidates(collection, filter), filter);
    yield* sortItems([...rows], sort, ({ document }) => document);
  }
}

function* mapRows(rows: Iterable<NearRow>): Generator<Row> {
  for (const { row } of rows) yield row;
}

function* matching(rows: Iterable<Row>, filter: Filter): Generator<Row> {
  for (const row of rows) if (filter.isEmpty || filter.test(row.document)) yield row;
}

/** Without a plan: a `$geoWithin` may still be served by a 2dsphere index, anything else reads everything. */
function* candidates(collection: Collection, filter: Filter): Generator<Row> {
  const within = filter.conjuncts.find(({ operator }) => operator === "$geoWithin");
  const index =
    within && collection.indexes.find((one) => holdsPoints(one, within.path) && isUsable(one, filter));
  if (!index) return yield* collection.scan();
  const ranges = geoRanges(index, filter, cellRanges(parseWithin(within.operand)));
  yield* distinctRows(ranges.map((range) => collection.range(index, range, false, 256)));
}

function* planRows(collection: Collection, plan: Plan, expected: number): Generator<Row> {
  const { index, ranges, reverse, sorted } = plan;
  const ordered = reverse && !sorted ? ranges.toReversed() : ranges;
  const sources = ordered.map((range) => collection.range(index, range, reverse, expected));
  const [only] = sources;
  if (sources.length === 1 && only && !index.multikey) yield* only;
  else if (sorted && sources.length > 1) yield* merge(sources, plan);
  else yield* distinctRows(sources);
}

function* distinctRows(sources: Iterable<Row>[]): Generator<Row> {
  const seen = new Set<number>();
  for (const source of sources) {
    for (const row of source) {
      if (seen.has(row.row)) continue;
      seen.add(row.row);
      yield row;
    }
  }
}

/** Merges ranges that are each in order, such as the newest of several statuses, by the rest of their keys. */
function* merge(sources: Generator<Row>[], { prefixLengths, reverse }: Plan): Generator<Row> {
  const heads = sources.map((source, at) => {
    const prefix = prefixLengths[at] ?? 0;
    const next = (): { row: Row; suffix: Uint8Array } | undefined => {
      const { value, done } = source.next();
      return done ? undefined : { row: value, suffix: value.key?.subarray(prefix) ?? value.body };
    };
    return { next, head: next() };
  });
  for (;;) {
    let best: (typeof heads)[number] | undefined;
    for (const candidate of heads) {
      if (!candidate.head) continue;
      const order = best?.head ? Buffer.compare(candidate.head.suffix, best.head.suffix) : -1;
      if (!best || (reverse ? order > 0 : order < 0)) best = candidate;
    }
    if (!best?.head) return;
    yield best.head.row;
    best.head = best.next();
  }
}

export interface NearRow {
  row: Row;
  distanceMeters: number;
}

/** The matching rows from near to far; `asker` is named in the error when there is no 2dsphere index. */
export function* nearRows(
  collection: Collection,
  filter: Filter,
  near: NearPoint,
  asker: "$near" | "$geoNear",
): Generator<NearRow> {
  const index = collection.indexes.find((one) => holdsPoints(one, near.path) && isUsable(one, filter));
  if (!index) throw noGeoIndex(collection, near, asker);
  // Cells reach over the radius, and each circle has the one before in it: nobody is looked at twice.
  const seen = new Set<number>();
  let beyond: NearRow[] = [];
  for (const radius of searchRadii(near)) {
    const ranges = geoRanges(index, filter, cellRanges({ center: near.center, radiusMeters: radius }));
    for (const row of distinctRows(ranges.map((range) => collection.range(index, range, false, 256)))) {
      if (seen.has(row.row)) continue;
      seen.add(row.row);
      const distanceMeters = distanceTo(getAt(row.document, near.path), near.center);
      if (distanceMeters >= near.minMeters && filter.test(row.document)) beyond.push({ row, distanceMeters });
    }
    const found = beyond.filter(({ distanceMeters }) => distanceMeters <= radius);
    beyond = beyond.filter(({ distanceMeters }) => distanceMeters > radius);
    yield* found.sort((a, b) => a.distanceMeters - b.distanceMeters);
  }
}

function noGeoIndex(collection: Collection, near: NearPoint, asker: string): CommandError {
  if (asker === "$geoNear")
    return new CommandError(27, "$geoNear requires a 2d or 2dsphere index, but none were found");
  const what = `ns=${collection.namespace} near path: ${near.path}`;
  return new CommandError(
    291,
    `error processing query: ${what} planner returned error :: caused by :: unable to find index for $geoNear query`,
  );
}

function holdsPoints(index: Index, path: string): boolean {
  return index.fields.some((field) => field.isGeo && field.path === path);
}

/** Key ranges for cells: narrowed by the exact fields before the point, or the whole index when one is open. */
function geoRanges(index: Index, filter: Filter, cells: [number, number][]): KeyRange[] {
  const constraints = constraintsOf(filter.conjuncts);
  let prefixes: Uint8Array[] = [new Uint8Array(0)];
  for (const field of index.fields) {
    if (field.isGeo) {
      return prefixes.flatMap((prefix) =>
        cells.map(([first, last]) => ({
          low: concat(prefix, encodeValue(first)),
          high: successor(concat(prefix, encodeValue(last))),
        })),
      );
    }
    const points = constraints.get(field.path)?.points;
    if (!points) break;
    prefixes = extend(prefixes, points, field);
  }
  return prefixes.map(prefixRange);
}
