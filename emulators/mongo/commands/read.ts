/** find, aggregate and distinct. */
import { check } from "../errors.ts";
import { compileFilter } from "../query/filter.ts";
import { valuesAt } from "../query/paths.ts";
import { compileProjection } from "../query/project.ts";
import { parseSort } from "../query/sort.ts";
import { cursorReply } from "../reply.ts";
import { findRows } from "../storage/find.ts";
import { encode, isDocument, show } from "../values.ts";
import { aggregateRows } from "./aggregate.ts";
import { countField, documentField, findCollection, namespaceOf, reading } from "./command.ts";

const FIND_FIELDS =
  "filter sort projection hint skip limit batchSize singleBatch noCursorTimeout allowDiskUse";

const find = reading(FIND_FIELDS, (call) => {
  const { body } = call;
  const project = compileProjection(body.projection);
  const filter = compileFilter(documentField(body, "filter"));
  const [skip, limit] = [countField(body, "skip"), countField(body, "limit")];
  const rows = findRows(findCollection(call, body.hint), { filter, sort: parseSort(body.sort), skip, limit });
  const documents = Array.from(rows, (row) => (project ? encode(project(row.document)) : row.body));
  return cursorReply(namespaceOf(call), documents);
});

const aggregate = reading("pipeline cursor allowDiskUse bypassDocumentValidation hint", (call) => {
  const { pipeline, cursor, hint } = call.body;
  check(
    isDocument(cursor),
    9,
    "The 'cursor' option is required, except for aggregate with the explain argument",
  );
  const results = aggregateRows(findCollection(call, hint), pipeline);
  return cursorReply(
    namespaceOf(call),
    Array.from(results, ({ document }) => encode(document)),
  );
});

const distinct = reading("key query hint", (call) => {
  const { key, query, hint } = call.body;
  const found = new Map<string, unknown>();
  for (const { document } of findRows(findCollection(call, hint), { filter: compileFilter(query ?? {}) })) {
    for (const value of valuesAt(document, String(key).split("."))) {
      if (value !== undefined) found.set(show(value), value);
    }
  }
  return { values: [...found.values()], ok: 1 };
});

export const readCommands = { find, aggregate, distinct };
