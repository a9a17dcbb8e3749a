/**
 * Documents as BSON in one sqlite file: a table per collection, and per index a table of ordered keys. A write
 * command is done wholly or not at all. As with a mongod, a write that does not ask for the journal is acknowledged
 * in memory and may be lost with the process for the next 100 ms, and one that does ask takes all before it along.
 * The file is not synced: what is in the journal survives `kill -9` of this process, not a power cut.
 */
import { Database } from "bun:sqlite";
import { Collection } from "./collection.ts";
import { CommandError } from "./errors.ts";
import { buildIndex } from "./indexes.ts";
import { type Document, decode } from "./values.ts";

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS collections (id INTEGER PRIMARY KEY AUTOINCREMENT, db TEXT, name TEXT, UNIQUE (db, name));
  CREATE TABLE IF NOT EXISTS indexes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, collection INTEGER, spec BLOB, multikey INTEGER DEFAULT 0
  );
`;

/** A mongod's `storage.journal.commitIntervalMs`. */
const JOURNAL_MS = 100;

const ID_INDEX: Document = { v: 2, key: { _id: 1 }, name: "_id_" };

export class Store {
  readonly #sqlite: Database;
  readonly #collections = new Map<string, Collection>();

  /** When what is done in memory goes to the journal, if anything is. */
  #journaling: ReturnType<typeof setTimeout> | undefined;

  /** Throws one line that names the file when another process holds it. */
  constructor(
    readonly dataFile: string,
    readonly journalMs = JOURNAL_MS,
  ) {
    this.#sqlite = openExclusively(dataFile);
    this.#sqlite.run(SCHEMA);
    this.#load();
  }

  close(): void {
    this.#journal();
    this.#sqlite.close();
  }

  /** Runs `work` as one transaction; when it throws, nothing of it remains. Unless it is `inMemory`, it is in the
   * journal when this returns. */
  transaction<T>(work: () => T, inMemory = false): T {
    if (!this.#journaling) {
      this.#sqlite.query("BEGIN").run();
      this.#journaling = setTimeout(() => this.#journal(), this.journalMs);
    }
    this.#sqlite.query("SAVEPOINT command").run();
    try {
      return work();
    } catch (error) {
      this.#sqlite.query("ROLLBACK TO command").run();
      this.#load();
      throw error;
    } finally {
      this.#sqlite.query("RELEASE command").run();
      if (!inMemory) this.#journal();
    }
  }

  #journal(): void {
    if (!this.#journaling) return;
    clearTimeout(this.#journaling);
    this.#journaling = undefined;
    this.#sqlite.query("COMMIT").run();
  }

  find(db: string, name: string): Collection | undefined {
    return this.#collections.get(`${db}.${name}`);
  }

  /** The collection, created with its `_id` index when it does not exist, as a mongod does on the first write. */
  ensure(db: string, name: string): Collection {
    const existing = this.find(db, name);
    if (existing) return existing;
    checkNamespace(db, name);
    this.#sqlite.query("INSERT INTO collections (db, name) VALUES (?, ?)").run(db, name);
    const id = this.#lastId();
    this.#sqlite.run(
      `CREATE TABLE documents_${id} (row INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL)`,
    );
    const collection = new Collection(this.#sqlite, id, db, name);
    collection.createIndex(ID_INDEX);
    this.#collections.set(collection.namespace, collection);
    return collection;
  }

  drop(collection: Collection): void {
    for (const index of [...collection.indexes]) collection.dropIndex(index);
    this.#sqlite.run(`DROP TABLE documents_${collection.id}`);
    this.#sqlite.query("DELETE FROM collections WHERE id = ?").run(collection.id);
    this.#collections.delete(collection.namespace);
  }

  collections(db?: string): Collection[] {
    const all = [...this.#collections.values()];
    return db === undefined ? all : all.filter((collection) => collection.db === db);
  }

  #lastId(): number {
    return Number(this.#sqlite.query("SELECT last_insert_rowid()").values()[0]?.[0]);
  }

  #load(): void {
    this.#collections.clear();
    for (const [id, db, name] of this.#sqlite.query("SELECT id, db, name FROM collections").values()) {
      const collection = new Collection(this.#sqlite, Number(id), String(db), String(name));
      const rows = this.#sqlite
        .query("SELECT id, spec, multikey FROM indexes WHERE collection = ? ORDER BY id")
        .values(Number(id));
      for (const [indexId, spec, multikey] of rows) {
        collection.indexes.push(buildIndex(Number(indexId), decode(spec as Uint8Array), multikey === 1));
      }
      this.#collections.set(collection.namespace, collection);
    }
  }
}

function openExclusively(dataFile: string): Database {
  const sqlite = new Database(dataFile, { create: true });
  try {
    sqlite.run("PRAGMA busy_timeout = 0");
    sqlite.run("PRAGMA locking_mode = EXCLUSIVE");
    sqlite.run("PRAGMA journal_mode = WAL");
    sqlite.run("PRAGMA synchronous = NORMAL");
    sqlite.run("PRAGMA cache_size = -65536");
    sqlite.run("PRAGMA wal_autocheckpoint = 4000");
    sqlite.run("BEGIN EXCLUSIVE");
    sqlite.run("COMMIT");
    return sqlite;
  } catch (error) {
    sqlite.close();
    const isBusy = error instanceof Error && /locked|busy/i.test(error.message);
    const reason = isBusy ? "is in use by another process" : `cannot be opened: ${String(error)}`;
    throw new Error(`the data file ${dataFile} ${reason}`);
  }
}

function checkNamespace(db: string, name: string): void {
  if (name === "" || name.includes("$") || name.includes("\0") || name.startsWith("system.")) {
    throw new CommandError(73, `Invalid namespace specified '${db}.${name}'`);
  }
}
