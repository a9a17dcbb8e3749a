/** insert, update, delete and findAndModify. Each refused statement of the first three is an entry of `writeErrors`. */
import { CommandError, check } from "../errors.ts";
import { compileFilter, type Filter } from "../query/filter.ts";
import { compileProjection } from "../query/project.ts";
import { parseSort } from "../query/sort.ts";
import { compileUpdate, type Update, upsertDocument, withId } from "../query/update.ts";
import { RawDocument } from "../reply.ts";
import type { Collection, Row } from "../storage/collection.ts";
import { findRows } from "../storage/find.ts";
import { type Document, decode, isDocument, toBoolean } from "../values.ts";
import {
  type Call,
  checkFields,
  countField,
  documentField,
  ensureCollection,
  findCollection,
  hintedIndex,
  writing,
} from "./command.ts";

type Statement = (statement: Document, at: number) => void;

/** Runs the statements in order; an ordered command stops at the first that is refused. */
function runStatements({ name, body }: Call, field: string, run: Statement): Document {
  const statements: unknown = body[field];
  const isList = Array.isArray(statements) && statements.every(isDocument);
  check(isList, 14, `BSON field '${name}.${field}' must be an array of objects`);
  const { length } = statements;
  check(
    length > 0 && length <= 100_000,
    16,
    `Write batch sizes must be between 1 and 100000. Got ${length} operations.`,
  );
  const writeErrors: Document[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      run(statement, index);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      writeErrors.push({ index, code: error.code, ...error.details, errmsg: error.message });
      if (body.ordered === undefined || toBoolean(body.ordered)) break;
    }
  }
  return writeErrors.length ? { writeErrors } : {};
}

const insert = writing("documents ordered bypassDocumentValidation", (call) => {
  let n = 0;
  const errors = runStatements(call, "documents", (document) => {
    ensureCollection(call).insert(withId(document));
    n++;
  });
  return { n, ...errors, ok: 1 };
});

/** Updates one row and returns its new bytes, or the same ones when nothing changed. */
function updateRow(collection: Collection, row: Row, change: Update, filter: Filter): Uint8Array {
  const before = collection.keysOf(row.document);
  return collection.replace(row, before, change.apply(row.document, { filter, isInsert: false }));
}

const update = writing("updates ordered bypassDocumentValidation", (call) => {
  let [n, nModified] = [0, 0];
  const upserted: Document[] = [];
  const errors = runStatements(call, "updates", (statement, index) => {
    checkFields("update.updates", statement, "q u upsert multi arrayFilters hint sort");
    const filter = compileFilter(documentField(statement, "q"));
    const change = compileUpdate(statement.u, statement.arrayFilters);
    const isMulti = toBoolean(statement.multi);
    check(!isMulti || !change.isReplacement, 9, "multi update is not supported for replacement-style update");
    const collection = findCollection(call);
    const hint = hintedIndex(collection, statement.hint);
    const rows = [
      ...findRows(collection, { filter, sort: parseSort(statement.sort), limit: isMulti ? 0 : 1, hint }),
    ];
    n += rows.length;
    for (const row of rows) {
      if (collection && updateRow(collection, row, change, filter) !== row.body) nModified++;
    }
    if (rows.length > 0 || !toBoolean(statement.upsert)) return;
    const document = upsertDocument(change, filter);
    ensureCollection(call).insert(document);
    upserted.push({ index, _id: document._id });
    n++;
  });
  return { n, ...(upserted.length && { upserted }), nModified, ...errors, ok: 1 };
});

const deleteCommand = writing("deletes ordered", (call) => {
  let n = 0;
  const errors = runStatements(call, "deletes", (statement) => {
    checkFields("delete.deletes", statement, "q limit hint");
    const limit = countField(statement, "limit");
    check(limit <= 1, 9, `The limit field in delete objects must be 0 or 1. Got ${limit}`);
    const collection = findCollection(call);
    const hint = hintedIndex(collection, statement.hint);
    const filter = compileFilter(documentField(statement, "q"));
    const rows = [...findRows(collection, { filter, limit, hint })];
    for (const row of rows) collection?.remove(row);
    n += rows.length;
  });
  return { n, ...errors, ok: 1 };
});

const MODIFY_FIELDS = "query sort update remove new upsert fields arrayFilters hint bypassDocumentValidation";

/** Finds one, changes it and answers it, with nothing in between. */
const findAndModify = writing(MODIFY_FIELDS, (call) => {
  const { body } = call;
  const [isRemove, isNew, isUpsert] = [body.remove, body.new, body.upsert].map(toBoolean);
  check(isRemove !== (body.update !== undefined), 9, "Either an update or remove=true must be specified");
  const collection = findCollection(call);
  const hint = hintedIndex(collection, body.hint);
  const filter = compileFilter(documentField(body, "query"));
  const project = compileProjection(body.fields);
  const answer = (bytes: Uint8Array | undefined, lastErrorObject: Document): Document => {
    const value = bytes && (project ? project(decode(bytes)) : new RawDocument(bytes));
    return { lastErrorObject, value: value ?? null, ok: 1 };
  };
  const [row] = findRows(collection, { filter, sort: parseSort(body.sort), limit: 1, hint });
  if (isRemove) {
    if (row) collection?.remove(row);
    return answer(row?.body, { n: row ? 1 : 0 });
  }
  const change = compileUpdate(body.update, body.arrayFilters);
  if (row && collection) {
    const bytes = updateRow(collection, row, change, filter);
    return answer(isNew ? bytes : row.body, { n: 1, updatedExisting: true });
  }
  if (!isUpsert) return answer(undefined, { n: 0, updatedExisting: false });
  const document = upsertDocument(change, filter);
  const bytes = ensureCollection(call).insert(document);
  return answer(isNew ? bytes : undefined, { n: 1, updatedExisting: false, upserted: document._id });
});

export const writeCommands = { insert, update, delete: deleteCommand, findAndModify };
