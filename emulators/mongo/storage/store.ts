/**
 * Documents as BSON in one sqlite file: a table per collection, and per index a table of ordered keys. A write command
 * is done wholly or not at all. As with a mongod, a write that does not ask for the journal is acknowledged in memory
 * and may be lost with the process for the next 100 ms, and one that does ask takes all before it along. The file is not
 * synced: what is in the journal survives `kill -9` of this process, not a power cut.
 */
import { Database, SQLiteError } from "bun:sqlite";
import { Int32 } from "bson";
import { check } from "../errors.ts";
import { decode } from "../values.ts";
import { Collection } from "./collection.ts";
import { buildIndex } from "./indexes.ts";
import { bracketOf, columnOf } from "./order.ts";
import { Users } from "./users.ts";

/** Of the tables; changes with them. */
const FORMAT = 2;
const SCHEMA = `
  CREATE TABLE IF NOT EXISTS collections (id INTEGER PRIMARY KEY AUTOINCREMENT, db TEXT, name TEXT);
  CREATE TABLE IF NOT EXISTS indexes (
    id INTEGER PRIMARY KEY AUTOINCREMENT, collection INTEGER, spec BLOB, multikey INTEGER DEFAULT 0
  );
  PRAGMA user_version = ${FORMAT};
`;
const SETTINGS = [
  "busy_timeout = 0",
  "locking_mode = EXCLUSIVE",
  "journal_mode = WAL",
  "synchronous = NORMAL",
];
/** A mongod's for an error that it cannot recover from. */
const UNWRITABLE_EXIT_CODE = 14;
/** A mongod's `storage.journal.commitIntervalMs`. */
const JOURNAL_MS = 100;
const SPEED = ["cache_size = -65536", "wal_autocheckpoint = 4000"];

export class Store {
  readonly #sqlite: Database;
  readonly #collections = new Map<string, Collection>();
  readonly users: Users;

  /** When what is done in memory goes to the journal, if anything is. */
  #journaling: ReturnType<typeof setTimeout> | undefined;

  /** Throws one line that names the file when another process holds it. */
  constructor(
    dataFile: string,
    private readonly journalMs = JOURNAL_MS,
  ) {
    this.#sqlite = openExclusively(dataFile);
    this.users = new Users(this.#sqlite);
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
      endIfUnwritable(error);
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
    try {
      this.#sqlite.query("COMMIT").run();
    } catch (error) {
      endIfUnwritable(error);
      throw error;
    }
  }

  find(db: string, name: string): Collection | undefined {
    return this.#collections.get(`${db}.${name}`);
  }

  /** The collection, created with its `_id` index when it does not exist, as a mongod does on the first write. */
  ensure(db: string, name: string): Collection {
    const existing = this.find(db, name);
    if (existing) return existing;
    check(/^(?!system\.)[^$\0]+$/.test(name), 73, `Invalid namespace specified '${db}.${name}'`);
    const made = this.#sqlite.query("INSERT INTO collections (db, name) VALUES (?, ?)").run(db, name);
    const id = Number(made.lastInsertRowid);
    this.#sqlite.run(`CREATE TABLE documents_${id} (row INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB)`);
    const collection = new Collection(this.#sqlite, id, db, name);
    collection.createIndex({ v: 2, key: { _id: new Int32(1) }, name: "_id_" });
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
    return [...this.#collections.values()].filter((collection) => db === undefined || collection.db === db);
  }

  /** Removes the documents whose TTL index says that their time is over, as one transaction. */
  removeExpired(now: number): void {
    this.transaction(() => {
      for (const collection of this.collections()) {
        for (const index of collection.indexes) {
          if (index.expireAfterSeconds === undefined) continue;
          const cutoff = columnOf(new Date(now - index.expireAfterSeconds * 1000));
          const scan = { index, where: "c0 >= ? AND c0 < ?", params: [bracketOf(cutoff)[0], cutoff] };
          for (const row of [...collection.scan(scan)]) collection.remove(row);
        }
      }
    });
  }

  #load(): void {
    this.#collections.clear();
    const indexes = this.#sqlite
      .query("SELECT collection, id, spec, multikey FROM indexes ORDER BY id")
      .values();
    for (const [id, db, name] of this.#sqlite.query("SELECT id, db, name FROM collections").values()) {
      const collection = new Collection(this.#sqlite, Number(id), String(db), String(name));
      for (const [owner, index, spec, multikey] of indexes) {
        if (owner !== id) continue;
        collection.indexes.push(buildIndex(Number(index), decode(spec as Uint8Array), multikey === 1));
      }
      this.#collections.set(collection.namespace, collection);
    }
  }
}

/** As a mongod does when its disk is full. What is in the journal is there at the next start. */
function endIfUnwritable(error: unknown): void {
  if (!(error instanceof SQLiteError) || !/^SQLITE_(FULL|IOERR)/.test(error.code ?? "")) return;
  process.stderr.write(`The data file cannot be written: ${error.message}\n`);
  process.exit(UNWRITABLE_EXIT_CODE);
}

function openExclusively(dataFile: string): Database {
  Database.MAX_QUERY_CACHE_SIZE = 500;
  const sqlite = new Database(dataFile, { create: true });
  try {
    for (const setting of [...SETTINGS, ...SPEED]) sqlite.run(`PRAGMA ${setting}`);
    sqlite.run("BEGIN EXCLUSIVE");
    sqlite.run("COMMIT");
    const [[version, tables] = []] = sqlite
      .query("SELECT user_version, (SELECT count(*) FROM sqlite_schema) FROM pragma_user_version")
      .values();
    if (tables !== 0 && version !== FORMAT)
      throw new Error("another version of the emulator wrote it: remove it");
    sqlite.run(SCHEMA);
    return sqlite;
  } catch (error) {
    sqlite.close();
    const reason = error instanceof Error ? error.message : String(error);
    const isBusy = /locked|busy/i.test(reason);
    throw new Error(
      `the data file ${dataFile} ${isBusy ? "is in use by another process" : `cannot be used: ${reason}`}`,
    );
  }
}
