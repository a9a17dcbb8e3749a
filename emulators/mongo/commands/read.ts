/** find, count, distinct, getMore and killCursors. */
import type { Long } from "bson";
import type { Collection, Row } from "../collection.ts";
import { encodeAll } from "../cursors.ts";
import { CommandError } from "../errors.ts";
import { encodeValue } from "../key.ts";
import { compileFilter } from "../match.ts";
import { valuesAt } from "../paths.ts";
import { compileProjection } from "../project.ts";
import { findRows } from "../query.ts";
import { parseSort } from "../sort.ts";
import { bsonType, type Document, isDocument, showDocument, toBoolean } from "../values.ts";
import { type Call, type Command, collectionName, countField, documentField } from "./call.ts";

const find: Command = {
  fields: [
    "filter",
    "sort",
    "projection",
    "hint",
    "skip",
    "limit",
    "batchSize",
    "singleBatch",
    "noCursorTimeout",
    "allowPartialResults",
    "allowDiskUse",
    "oplogReplay",
  ],
  unsupported: [
    "collation",
    "let",
    "max",
    "min",
    "returnKey",
    "showRecordId",
    "tailable",
    "awaitData",
    "term",
  ],
  run(call) {
    const { server, db, body } = call;
    const name = collectionName(call);
    const collection = server.store.find(db, name);
    checkHint(collection, body.hint);
    const project = compileProjection(body.projection);
    const rows = findRows(collection, {
      filter: compileFilter(documentField(body, "filter"), true),
      sort: parseSort(body.sort),
      skip: countField(body, "skip") ?? 0,
      limit: countField(body, "limit") ?? 0,
    });
    const source = project ? encodeAll(mapDocuments(rows, project)) : bodies(rows);
    return server.cursors.first(
      `${db}.${name}`,
      source,
      countField(body, "batchSize"),
      toBoolean(body.singleBatch),
    );
  },
};

function* bodies(rows: Iterable<Row>): Generator<Uint8Array> {
  for (const { body } of rows) yield body;
}

function* mapDocuments(rows: Iterable<Row>, change: (document: Document) => Document): Generator<Document> {
  for (const { document } of rows) yield change(document);
}

/** The planner chooses for itself, but a hint that names no index is the mistake that a mongod reports. */
export function checkHint(collection: Collection | undefined, hint: unknown): void {
  if (
    hint === undefined ||
    !collection ||
    (isDocument(hint) && ("$natural" in hint || Object.keys(hint).length === 0))
  )
    return;
  const isNamed = collection.indexes.some(({ name, spec }) =>
    isDocument(hint) ? showDocument(hint) === showDocument(spec.key) : hint === name,
  );
  if (!isNamed) {
    throw new CommandError(
      2,
      "error processing query: planner returned error :: caused by :: hint provided does not correspond to an existing index",
    );
  }
}

const count: Command = {
  fields: ["query", "limit", "skip", "hint"],
  unsupported: ["collation", "fields"],
  run(call) {
    const { server, db, body } = call;
    const collection = server.store.find(db, collectionName(call));
    checkHint(collection, body.hint);
    const filter = compileFilter(documentField(body, "query"));
    const [skip, limit] = [countField(body, "skip") ?? 0, countField(body, "limit") ?? 0];
    if (collection && filter.isEmpty && skip === 0 && limit === 0) return { n: collection.count(), ok: 1 };
    let n = 0;
    for (const _ of findRows(collection, { filter, skip, limit })) n++;
    return { n, ok: 1 };
  },
};

const distinct: Command = {
  fields: ["key", "query", "hint"],
  unsupported: ["collation"],
  run(call) {
    const { server, db, body } = call;
    if (typeof body.key !== "string")
      throw new CommandError(14, "BSON field 'distinct.key' must be a string");
    const collection = server.store.find(db, collectionName(call));
    checkHint(collection, body.hint);
    const segments = body.key.split(".");
    const found = new Map<string, unknown>();
    for (const { document } of findRows(collection, {
      filter: compileFilter(documentField(body, "query")),
    })) {
      for (const value of valuesAt(document, segments)) {
        const key = Buffer.from(encodeValue(value)).toString("latin1");
        if (!found.has(key)) found.set(key, value);
      }
    }
    return { values: [...found.values()], ok: 1 };
  },
};

const getMore: Command = {
  fields: ["collection", "batchSize"],
  unsupported: ["term", "lastKnownCommittedOpTime"],
  run({ server, db, body }) {
    const batchSize = countField(body, "batchSize");
    return server.cursors.next(
      `${db}.${String(body.collection)}`,
      cursorId(body.getMore),
      batchSize || undefined,
    );
  },
};

const killCursors: Command = {
  fields: ["cursors"],
  run(call: Call) {
    const ids: unknown = call.body.cursors;
    if (!Array.isArray(ids)) throw new CommandError(14, "BSON field 'killCursors.cursors' must be an array");
    const cursorsKilled = ids.filter((id) => call.server.cursors.kill(cursorId(id)));
    const cursorsNotFound = ids.filter((id) => !cursorsKilled.includes(id));
    return { cursorsKilled, cursorsNotFound, cursorsAlive: [], cursorsUnknown: [], ok: 1 };
  },
};

function cursorId(value: unknown): Long {
  if (bsonType(value) === "Long") return value as Long;
  throw new CommandError(14, "a cursor id must be of type 'long'");
}

export const readCommands: Record<string, Command> = { find, count, distinct, getMore, killCursors };
