/** Aggregation stages through mingo, with our own `$match` and `$sort`, which know BSON types and their order. */
import { Aggregator } from "mingo/aggregator";
import { Context } from "mingo/core";
import { type Iterator, Lazy } from "mingo/lazy";
import * as accumulator from "mingo/operators/accumulator";
import * as expression from "mingo/operators/expression";
import * as stages from "mingo/operators/pipeline";
import * as projection from "mingo/operators/projection";
import * as query from "mingo/operators/query";
import * as window from "mingo/operators/window";
import { Query } from "mingo/query";
import { CommandError, notSupported } from "./errors.ts";
import { compileFilter } from "./match.ts";
import { parseSort, sortItems } from "./sort.ts";
import { type Document, isDocument, promote } from "./values.ts";

const ownStages = {
  $match: (documents: Iterator, source: Document): Iterator => {
    const filter = compileFilter(source);
    return documents.filter((document: Document) => filter.test(document));
  },
  $sort: (documents: Iterator, source: Document): Iterator => {
    const fields = parseSort(source);
    return documents.transform(
      (all) => Lazy(sortItems(all as unknown as Document[], fields, (item) => item)) as never,
    );
  },
};

const { $out, $merge, $documents, ...usableStages } = stages;
const UNSUPPORTED_STAGES = new Set([
  "$out",
  "$merge",
  "$documents",
  "$collStats",
  "$indexStats",
  "$search",
  "$geoNear",
]);
const STAGES = { ...usableStages, ...ownStages };
const CONTEXT = Context.init({
  accumulator,
  expression,
  pipeline: STAGES as never,
  projection,
  query,
  window,
});
const OPTIONS = { context: CONTEXT, scriptEnabled: false, useStrictMode: true };

/** Throws mingo's or mongod's error for a stage that cannot be run; nested pipelines included. */
export function checkPipeline(pipeline: unknown): Document[] {
  if (!Array.isArray(pipeline)) throw new CommandError(14, "'pipeline' option must be specified as an array");
  for (const stage of pipeline) {
    const names = isDocument(stage) ? Object.keys(stage) : [];
    const [name] = names;
    if (name === undefined || names.length !== 1) {
      throw new CommandError(40323, "A pipeline stage specification object must contain exactly one field.");
    }
    if (name === "$geoNear")
      throw new CommandError(40602, "$geoNear was not the first stage in the pipeline");
    if (name === "$changeStream") {
      throw new CommandError(40573, "The $changeStream stage is only supported on replica sets");
    }
    if (UNSUPPORTED_STAGES.has(name)) throw notSupported(`the stage ${name}`);
    if (!Object.hasOwn(STAGES, name))
      throw new CommandError(40324, `Unrecognized pipeline stage name: '${name}'`);
    const body: unknown = stage[name];
    if (name === "$match" && isDocument(body)) compileFilter(body);
    if (name === "$facet" && isDocument(body)) for (const part of Object.values(body)) checkPipeline(part);
    else if (isDocument(body) && Array.isArray(body.pipeline)) checkPipeline(body.pipeline);
  }
  return pipeline;
}

/** `documents` are promoted values; `resolve` finds another collection's, for `$lookup` and its kind. */
export function runPipeline(
  documents: Document[],
  pipeline: Document[],
  resolve: (collection: string) => Document[],
): Document[] {
  const aggregator = new Aggregator(promoteStages(pipeline) as Document[], {
    ...OPTIONS,
    collectionResolver: resolve,
  });
  return aggregator.run<Document>(documents);
}

/** A find projection with operators such as `$slice`, `$elemMatch` or an expression. */
export function evaluateProjection(document: Document, source: Document): Document {
  const projected = new Query({}, OPTIONS).find<Document>([promote(document)], promote(source) as Document);
  return projected.all()[0] ?? {};
}

/** Filters keep their BSON types, everything else becomes what mingo computes with. */
function promoteStages(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(promoteStages);
  if (!isDocument(value)) return promote(value);
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, name === "$match" ? part : promoteStages(part)]),
  );
}
