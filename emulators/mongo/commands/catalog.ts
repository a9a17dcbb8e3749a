/** Collections and indexes. */
import { check, refuse } from "../errors.ts";
import { compileFilter } from "../query/filter.ts";
import { cursorReply } from "../reply.ts";
import { isAlreadyBuilt, isIdIndex, normalizeSpec } from "../storage/indexes.ts";
import { type Document, encode, show, toBoolean } from "../values.ts";
import {
  checkFields,
  documentField,
  ensureCollection,
  findCollection,
  namespaceOf,
  reading,
  writing,
} from "./command.ts";

const createIndexes = writing("indexes commitQuorum", (call) => {
  check(Array.isArray(call.body.indexes), 2, "Must specify at least one index to create");
  const specs = call.body.indexes.map(normalizeSpec);
  const createdCollectionAutomatically = findCollection(call) === undefined;
  const collection = ensureCollection(call);
  const numIndexesBefore = collection.indexes.length;
  for (const spec of specs) if (!isAlreadyBuilt(collection.indexes, spec)) collection.createIndex(spec);
  const numIndexesAfter = collection.indexes.length;
  return { numIndexesBefore, numIndexesAfter, createdCollectionAutomatically, ok: 1 };
});

const listIndexes = reading("cursor", (call) => {
  const { indexes, namespace } =
    findCollection(call) ?? refuse(26, `ns does not exist: ${namespaceOf(call)}`);
  const documents = indexes.map(({ spec }) => encode(spec));
  return cursorReply(namespace, documents);
});

/** By name, or all but that of `_id` with `*`. */
const dropIndexes = writing("index", (call) => {
  const { index: wanted } = call.body;
  const collection = findCollection(call) ?? refuse(26, `ns does not exist: ${namespaceOf(call)}`);
  const nIndexesWas = collection.indexes.length;
  const found = collection.indexes.filter(
    ({ name, spec }) => !isIdIndex(spec) && (wanted === "*" || name === wanted),
  );
  check(found.length > 0 || wanted === "*", 27, `index not found with name [${String(wanted)}]`);
  for (const index of found) collection.dropIndex(index);
  return { nIndexesWas, ok: 1 };
});

/** To create a collection again with the same options, and there are no others here, changes nothing. */
const create = writing("", (call) => {
  ensureCollection(call);
  return { ok: 1 };
});

/** Of all that the real command changes, only a TTL. */
const collMod = writing("index", (call) => {
  const wanted = documentField(call.body, "index");
  checkFields("collMod.index", wanted, "name keyPattern expireAfterSeconds");
  const collection = findCollection(call) ?? refuse(26, `ns does not exist: ${namespaceOf(call)}`);
  const { name, keyPattern, expireAfterSeconds } = wanted;
  const isWanted = (spec: Document) =>
    keyPattern ? show(spec.key) === show(keyPattern) : spec.name === name;
  const index =
    collection.indexes.find(({ spec }) => isWanted(spec)) ?? refuse(27, `cannot find index ${name}`);
  const { "2dsphereIndexVersion": _, ...before } = index.spec;
  const spec = normalizeSpec({ ...before, expireAfterSeconds });
  const [old, made] = [before.expireAfterSeconds, spec.expireAfterSeconds];
  if (show(old) === show(made)) return { ok: 1 };
  collection.changeSpec(index, spec);
  return { ...(old !== undefined && { expireAfterSeconds_old: old }), expireAfterSeconds_new: made, ok: 1 };
});

const drop = writing("", (call) => {
  const collection = findCollection(call);
  if (collection) call.store.drop(collection);
  return { ok: 1 };
});

const dropDatabase = writing("", ({ store, db }) => {
  for (const collection of store.collections(db)) store.drop(collection);
  return { dropped: db, ok: 1 };
});

const listCollections = reading("filter nameOnly cursor authorizedCollections", ({ store, db, body }) => {
  const { test } = compileFilter(documentField(body, "filter"));
  const more = toBoolean(body.nameOnly) ? {} : { options: {} };
  const found = store.collections(db).map(({ name }) => ({ name, type: "collection", ...more }));
  return cursorReply(`${db}.$cmd.listCollections`, found.filter(test).map(encode));
});

const indexCommands = { createIndexes, listIndexes, dropIndexes };
export const catalogCommands = { ...indexCommands, create, collMod, drop, dropDatabase, listCollections };
