/** findAndModify: find one, change it and answer it, with nothing in between. */
import { CommandError } from "../errors.ts";
import { compileFilter } from "../match.ts";
import { compileProjection } from "../project.ts";
import { findRows } from "../query.ts";
import { RawDocument } from "../raw.ts";
import { parseSort } from "../sort.ts";
import { checkId, compileUpdate, upsertDocument } from "../update.ts";
import { type Document, decode, encode, toBoolean } from "../values.ts";
import { type Call, type Command, collectionName, documentField } from "./call.ts";
import { checkHint } from "./read.ts";
import { updateRow } from "./write.ts";

function findAndModify(call: Call): Document {
  const { server, db, body } = call;
  const collection = server.store.find(db, collectionName(call));
  const isRemove = toBoolean(body.remove);
  if (isRemove === (body.update !== undefined)) {
    throw new CommandError(
      9,
      isRemove
        ? "Cannot specify both an update and remove=true"
        : "Either an update or remove=true must be specified",
    );
  }
  if (isRemove && (toBoolean(body.new) || toBoolean(body.upsert))) {
    throw new CommandError(9, "Cannot specify both new or upsert and remove=true");
  }
  checkHint(collection, body.hint);
  const filter = compileFilter(documentField(body, "query"));
  const project = compileProjection(body.fields);
  const show = (bytes: Uint8Array) => (project ? project(decode(bytes)) : new RawDocument(bytes));
  const [row] = findRows(collection, { filter, sort: parseSort(body.sort), limit: 1 });
  if (isRemove) {
    if (row) collection?.remove(row);
    return { lastErrorObject: { n: row ? 1 : 0 }, value: row ? show(row.body) : null, ok: 1 };
  }
  const isNew = toBoolean(body.new);
  const update = compileUpdate(body.update, body.arrayFilters);
  if (row && collection) {
    const bytes = updateRow(collection, row, update, filter);
    return { lastErrorObject: { n: 1, updatedExisting: true }, value: show(isNew ? bytes : row.body), ok: 1 };
  }
  if (!toBoolean(body.upsert))
    return { lastErrorObject: { n: 0, updatedExisting: false }, value: null, ok: 1 };
  const document = upsertDocument(update, filter);
  checkId(document);
  server.store.ensure(db, collectionName(call)).insert(document);
  const lastErrorObject = { n: 1, updatedExisting: false, upserted: document._id };
  return { lastErrorObject, value: isNew ? show(encode(document)) : null, ok: 1 };
}

const command: Command = {
  fields: [
    "query",
    "sort",
    "update",
    "remove",
    "new",
    "upsert",
    "fields",
    "arrayFilters",
    "hint",
    "bypassDocumentValidation",
  ],
  unsupported: ["collation", "let"],
  isWrite: true,
  run: findAndModify,
};

export const findAndModifyCommands: Record<string, Command> = {
  findAndModify: command,
  findandmodify: command,
};
