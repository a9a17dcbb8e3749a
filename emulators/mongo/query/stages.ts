/** Aggregation stages but `$geoNear`, each a change of a sequence of documents. */
import { Int32 } from "bson";
import { check, refuse } from "../errors.ts";
import { sameValue } from "../storage/order.ts";
import {
  calculate,
  decode,
  encode,
  isDocument,
  isNothing,
  isNumeric,
  onlyKey,
  show,
  toNumber,
} from "../values.ts";
import { compileExpression, extreme, type Source } from "./expressions.ts";
import { compileFilter } from "./filter.ts";
import { getAt, setAt } from "./paths.ts";
import { compileProjection } from "./project.ts";
import { parseSort, sortDocuments } from "./sort.ts";

type Stage = (sources: Iterable<Source>) => Iterable<Source>;

/** Throws mongod's error for a stage that there is not. */
export function compilePipeline(pipeline: unknown): Stage {
  check(Array.isArray(pipeline), 14, "'pipeline' option must be specified as an array");
  const stages = pipeline.map((stage): Stage => {
    const name = onlyKey(stage) ?? refuse(40323, "A pipeline stage must contain exactly one field.");
    check(name !== "$geoNear", 40602, "$geoNear was not the first stage in the pipeline");
    const compile = Object.hasOwn(STAGES, name) ? STAGES[name] : undefined;
    return compile?.(stage[name]) ?? refuse(40324, `Unrecognized pipeline stage name: '${name}'`);
  });
  return (sources) => stages.reduce((current, stage) => stage(current), sources);
}

const STAGES: Record<string, (operand: unknown) => Stage> = {
  $match(operand) {
    check(isDocument(operand), 15959, "the match filter must be an expression in an object");
    const { isEmpty, test } = compileFilter(operand);
    return function* (sources) {
      for (const source of sources) if (isEmpty || test(source.document)) yield source;
    };
  },
  $sort(operand) {
    const fields = parseSort(operand);
    return (sources) => sortDocuments([...sources], fields);
  },
  $skip: (operand) => (sources) => Iterator.from(sources).drop(toNumber(operand, "$skip")),
  $limit(operand) {
    check(toNumber(operand, "$limit") > 0, 15958, "the limit must be positive");
    return (sources) => Iterator.from(sources).take(toNumber(operand));
  },
  $project(operand) {
    const project = compileProjection(operand) ?? refuse(51272, "Invalid $project: it has no fields");
    return (sources) => Iterator.from(sources).map(({ document }) => ({ document: project(document) }));
  },
  $unwind: unwind,
  $group: group,
};

function unwind(operand: unknown): Stage {
  const { path = operand, preserveNullAndEmptyArrays: keeps = false } = isDocument(operand) ? operand : {};
  check(
    /^\$/.test(String(path)),
    28818,
    `path option to $unwind stage should be prefixed with a '$': ${show(path)}`,
  );
  const field = String(path).slice(1);
  return function* (sources) {
    for (const { document } of sources) {
      const value = getAt(document, field);
      const items = Array.isArray(value) ? value : isNothing(value) ? [] : [value];
      if (items.length === 0 && keeps) yield { document };
      for (const item of items) {
        const copy = decode(encode(document));
        setAt(copy, field, item);
        yield { document: copy };
      }
    }
  };
}

const ACCUMULATORS: Record<string, (values: unknown[]) => unknown> = {
  $sum: (values) => values.filter(isNumeric).reduce((a, b) => calculate("add", a, b), new Int32(0)),
  $min: (values) => extreme(1)([values]),
  $max: (values) => extreme(-1)([values]),
  $first: ([first]) => first ?? null,
  $push: (values) => values.filter((value) => value !== undefined),
  $addToSet: (values) =>
    values.filter((value, at) => values.findIndex((one) => sameValue(one, value)) === at),
};

function group(operand: unknown): Stage {
  check(isDocument(operand) && "_id" in operand, 15955, "a group specification must include an _id");
  const { _id, ...fields } = operand;
  const key = compileExpression(_id);
  const results = Object.entries(fields).map(([field, source]) => {
    const name = onlyKey(source) ?? "";
    const accumulate = Object.hasOwn(ACCUMULATORS, name) ? ACCUMULATORS[name] : undefined;
    check(accumulate, 15952, `unknown group operator '${name}'`);
    return { field, accumulate, value: compileExpression(source[name]) };
  });
  return (sources) => {
    const groups = Map.groupBy(Iterator.from(sources), (source) => show(key(source)));
    return [...groups.values()].map((members) => {
      const computed = results.map(({ field, accumulate, value }) => [field, accumulate(members.map(value))]);
      const [first] = members as [Source];
      return { document: { _id: key(first) ?? null, ...Object.fromEntries(computed) } };
    });
  };
}
