/** Open cursors, bounded in number and in idle time, so that a client that forgets one costs nothing for long. */
import { Long } from "bson";
import { CommandError } from "./errors.ts";
import { RawDocument } from "./raw.ts";
import { type Document, encode } from "./values.ts";

const MAX_CURSORS = 1000;
const MAX_BATCH_BYTES = 16 * 1024 * 1024;
const FIRST_BATCH_SIZE = 101;

interface Cursor {
  namespace: string;
  source: Iterator<Uint8Array>;
  /** Read already, but too large for the batch before. */
  waiting: Uint8Array | undefined;
  usedAt: number;
}

export class Cursors {
  readonly #open = new Map<string, Cursor>();
  #lastId = BigInt(Date.now()) << 20n;

  constructor(private readonly idleMs: number) {}

  /** The first batch of a find or an aggregate; a cursor stays open only while there may be more. */
  first(
    namespace: string,
    source: Iterable<Uint8Array>,
    batchSize: number | undefined,
    isSingle = false,
  ): Document {
    const cursor = { namespace, source: source[Symbol.iterator](), waiting: undefined, usedAt: Date.now() };
    const batch = readBatch(cursor, batchSize ?? FIRST_BATCH_SIZE);
    let id = Long.ZERO;
    if (!batch.isLast && !isSingle) {
      this.#lastId += 1n;
      id = Long.fromBigInt(this.#lastId);
      if (this.#open.size >= MAX_CURSORS) this.#closeOldest();
      this.#open.set(id.toString(), cursor);
    }
    return { cursor: { firstBatch: batch.documents, id, ns: namespace }, ok: 1 };
  }

  next(namespace: string, id: Long, batchSize: number | undefined): Document {
    const key = id.toString();
    const cursor = this.#open.get(key);
    if (!cursor) throw new CommandError(43, `cursor id ${key} not found`);
    if (cursor.namespace !== namespace) {
      throw new CommandError(
        13,
        `Requested getMore on namespace '${namespace}', but cursor belongs to a different namespace ${cursor.namespace}`,
      );
    }
    const { documents, isLast } = readBatch(cursor, batchSize ?? Number.POSITIVE_INFINITY);
    cursor.usedAt = Date.now();
    this.#open.delete(key);
    if (!isLast) this.#open.set(key, cursor);
    return { cursor: { nextBatch: documents, id: isLast ? Long.ZERO : id, ns: namespace }, ok: 1 };
  }

  /** Whether there was such a cursor. */
  kill(id: Long): boolean {
    return this.#open.delete(id.toString());
  }

  /** Closes what nobody asked for in a while. */
  sweep(now: number): void {
    for (const [key, { usedAt }] of this.#open) if (now - usedAt > this.idleMs) this.#open.delete(key);
  }

  /** Closes every cursor of a collection, or of a database when the namespace ends in a dot. */
  closeAll(namespace: string): void {
    for (const [key, cursor] of this.#open) {
      const isInside = namespace.endsWith(".")
        ? cursor.namespace.startsWith(namespace)
        : cursor.namespace === namespace;
      if (isInside) this.#open.delete(key);
    }
  }

  /** A Map keeps insertion order, and every use inserts again: the first key was idle the longest. */
  #closeOldest(): void {
    const [oldest] = this.#open.keys();
    if (oldest !== undefined) this.#open.delete(oldest);
  }
}

function readBatch(cursor: Cursor, size: number): { documents: RawDocument[]; isLast: boolean } {
  const documents: RawDocument[] = [];
  let bytes = 0;
  while (documents.length < size) {
    const next = cursor.waiting ?? readNext(cursor);
    cursor.waiting = undefined;
    if (!next) return { documents, isLast: true };
    if (bytes > 0 && bytes + next.length > MAX_BATCH_BYTES) {
      cursor.waiting = next;
      return { documents, isLast: false };
    }
    bytes += next.length;
    documents.push(new RawDocument(next));
  }
  cursor.waiting = size > 0 ? readNext(cursor) : undefined;
  return { documents, isLast: size > 0 && cursor.waiting === undefined };
}

function readNext(cursor: Cursor): Uint8Array | undefined {
  const { value, done } = cursor.source.next();
  return done ? undefined : value;
}

export function* encodeAll(documents: Iterable<Document>): Generator<Uint8Array> {
  for (const document of documents) yield encode(document);
}
