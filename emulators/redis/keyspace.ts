// ioredis-mock copies a whole collection at every access and never removes an expired key that nobody reads
// again. This keyspace stands in for its `data` and `expires`; the mock's commands run on it unchanged.

import { RedisError } from "./resp.ts";

export type Kind = "string" | "list" | "set" | "zset" | "hash";
export type SortedSet = Map<string, { score: number; value: string }>;
export type Value = string | string[] | Set<string> | SortedSet | Record<string, string>;

export type Watch = { key: string; changed: boolean };

function kindOfValue(value: Value): Kind {
  if (typeof value === "string") return "string";
  if (Array.isArray(value)) return "list";
  if (value instanceof Set) return "set";
  return value instanceof Map ? "zset" : "hash";
}

function isEmpty(value: Value): boolean {
  if (typeof value === "string") return false;
  if (Array.isArray(value)) return value.length === 0;
  if (value instanceof Set || value instanceof Map) return value.size === 0;
  for (const _field in value) return false;
  return true;
}

export class Keyspace {
  readonly #values = new Map<string, Value>();
  readonly #expiresAt = new Map<string, number>();
  readonly #watches = new Map<string, Set<Watch>>();

  readonly data = {
    has: (key: string) => this.#live(key) !== undefined,
    get: (key: string) => this.#live(key),
    set: (key: string, value: Value) => {
      // Without this a hash field called "constructor" or "__proto__" would find what every object inherits.
      if (kindOfValue(value) === "hash") Object.setPrototypeOf(value, null);
      this.#values.set(key, value);
      this.touch(key);
    },
    delete: (key: string) => this.#remove(key),
    keys: () => [...this.#values.keys()].filter((key) => this.#live(key) !== undefined),
    clear: () => {
      for (const key of [...this.#values.keys()]) this.#remove(key);
    },
  };

  readonly expires = {
    has: (key: string) => this.#expiresAt.has(key),
    get: (key: string) => this.#expiresAt.get(key),
    set: (key: string, atMs: number) => {
      this.#expiresAt.set(key, Number(atMs));
      this.touch(key);
    },
    delete: (key: string) => this.#expiresAt.delete(key),
    isExpired: (key: string) => (this.#expiresAt.get(key) ?? Number.POSITIVE_INFINITY) <= Date.now(),
    clear: () => this.#expiresAt.clear(),
  };

  #live(key: string): Value | undefined {
    if (this.expires.isExpired(key)) this.#remove(key);
    return this.#values.get(key);
  }

  #remove(key: string) {
    this.#expiresAt.delete(key);
    if (this.#values.delete(key)) this.touch(key);
  }

  kindOf(key: string): Kind | undefined {
    const value = this.#live(key);
    return value === undefined ? undefined : kindOfValue(value);
  }

  /** The string at the key; throws WRONGTYPE when something else is there. */
  findString(key: string): string | undefined {
    const value = this.#live(key);
    if (value !== undefined && typeof value !== "string") throw wrongType();
    return value;
  }

  /** The sorted set at the key; throws WRONGTYPE when something else is there. */
  findSortedSet(key: string): SortedSet | undefined {
    const value = this.#live(key);
    if (value !== undefined && !(value instanceof Map)) throw wrongType();
    return value;
  }

  removeIfEmpty(key: string) {
    const value = this.#live(key);
    if (value !== undefined && isEmpty(value)) this.#remove(key);
  }

  sweepExpired() {
    for (const key of [...this.#expiresAt.keys()]) this.#live(key);
  }

  touch(key: string) {
    for (const watch of this.#watches.get(key) ?? []) watch.changed = true;
  }

  watch(key: string): Watch {
    this.#live(key);
    const watch = { key, changed: false };
    const watches = this.#watches.get(key) ?? new Set();
    this.#watches.set(key, watches.add(watch));
    return watch;
  }

  /** Ends the watch and says whether the key was changed, or expired, since it began. */
  unwatch(watch: Watch): boolean {
    this.#live(watch.key);
    const watches = this.#watches.get(watch.key);
    watches?.delete(watch);
    if (watches?.size === 0) this.#watches.delete(watch.key);
    return watch.changed;
  }
}

export function wrongType(): RedisError {
  return new RedisError("WRONGTYPE Operation against a key holding the wrong kind of value");
}
