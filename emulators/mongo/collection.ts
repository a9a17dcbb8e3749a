/** One collection: its documents and the index entries that are kept with them in the same transaction. */
import type { Database, Statement } from "bun:sqlite";
import { CommandError } from "./errors.ts";
import { buildIndex, type Index, type IndexKeys, keysFor } from "./indexes.ts";
import { encodeKey } from "./key.ts";
import { indexTuples } from "./paths.ts";
import { type Document, decode, encode, show } from "./values.ts";

const MAX_DOCUMENT_BYTES = 16 * 1024 * 1024;

/** A stored document; decoded only when somebody looks inside. */
export class Row {
  #document: Document | undefined;

  constructor(
    readonly row: number,
    readonly body: Uint8Array,
    readonly key?: Uint8Array,
  ) {}

  get document(): Document {
    this.#document ??= decode(this.body);
    return this.#document;
  }
}

/** Keys from `low` up to, but without, `high`. */
export interface KeyRange {
  low: Uint8Array;
  high: Uint8Array;
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

  count(): number {
    return Number(this.#query(`SELECT count(*) FROM documents_${this.id}`).values()[0]?.[0]);
  }

  insert(document: Document, bytes: Uint8Array = encode(document)): void {
    checkSize(bytes);
    const keys = this.keysOf(document);
    this.#checkUnique(keys, document, 0);
    this.#query(`INSERT INTO documents_${this.id} (body) VALUES (?)`).run(bytes);
    const row = Number(this.#query("SELECT last_insert_rowid()").values()[0]?.[0]);
    for (const [index, entry] of keys) this.#addKeys(index, entry, row);
  }

  /** Replaces a row's document and returns its bytes, the row's own when nothing changed; `before` are the keys it had. */
  replace(row: Row, before: Map<Index, IndexKeys>, document: Document): Uint8Array {
    const bytes = encode(document);
    if (Buffer.compare(bytes, row.body) === 0) return row.body;
    checkSize(bytes);
    const changed = new Map(
      [...this.keysOf(document)].filter(
        ([index, { keys }]) => !sameKeys(keys, before.get(index)?.keys ?? []),
      ),
    );
    this.#checkUnique(changed, document, row.row);
    this.#query(`UPDATE documents_${this.id} SET body = ? WHERE row = ?`).run(bytes, row.row);
    for (const [index, entry] of changed) {
      this.#removeKeys(index, before.get(index)?.keys ?? [], row.row);
      this.#addKeys(index, entry, row.row);
    }
    return bytes;
  }

  remove(row: Row): void {
    for (const [index, { keys }] of this.keysOf(row.document)) this.#removeKeys(index, keys, row.row);
    this.#query(`DELETE FROM documents_${this.id} WHERE row = ?`).run(row.row);
  }

  keysOf(document: Document): Map<Index, IndexKeys> {
    return new Map(this.indexes.map((index) => [index, keysFor(index, document)]));
  }

  /** Builds the index over what is there; throws DuplicateKey when a unique one cannot hold it. */
  createIndex(spec: Document): void {
    this.#query("INSERT INTO indexes (collection, spec) VALUES (?, ?)").run(this.id, encode(spec));
    const id = Number(this.#query("SELECT last_insert_rowid()").values()[0]?.[0]);
    const index = buildIndex(id, spec, false);
    this.sqlite.run(`CREATE TABLE keys_${id} (key BLOB, row INTEGER, PRIMARY KEY (key, row)) WITHOUT ROWID`);
    for (const row of this.scan()) {
      const entry = keysFor(index, row.document);
      this.#checkUnique(new Map([[index, entry]]), row.document, row.row);
      this.#addKeys(index, entry, row.row);
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

  /** Every document in insertion order, read in growing pieces so that writes in between do no harm. */
  *scan(): Generator<Row> {
    const statement = this.#query(
      `SELECT row, body FROM documents_${this.id} WHERE row > ? ORDER BY row LIMIT ?`,
    );
    let after = 0;
    for (let size = 64; ; size = Math.min(size * 4, 1024)) {
      const rows = statement.values(after, size);
      for (const [row, body] of rows) yield new Row(Number(row), body as Uint8Array);
      if (rows.length < size) return;
      after = Number(rows.at(-1)?.[0]);
    }
  }

  /** The documents of a key range in key order; `expected` sizes the first read. */
  *range(index: Index, { low, high }: KeyRange, reverse: boolean, expected: number): Generator<Row> {
    const bounds = reverse
      ? "(k.key, k.row) < (?, ?) AND k.key >= ?"
      : "(k.key, k.row) > (?, ?) AND k.key < ?";
    const order = reverse ? "k.key DESC, k.row DESC" : "k.key, k.row";
    const statement = this.#query(
      `SELECT k.key, k.row, d.body FROM keys_${index.id} k CROSS JOIN documents_${this.id} d ON d.row = k.row
       WHERE ${bounds} ORDER BY ${order} LIMIT ?`,
    );
    let [key, row] = [reverse ? high : low, -1];
    const end = reverse ? low : high;
    for (let size = Math.min(Math.max(expected, 2), 256); ; size = Math.min(size * 4, 1024)) {
      const rows = statement.values(key, row, end, size);
      for (const [foundKey, foundRow, body] of rows) {
        [key, row] = [foundKey as Uint8Array, Number(foundRow)];
        yield new Row(row, body as Uint8Array, key);
      }
      if (rows.length < size) return;
    }
  }

  #query(sql: string): Statement {
    return this.sqlite.query(sql);
  }

  #checkUnique(keys: Map<Index, IndexKeys>, document: Document, ownRow: number): void {
    for (const [index, entry] of keys) {
      if (!index.unique) continue;
      const statement = this.#query(`SELECT row FROM keys_${index.id} WHERE key = ? AND row <> ? LIMIT 1`);
      for (const key of entry.keys) {
        if (statement.values(key, ownRow).length) throw this.#duplicateKey(index, document, key);
      }
    }
  }

  #duplicateKey(index: Index, document: Document, key: Uint8Array): CommandError {
    const { tuples } = indexTuples(
      document,
      index.fields.map(({ segments }) => segments),
    );
    const tuple =
      tuples.length === 1
        ? tuples[0]
        : tuples.find((values) => Buffer.compare(encodeKey(values, index.directions), key) === 0);
    const entries = index.fields.map(({ path }, at): [string, unknown] => [path, tuple?.[at] ?? null]);
    const shown = entries.map(([path, value]) => `${path}: ${show(value)}`).join(", ");
    return new CommandError(
      11000,
      `E11000 duplicate key error collection: ${this.namespace} index: ${index.name} dup key: { ${shown} }`,
      { keyPattern: index.spec.key, keyValue: Object.fromEntries(entries) },
    );
  }

  #addKeys(index: Index, { keys, throughArray }: IndexKeys, row: number): void {
    if (throughArray && !index.multikey) {
      index.multikey = true;
      this.#query("UPDATE indexes SET multikey = 1 WHERE id = ?").run(index.id);
    }
    const statement = this.#query(`INSERT INTO keys_${index.id} (key, row) VALUES (?, ?)`);
    for (const key of keys) statement.run(key, row);
  }

  #removeKeys(index: Index, keys: Uint8Array[], row: number): void {
    const statement = this.#query(`DELETE FROM keys_${index.id} WHERE key = ? AND row = ?`);
    for (const key of keys) statement.run(key, row);
  }
}

function sameKeys(a: Uint8Array[], b: Uint8Array[]): boolean {
  return a.length === b.length && a.every((key, at) => Buffer.compare(key, b[at] ?? key) === 0);
}

function checkSize(bytes: Uint8Array): void {
  if (bytes.length > MAX_DOCUMENT_BYTES) {
    throw new CommandError(
      10334,
      `BSONObj size: ${bytes.length} is invalid. Size must be between 0 and 16793600(16MB)`,
    );
  }
}
