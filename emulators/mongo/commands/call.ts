/**
 * What every command shares: the fields it may have. A field that this server does not know, or knows and
 * cannot honour, is an error, because ignoring it would give an answer to another question.
 */
import type { Cursors } from "../cursors.ts";
import { CommandError, notSupported } from "../errors.ts";
import type { Store } from "../store.ts";
import { type Document, isDocument, isNumeric, toBoolean, toNumber } from "../values.ts";

export interface Server {
  store: Store;
  cursors: Cursors;
  startedAt: number;
}

export interface Call {
  server: Server;
  db: string;
  name: string;
  body: Document;
  connectionId: number;
}

export interface Command {
  /** Fields that are honoured, or that cannot change a result. */
  fields: string[];
  /** Fields of the real command that are refused while they hold anything. */
  unsupported?: string[];
  isWrite?: boolean;
  run(call: Call): Document;
}

const GENERIC_FIELDS = new Set([
  "$db",
  "$clusterTime",
  "$readPreference",
  "$audit",
  "$client",
  "$configServerState",
  "$configTime",
  "$topologyTime",
  "apiDeprecationErrors",
  "apiStrict",
  "apiVersion",
  "autocommit",
  "clientOperationKey",
  "comment",
  "lsid",
  "maxTimeMS",
  "maxTimeMSOpOnly",
  "readConcern",
  "startTransaction",
  "txnNumber",
  "writeConcern",
]);

export function checkCall(command: Command, { name, body }: Call): void {
  checkFields(name, body, [name, ...command.fields], command.unsupported ?? [], GENERIC_FIELDS);
  if (body.txnNumber !== undefined || body.startTransaction !== undefined || body.autocommit !== undefined) {
    throw new CommandError(20, "Transaction numbers are only allowed on a replica set member or mongos");
  }
  checkConcerns(body);
}

/** Throws for the first field of `source` that is not known to be harmless. */
export function checkFields(
  path: string,
  source: Document,
  allowed: string[],
  unsupported: string[] = [],
  generic: Set<string> = new Set(),
): void {
  for (const field of Object.keys(source)) {
    if (allowed.includes(field) || generic.has(field)) continue;
    if (!unsupported.includes(field)) {
      throw new CommandError(40415, `BSON field '${path}.${field}' is an unknown field.`);
    }
    if (!isEmptyOption(source[field])) throw notSupported(`'${field}' of ${path}`);
  }
}

function isEmptyOption(value: unknown): boolean {
  if (isDocument(value)) return Object.keys(value).length === 0;
  return value === undefined || value === null || value === false;
}

function checkConcerns({ readConcern, writeConcern }: Document): void {
  const level: unknown = isDocument(readConcern) ? readConcern.level : undefined;
  if (level === "linearizable" || level === "snapshot") {
    throw new CommandError(123, "node needs to be a replica set member to use read concern");
  }
  if (level !== undefined && !["local", "available", "majority"].includes(String(level))) {
    throw new CommandError(
      2,
      `Enumeration value '${String(level)}' for field 'readConcern.level' is not a valid value.`,
    );
  }
  const w: unknown = isDocument(writeConcern) ? writeConcern.w : undefined;
  if (isNumeric(w) && toNumber(w) > 1)
    throw new CommandError(2, "cannot use 'w' > 1 when a host is not replicated");
  if (typeof w === "string" && w !== "majority") {
    throw new CommandError(
      2,
      `cannot use non-majority 'w' mode ${w} when a host is not a member of a replica set`,
    );
  }
}

/** On a standalone server a majority alone does not: it is one member's memory. */
export const asksForJournal = ({ writeConcern }: Document): boolean =>
  isDocument(writeConcern) && toBoolean(writeConcern.j);

/** The collection's name that the command carries as its own value. */
export function collectionName({ name, body }: Call): string {
  const value: unknown = body[name];
  if (typeof value !== "string")
    throw new CommandError(73, `collection name has invalid type ${typeof value}`);
  return value;
}

export function documentField(source: Document, field: string): Document {
  const value: unknown = source[field];
  if (value === undefined || value === null) return {};
  if (isDocument(value)) return value;
  throw new CommandError(14, `BSON field '${field}' is the wrong type, expected type 'object'`);
}

/** A whole number of zero or more; absent is undefined. */
export function countField(source: Document, field: string): number | undefined {
  const value: unknown = source[field];
  if (value === undefined || value === null) return undefined;
  if (!isNumeric(value))
    throw new CommandError(14, `BSON field '${field}' is the wrong type, expected a number`);
  const count = toNumber(value);
  if (count < 0)
    throw new CommandError(51024, `BSON field '${field}' value must be >= 0, actual value '${count}'`);
  return Math.trunc(count);
}

/** The statements of a write command: at least one, at most 100 000. */
export function statementsField({ name, body }: Call, field: string): Document[] {
  const value: unknown = body[field];
  if (!Array.isArray(value) || !value.every(isDocument)) {
    throw new CommandError(14, `BSON field '${name}.${field}' must be an array of objects`);
  }
  if (value.length < 1 || value.length > 100_000) {
    throw new CommandError(
      16,
      `Write batch sizes must be between 1 and 100000. Got ${value.length} operations.`,
    );
  }
  return value;
}

export function isOrdered({ body }: Call): boolean {
  return body.ordered === undefined || toBoolean(body.ordered);
}
