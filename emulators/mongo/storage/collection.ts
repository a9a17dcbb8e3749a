/** One collection: its documents and the index entries that are kept with them in the same transaction. */
import type { Database, Statement } from "bun:sqlite";
import { check, refuse } from "../errors.ts";
import { type Document, decode, encode, show } from "../values.ts";
import { buildIndex, type Index, keysFor } from "./indexes.ts";
import { type Column, compareColumns, LOWEST } from "./order.ts";

const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;
const FIRST_PAGE = 64;

/** The entries of a document by index; each is one column per field. */
export type Keys = Map<Index, Column[][]>;

/** A stored document; decoded only when it is looked into. */
export class Row {
  #document: Document | undefined;

  constructor(
    readonly row: number,
    readonly body: Uint8Array,
  ) {}

  get document(): Document {
    this.#document ??= decode(this.body);
    return this.#document;
  }
}

/** A part of an index, the whole of it when `where` is empty, in the order given or that of insertion. */
export interface Scan {
  index: Index;
  where: string;
  params: Column[];
  order?: string;
}

export class Collection {
  readonly indexes: Index[] = [];
  readonly namespace: string;

  constructor(
    readonly sqlite: Database,
    readonly id: number,
    readonly db: string,
    readonly name: string,
  ) {
    this.namespace = `${db}.${name}`;
  }

  insert(document: Document): Uint8Array {
    const bytes = encodeWithin(document);
    const keys = this.keysOf(document);
    this.#checkUnique(keys, 0);
    this.#addKeys(keys, this.#insertInto(`documents_${this.id} (body)`, bytes));
    return bytes;
  }

  /** Replaces a row's document and returns its bytes, the row's own when nothing changed; `before` are its keys. */
  replace(row: Row, before: Keys, document: Document): Uint8Array {
    const bytes = encodeWithin(document);
    if (Buffer.compare(bytes, row.body) === 0) return row.body;
    const added: Keys = new Map();
    const removed: Keys = new Map();
    for (const [index, keys] of this.keysOf(document)) {
      const old = before.get(index) ?? [];
      if (sameKeys(keys, old)) continue;
      added.set(index, keys);
      removed.set(index, old);
    }
    this.#checkUnique(added, row.row);
    this.#query(`UPDATE documents_${this.id} SET body = ? WHERE row = ?`).run(bytes, row.row);
    this.#removeKeys(removed, row.row);
    this.#addKeys(added, row.row);
    return bytes;
  }

  remove(row: Row): void {
    this.#removeKeys(this.keysOf(row.document), row.row);
    this.#query(`DELETE FROM documents_${this.id} WHERE row = ?`).run(row.row);
  }

  keysOf(document: Document): Keys {
    return new Map(this.indexes.map((index) => [index, keysFor(index, document)]));
  }

  /** Builds the index over what is there; throws DuplicateKey when a unique one cannot hold it. */
  createIndex(spec: Document): void {
    const id = this.#insertInto("indexes (collection, spec)", this.id, encode(spec));
    const index = buildIndex(id, spec, false);
    const columns = index.fields.map((_, at) => `c${at} NOT NULL`).join(", ");
    const order = index.fields
      .map(({ isDescending }, at) => `c${at} ${isDescending ? "DESC" : ""}`)
      .join(", ");
    this.sqlite.run(`CREATE TABLE keys_${id} (${columns}, row, PRIMARY KEY (${order}, row)) WITHOUT ROWID`);
    for (const row of this.scan()) {
      const keys: Keys = new Map([[index, keysFor(index, row.document)]]);
      this.#checkUnique(keys, row.row);
      this.#addKeys(keys, row.row);
    }
    this.indexes.push(index);
  }

  /** For what leaves its keys as they are. */
  changeSpec(index: Index, spec: Document): void {
    this.#query("UPDATE indexes SET spec = ? WHERE id = ?").run(encode(spec), index.id);
    this.indexes[this.indexes.indexOf(index)] = buildIndex(index.id, spec, index.multikey);
  }

  dropIndex(index: Index): void {
    this.sqlite.run(`DROP TABLE keys_${index.id}`);
    this.#query("DELETE FROM indexes WHERE id = ?").run(index.id);
    this.indexes.splice(this.indexes.indexOf(index), 1);
  }

  /** The rows of a part of an index, else all of them, read in growing pages; `expected` sizes the first one. */
  *scan(scan?: Scan, expected = FIRST_PAGE): Generator<Row> {
    const from = scan ? `keys_${scan.index.id} WHERE ${scan.where || "1"}` : `documents_${this.id}`;
    const statement = this.#query(
      `SELECT d.row, d.body FROM (SELECT row FROM ${from} ORDER BY ${scan?.order ?? "row"} LIMIT ? OFFSET ?) k
       CROSS JOIN documents_${this.id} d ON d.row = k.row`,
    );
    const seen = new Set<unknown>();
    for (let [size, offset] = [expected, 0]; ; [size, offset] = [size * 8, offset + size]) {
      const found = statement.values(...(scan?.params ?? []), size, offset);
      for (const [row, body] of found) {
        if (scan?.index.multikey && seen.has(row)) continue;
        seen.add(row);
        yield new Row(Number(row), body as Uint8Array);
      }
      if (found.length < size) return;
    }
  }

  #query(sql: string): Statement {
    return this.sqlite.query(sql);
  }

  #insertInto(table: string, ...values: (number | Uint8Array)[]): number {
    const places = values.map(() => "?").join(", ");
    return Number(this.#query(`INSERT INTO ${table} VALUES (${places})`).run(...values).lastInsertRowid);
  }

  #checkUnique(keys: Keys, ownRow: number): void {
    for (const [index, entries] of keys) {
      if (!index.unique) continue;
      const statement = this.#query(`SELECT 1 FROM keys_${index.id} WHERE ${equal(index)} AND row <> ?`);
      for (const entry of entries) {
        if (statement.values(...entry, ownRow).length > 0) this.#refuseDuplicate(index, entry);
      }
    }
  }

  #refuseDuplicate({ name, fields, spec }: Index, entry: Column[]): never {
    const values = fields.map(({ path }, at) => [path, entry[at] === LOWEST ? null : entry[at]] as const);
    const shown = values.map(([path, value]) => `${path}: ${show(value)}`).join(", ");
    const message = `E11000 duplicate key error collection: ${this.namespace} index: ${name} dup key: { ${shown} }`;
    return refuse(11000, message, { keyPattern: spec.key, keyValue: Object.fromEntries(values) });
  }

  #addKeys(keys: Keys, row: number): void {
    for (const [index, entries] of keys) {
      if (entries.length > 1 && !index.multikey) {
        index.multikey = true;
        this.#query("UPDATE indexes SET multikey = 1 WHERE id = ?").run(index.id);
      }
      const places = index.fields.map(() => "?").join(", ");
      const statement = this.#query(`INSERT OR IGNORE INTO keys_${index.id} VALUES (${places}, ?)`);
      for (const entry of entries) statement.run(...entry, row);
    }
  }

  #removeKeys(keys: Keys, row: number): void {
    for (const [index, entries] of keys) {
      const statement = this.#query(`DELETE FROM keys_${index.id} WHERE ${equal(index)} AND row = ?`);
      for (const entry of entries) statement.run(...entry, row);
    }
  }
}

const equal = ({ fields }: Index): string => fields.map((_, at) => `c${at} = ?`).join(" AND ");

function sameKeys(a: Column[][], b: Column[][]): boolean {
  const sameEntry = (one: Column[], other: Column[] = []): boolean =>
    one.every((column, at) => compareColumns(column, other[at] ?? "") === 0);
  return a.length === b.length && a.every((entry, at) => sameEntry(entry, b[at]));
}

function encodeWithin(document: Document): Uint8Array {
  const bytes = encode(document);
  check(bytes.length <= MAX_DOCUMENT_BYTES, 10334, `BSONObj size: ${bytes.length} is invalid, at most 16MB`);
  return bytes;
}
