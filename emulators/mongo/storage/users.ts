/** Users with what SCRAM-SHA-256 needs to know of a password, which is not the password (RFC 5802, section 3). */
import type { Database } from "bun:sqlite";

/** `root` may do everything; `readWrite` is for the user's own database. */
export type Role = "root" | "readWrite";

export interface User {
  db: string;
  name: string;
  role: Role;
  salt: Uint8Array;
  iterations: number;
  storedKey: Uint8Array;
  serverKey: Uint8Array;
}

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS users (
    db TEXT, name TEXT, role TEXT, salt BLOB, iterations INTEGER, storedKey BLOB, serverKey BLOB,
    PRIMARY KEY (db, name)
  )
`;

export class Users {
  constructor(private readonly sqlite: Database) {
    sqlite.run(SCHEMA);
  }

  find(db: string, name: string): User | undefined {
    const query = this.sqlite.query<User, [string, string]>("SELECT * FROM users WHERE db = ? AND name = ?");
    return query.get(db, name) ?? undefined;
  }

  isEmpty(): boolean {
    return this.sqlite.query("SELECT 1 FROM users LIMIT 1").get() === null;
  }

  add({ db, name, role, salt, iterations, storedKey, serverKey }: User): void {
    this.sqlite
      .query("INSERT INTO users VALUES (?, ?, ?, ?, ?, ?, ?)")
      .run(db, name, role, salt, iterations, storedKey, serverKey);
  }
}
