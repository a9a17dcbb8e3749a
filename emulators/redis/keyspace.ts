import { RedisError } from "./resp.ts";

export type SortedSet = Map<string, number>;
type Entry = { value: string | SortedSet; expiresAt: number };

/** The keys of one numbered database. An expired key is gone when it is next looked at, or swept. */
export class Keyspace {
  readonly #entries = new Map<string, Entry>();

  find(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (!entry || entry.expiresAt > Date.now()) return entry;
    this.#entries.delete(key);
    return undefined;
  }

  /** Throws WRONGTYPE when something else is there. */
  findString(key: string): string | undefined {
    const value = this.find(key)?.value;
    if (typeof value === "object") throw wrongType();
    return value;
  }

  /** Null when there is no string, as MGET answers. */
  findText(key: string): string | null {
    const value = this.find(key)?.value;
    return typeof value === "string" ? value : null;
  }

  /** Throws WRONGTYPE when something else is there. */
  findSortedSet(key: string): SortedSet | undefined {
    const value = this.find(key)?.value;
    if (typeof value === "string") throw wrongType();
    return value;
  }

  /** A sorted set without members does not exist. */
  set(key: string, value: Entry["value"], expiresAt = Number.POSITIVE_INFINITY) {
    if (typeof value === "object" && value.size === 0) this.#entries.delete(key);
    else this.#entries.set(key, { value, expiresAt });
  }

  delete(key: string): boolean {
    return this.find(key) !== undefined && this.#entries.delete(key);
  }

  keys(): string[] {
    return [...this.#entries.keys()].filter((key) => this.find(key));
  }

  clear() {
    this.#entries.clear();
  }
}

const wrongType = () => new RedisError("WRONGTYPE Operation against a key holding the wrong kind of value");
