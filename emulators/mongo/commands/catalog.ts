/** Collections, indexes and databases. */
import type { Collection } from "../collection.ts";
import { encodeAll } from "../cursors.ts";
import { CommandError } from "../errors.ts";
import { isAlreadyBuilt, isIdIndex, normalizeSpec } from "../indexes.ts";
import { compileFilter } from "../match.ts";
import { type Document, isDocument, show, showDocument, toBoolean } from "../values.ts";
import { type Call, type Command, checkFields, collectionName, countField, documentField } from "./call.ts";

function getCollection(call: Call): Collection {
  const name = collectionName(call);
  const collection = call.server.store.find(call.db, name);
  if (!collection) throw new CommandError(26, `ns does not exist: ${call.db}.${name}`);
  return collection;
}

const createIndexes: Command = {
  fields: ["indexes", "commitQuorum", "ignoreUnknownIndexOptions"],
  isWrite: true,
  run(call) {
    const { server, db, body } = call;
    if (!Array.isArray(body.indexes) || body.indexes.length === 0) {
      throw new CommandError(2, "Must specify at least one index to create");
    }
    const specs = body.indexes.map(normalizeSpec);
    const isNew = server.store.find(db, collectionName(call)) === undefined;
    const collection = server.store.ensure(db, collectionName(call));
    const numIndexesBefore = collection.indexes.length;
    for (const spec of specs) if (!isAlreadyBuilt(collection.indexes, spec)) collection.createIndex(spec);
    const numIndexesAfter = collection.indexes.length;
    const note = numIndexesAfter === numIndexesBefore ? { note: "all indexes already exist" } : {};
    return { numIndexesBefore, numIndexesAfter, createdCollectionAutomatically: isNew, ...note, ok: 1 };
  },
};

const listIndexes: Command = {
  fields: ["cursor"],
  run(call) {
    const { indexes, namespace } = getCollection(call);
    const batchSize = countField(documentField(call.body, "cursor"), "batchSize");
    return call.server.cursors.first(namespace, encodeAll(indexes.map(({ spec }) => spec)), batchSize);
  },
};

const dropIndexes: Command = {
  fields: ["index"],
  isWrite: true,
  run(call) {
    const collection = getCollection(call);
    const nIndexesWas = collection.indexes.length;
    for (const index of indexesToDrop(collection, call.body.index)) collection.dropIndex(index);
    return { nIndexesWas, ok: 1 };
  },
};

function indexesToDrop({ indexes }: Collection, wanted: unknown) {
  if (wanted === "*") return indexes.filter(({ spec }) => !isIdIndex(spec));
  return (Array.isArray(wanted) ? wanted : [wanted]).map((one: unknown) => {
    const found = indexes.find(({ name, spec }) =>
      isDocument(one) ? showDocument(spec.key) === showDocument(one) : name === one,
    );
    if (!found) {
      const what = isDocument(one)
        ? `can't find index with key: ${showDocument(one)}`
        : `index not found with name [${String(one)}]`;
      throw new CommandError(27, what);
    }
    if (isIdIndex(found.spec)) throw new CommandError(72, "cannot drop _id index");
    return found;
  });
}

const create: Command = {
  fields: ["idIndex"],
  unsupported: [
    "capped",
    "size",
    "max",
    "validator",
    "validationLevel",
    "validationAction",
    "timeseries",
    "expireAfterSeconds",
    "clusteredIndex",
    "changeStreamPreAndPostImages",
    "storageEngine",
    "indexOptionDefaults",
    "viewOn",
    "pipeline",
    "collation",
    "encryptedFields",
  ],
  isWrite: true,
  run(call) {
    const name = collectionName(call);
    if (call.server.store.find(call.db, name)) {
      throw new CommandError(48, `Collection ${call.db}.${name} already exists.`);
    }
    call.server.store.ensure(call.db, name);
    return { ok: 1 };
  },
};

/** Of all that the real command changes, only a TTL. */
const collMod: Command = {
  fields: ["index"],
  isWrite: true,
  run(call) {
    const wanted = documentField(call.body, "index");
    checkFields("collMod.index", wanted, ["name", "keyPattern", "expireAfterSeconds"]);
    const collection = getCollection(call);
    const { name, keyPattern } = wanted;
    const index = collection.indexes.find(({ spec }) =>
      isDocument(keyPattern) ? showDocument(spec.key) === showDocument(keyPattern) : spec.name === name,
    );
    if (!index)
      throw new CommandError(27, `cannot find index ${String(name)} for ns ${collection.namespace}`);
    const { expireAfterSeconds: before } = index.spec;
    const spec = normalizeSpec({ ...index.spec, expireAfterSeconds: wanted.expireAfterSeconds });
    if (show(before) === show(spec.expireAfterSeconds)) return { ok: 1 };
    collection.changeSpec(index, spec);
    return {
      ...(before !== undefined && { expireAfterSeconds_old: before }),
      expireAfterSeconds_new: spec.expireAfterSeconds,
      ok: 1,
    };
  },
};

const drop: Command = {
  fields: [],
  isWrite: true,
  run(call) {
    const name = collectionName(call);
    const collection = call.server.store.find(call.db, name);
    if (!collection) return { ok: 1 };
    const nIndexesWas = collection.indexes.length;
    call.server.store.drop(collection);
    call.server.cursors.closeAll(collection.namespace);
    return { nIndexesWas, ns: collection.namespace, ok: 1 };
  },
};

const dropDatabase: Command = {
  fields: [],
  isWrite: true,
  run({ server, db }) {
    for (const collection of server.store.collections(db)) server.store.drop(collection);
    server.cursors.closeAll(`${db}.`);
    return { dropped: db, ok: 1 };
  },
};

const listCollections: Command = {
  fields: ["filter", "nameOnly", "cursor", "authorizedCollections"],
  run({ server, db, body }) {
    const filter = compileFilter(documentField(body, "filter"));
    const entries = server.store.collections(db).map(describeCollection).filter(filter.test);
    const shown = toBoolean(body.nameOnly) ? entries.map(({ name, type }) => ({ name, type })) : entries;
    const cursor = documentField(body, "cursor");
    checkFields("listCollections.cursor", cursor, ["batchSize"]);
    return server.cursors.first(
      `${db}.$cmd.listCollections`,
      encodeAll(shown),
      countField(cursor, "batchSize"),
    );
  },
};

function describeCollection({ name, indexes }: Collection): Document {
  const idIndex = indexes.find(({ spec }) => isIdIndex(spec))?.spec;
  return { name, type: "collection", options: {}, info: { readOnly: false }, idIndex };
}

const listDatabases: Command = {
  fields: ["filter", "nameOnly", "authorizedDatabases"],
  run({ server, body }) {
    const names = [...new Set(server.store.collections().map(({ db }) => db))].sort();
    const filter = compileFilter(documentField(body, "filter"));
    const databases = names.map((name) => ({ name, sizeOnDisk: 0, empty: false })).filter(filter.test);
    if (toBoolean(body.nameOnly)) return { databases: databases.map(({ name }) => ({ name })), ok: 1 };
    return { databases, totalSize: 0, totalSizeMb: 0, ok: 1 };
  },
};

export const catalogCommands: Record<string, Command> = {
  createIndexes,
  listIndexes,
  dropIndexes,
  create,
  collMod,
  drop,
  dropDatabase,
  listCollections,
  listDatabases,
};
