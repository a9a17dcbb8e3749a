/** find, its explain, aggregate and distinct. */
import { check } from "../errors.ts";
import { compileFilter } from "../query/filter.ts";
import { valuesAt } from "../query/paths.ts";
import { compileProjection } from "../query/project.ts";
import { parseSort } from "../query/sort.ts";
import { cursorReply } from "../reply.ts";
import type { Row } from "../storage/collection.ts";
import { findRows } from "../storage/find.ts";
import { encode, isDocument, show } from "../values.ts";
import { aggregateRows } from "./aggregate.ts";
import {
  type Call,
  COMMON_FIELDS,
  checkFields,
  countField,
  documentField,
  findCollection,
  hintedIndex,
  namespaceOf,
  reading,
} from "./command.ts";

const FIND_FIELDS =
  "filter sort projection hint skip limit batchSize singleBatch noCursorTimeout allowDiskUse";

function found(call: Call, onExamined?: () => void): Iterable<Row> {
  const { body } = call;
  const collection = findCollection(call);
  return findRows(collection, {
    filter: compileFilter(documentField(body, "filter")),
    ...{ sort: parseSort(body.sort), skip: countField(body, "skip"), limit: countField(body, "limit") },
    hint: hintedIndex(collection, body.hint),
    ...(onExamined && { onExamined }),
  });
}

const find = reading(FIND_FIELDS, (call) => {
  const project = compileProjection(call.body.projection);
  const documents = Array.from(found(call), (row) => (project ? encode(project(row.document)) : row.body));
  return cursorReply(namespaceOf(call), documents);
});

/** Of a `find` alone, and nothing but how much it reads. */
const explain = reading("verbosity", (call) => {
  const { explain: body, verbosity } = call.body;
  check(isDocument(body) && "find" in body, 59, "Explain failed due to unknown command: only find is known");
  check(
    verbosity === "executionStats",
    9,
    `verbosity string must be 'executionStats', not ${show(verbosity)}`,
  );
  checkFields("find", body, `find ${FIND_FIELDS} ${COMMON_FIELDS}`);
  let totalDocsExamined = 0;
  const rows = found({ ...call, name: "find", body }, () => totalDocsExamined++);
  const nReturned = [...rows].length;
  return { executionStats: { executionSuccess: true, nReturned, totalDocsExamined }, ok: 1 };
});

const aggregate = reading("pipeline cursor allowDiskUse bypassDocumentValidation hint", (call) => {
  const { pipeline, cursor, hint } = call.body;
  const collection = findCollection(call);
  check(
    isDocument(cursor),
    9,
    "The 'cursor' option is required, except for aggregate with the explain argument",
  );
  const results = aggregateRows(collection, pipeline, hintedIndex(collection, hint));
  return cursorReply(
    namespaceOf(call),
    Array.from(results, ({ document }) => encode(document)),
  );
});

const distinct = reading("key query hint", (call) => {
  const { key, query, hint } = call.body;
  const collection = findCollection(call);
  const filter = compileFilter(query ?? {});
  const distinctValues = new Map<string, unknown>();
  for (const { document } of findRows(collection, { filter, hint: hintedIndex(collection, hint) })) {
    for (const value of valuesAt(document, String(key).split("."))) {
      if (value !== undefined) distinctValues.set(show(value), value);
    }
  }
  return { values: [...distinctValues.values()], ok: 1 };
});

export const readCommands = { find, explain, aggregate, distinct };
