/** insert, update and delete: each command one transaction, each refused statement one entry of `writeErrors`. */
import { ObjectId } from "bson";
import type { Collection, Row } from "../collection.ts";
import { CommandError } from "../errors.ts";
import { compileFilter, type Filter } from "../match.ts";
import { findRows } from "../query.ts";
import { parseSort } from "../sort.ts";
import { checkId, compileUpdate, type Update, upsertDocument } from "../update.ts";
import { type Document, toBoolean, toNumber } from "../values.ts";
import {
  type Call,
  type Command,
  checkFields,
  collectionName,
  countField,
  documentField,
  isOrdered,
  statementsField,
} from "./call.ts";
import { checkHint } from "./read.ts";

/** Runs the statements in order; an ordered command stops at the first that is refused. */
function runStatements(
  call: Call,
  statements: Document[],
  run: (statement: Document, at: number) => void,
): Document {
  const writeErrors: Document[] = [];
  for (const [index, statement] of statements.entries()) {
    try {
      run(statement, index);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      writeErrors.push({ index, code: error.code, ...error.details, errmsg: error.message });
      if (isOrdered(call)) break;
    }
  }
  return writeErrors.length ? { writeErrors } : {};
}

const insert: Command = {
  fields: ["documents", "ordered", "bypassDocumentValidation"],
  isWrite: true,
  run(call) {
    const statements = statementsField(call, "documents");
    const collection = call.server.store.ensure(call.db, collectionName(call));
    let n = 0;
    const errors = runStatements(call, statements, (document) => {
      const stored = withGeneratedId(document);
      checkId(stored);
      collection.insert(stored);
      n++;
    });
    return { n, ...errors, ok: 1 };
  },
};

function withGeneratedId(document: Document): Document {
  if (Object.keys(document)[0] === "_id") return document;
  const { _id = new ObjectId(), ...rest } = document;
  return { _id, ...rest };
}

/** Updates one row and returns its new bytes, or the same ones when nothing changed. */
export function updateRow(collection: Collection, row: Row, change: Update, filter: Filter): Uint8Array {
  const before = collection.keysOf(row.document);
  return collection.replace(row, before, change.apply(row.document, { filter, isInsert: false }));
}

const update: Command = {
  fields: ["updates", "ordered", "bypassDocumentValidation"],
  unsupported: ["let"],
  isWrite: true,
  run(call) {
    const statements = statementsField(call, "updates");
    let [n, nModified] = [0, 0];
    const upserted: Document[] = [];
    const errors = runStatements(call, statements, (statement, index) => {
      const fields = ["q", "u", "upsert", "multi", "arrayFilters", "hint", "sort"];
      checkFields("update.updates", statement, fields, ["collation", "c"]);
      const filter = compileFilter(documentField(statement, "q"));
      const change = compileUpdate(statement.u, statement.arrayFilters);
      const isMulti = toBoolean(statement.multi);
      if (isMulti && change.isReplacement) {
        throw new CommandError(9, "multi update is not supported for replacement-style update");
      }
      const collection = call.server.store.find(call.db, collectionName(call));
      checkHint(collection, statement.hint);
      const rows = [
        ...findRows(collection, { filter, sort: parseSort(statement.sort), limit: isMulti ? 0 : 1 }),
      ];
      if (rows.length === 0 && toBoolean(statement.upsert)) {
        const document = upsertDocument(change, filter);
        checkId(document);
        call.server.store.ensure(call.db, collectionName(call)).insert(document);
        upserted.push({ index, _id: document._id });
        n++;
      }
      for (const row of rows) {
        if (collection && updateRow(collection, row, change, filter) !== row.body) nModified++;
        n++;
      }
    });
    return { n, ...(upserted.length ? { upserted } : {}), nModified, ...errors, ok: 1 };
  },
};

const deleteCommand: Command = {
  fields: ["deletes", "ordered"],
  unsupported: ["let"],
  isWrite: true,
  run(call) {
    const statements = statementsField(call, "deletes");
    const collection = call.server.store.find(call.db, collectionName(call));
    let n = 0;
    const errors = runStatements(call, statements, (statement) => {
      checkFields("delete.deletes", statement, ["q", "limit", "hint"], ["collation"]);
      const limit = countField(statement, "limit");
      if (limit !== 0 && limit !== 1) {
        throw new CommandError(
          9,
          `The limit field in delete objects must be 0 or 1. Got ${toNumber(statement.limit ?? -1)}`,
        );
      }
      checkHint(collection, statement.hint);
      const rows = [...findRows(collection, { filter: compileFilter(documentField(statement, "q")), limit })];
      for (const row of rows) collection?.remove(row);
      n += rows.length;
    });
    return { n, ...errors, ok: 1 };
  },
};

export const writeCommands: Record<string, Command> = { insert, update, delete: deleteCommand };
