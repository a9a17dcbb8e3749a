/**
 * What every command shares: the fields it may have. A field that this server does not know is an error, because
 * ignoring it would give an answer to another question.
 */
import { check, refuse } from "../errors.ts";
import type { Collection } from "../storage/collection.ts";
import type { Index } from "../storage/indexes.ts";
import type { Store } from "../storage/store.ts";
import type { User } from "../storage/users.ts";
import { type Document, isDocument, show, toBoolean, toNumber } from "../values.ts";
import type { Conversation } from "./login.ts";

export interface Connection {
  id: number;
  /** From this machine. */
  isLocal: boolean;
  /** Without it, every client may do everything. */
  needsLogin: boolean;
  conversation?: Conversation | undefined;
  user?: User;
}

export interface Call {
  store: Store;
  connection: Connection;
  db: string;
  name: string;
  body: Document;
}

export interface Command {
  /** The fields that are honoured, or that cannot change a result; one text, with spaces in between. */
  fields: string;
  isWrite: boolean;
  run(call: Call): Document;
}

export const reading = (fields: string, run: Command["run"]): Command => ({ fields, isWrite: false, run });
/** What it writes is one transaction. */
export const writing = (fields: string, run: Command["run"]): Command => ({ fields, isWrite: true, run });

export const COMMON_FIELDS =
  "$db $clusterTime $readPreference apiVersion apiStrict apiDeprecationErrors comment lsid maxTimeMS readConcern writeConcern";

export function checkCall({ fields }: Command, { name, body }: Call): void {
  const isPlain = body.startTransaction === undefined && body.txnNumber === undefined;
  check(isPlain, 20, "Transaction numbers are only allowed on a replica set member or mongos");
  checkFields(name, body, `${name} ${fields} ${COMMON_FIELDS}`);
  const isLocal = !/^(linearizable|snapshot)$/.test(body.readConcern?.level);
  check(isLocal, 123, "node needs to be a replica set member to use read concern");
  check(!(Number(body.writeConcern?.w) > 1), 2, "cannot use 'w' > 1 when a host is not replicated");
}

/** On a standalone server a majority alone does not: it is one member's memory. */
export const asksForJournal = ({ writeConcern }: Document): boolean => toBoolean(writeConcern?.j);

export function checkFields(path: string, source: Document, allowed: string): void {
  const known = allowed.split(" ");
  const unknown = Object.keys(source).find((field) => !known.includes(field));
  check(unknown === undefined, 40415, `BSON field '${path}.${unknown}' is an unknown field.`);
}

/** The collection's name that the command carries as its own value. */
function collectionName({ name, body }: Call): string {
  check(typeof body[name] === "string", 73, `collection name has invalid type ${typeof body[name]}`);
  return body[name];
}

export const namespaceOf = (call: Call): string => `${call.db}.${collectionName(call)}`;
export const ensureCollection = (call: Call): Collection => call.store.ensure(call.db, collectionName(call));

export const findCollection = (call: Call): Collection | undefined =>
  call.store.find(call.db, collectionName(call));

/** The index that the hint names. */
export function hintedIndex(collection: Collection | undefined, hint: unknown): Index | undefined {
  if (hint === undefined || !collection) return undefined;
  const named = collection.indexes.find(({ name, spec }) => hint === name || show(hint) === show(spec.key));
  return named ?? refuse(2, "hint provided does not correspond to an existing index");
}

export function documentField(source: Document, field: string): Document {
  const value: unknown = source[field] ?? {};
  check(isDocument(value), 14, `BSON field '${field}' is the wrong type, expected type 'object'`);
  return value;
}

/** A whole number of zero or more; absent is zero. */
export function countField(source: Document, field: string): number {
  if (source[field] === undefined) return 0;
  const count = Math.trunc(toNumber(source[field], field));
  check(count >= 0, 51024, `BSON field '${field}' value must be >= 0, actual value '${count}'`);
  return count;
}
