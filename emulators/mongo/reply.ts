/** Replies with stored documents spliced in as the bytes they are: reading one costs no decode and no encode. */
import { Long } from "bson";
import { check } from "./errors.ts";
import { type Document, encode, isDocument } from "./values.ts";

/** An encoded document that stands in a reply where a document would. */
export class RawDocument {
  constructor(readonly bytes: Uint8Array) {}
}

const MAX_RESULT_BYTES = 40_000_000;

/**
 * All that a find or an aggregate found, whatever batch size it asked for: no cursor stays open, and there is nothing to
 * get more of.
 */
export function cursorReply(ns: string, documents: Uint8Array[]): Document {
  const bytes = documents.reduce((sum, { length }) => sum + length, 0);
  check(
    bytes <= MAX_RESULT_BYTES,
    1,
    `the emulator answers at most 40 MB, and the result has ${bytes} bytes`,
  );
  const firstBatch = documents.map((document) => new RawDocument(document));
  return { cursor: { firstBatch, id: Long.ZERO, ns }, ok: 1 };
}

const DOCUMENT = 0x03;
const ARRAY = 0x04;

/** Like `encode`, for documents that hold RawDocuments in fields and arrays. */
export function encodeReply(reply: Document): Uint8Array {
  return holdsRaw(reply)
    ? wrap(Object.entries(reply).map(([name, value]) => element(name, value)))
    : encode(reply);
}

function holdsRaw(value: unknown): boolean {
  if (Array.isArray(value)) return value[0] instanceof RawDocument;
  return value instanceof RawDocument || (isDocument(value) && Object.values(value).some(holdsRaw));
}

function element(name: string, value: unknown): Uint8Array {
  if (!holdsRaw(value)) return encode({ [name]: value }).subarray(4, -1);
  const header = Buffer.from(`${String.fromCharCode(Array.isArray(value) ? ARRAY : DOCUMENT)}${name}\0`);
  if (value instanceof RawDocument) return Buffer.concat([header, value.bytes]);
  const elements = Object.entries(value as Document).map(([key, item]) => element(key, item));
  return Buffer.concat([header, wrap(elements)]);
}

function wrap(elements: Uint8Array[]): Uint8Array {
  const length = elements.reduce((sum, one) => sum + one.length, 5);
  const header = Buffer.allocUnsafe(4);
  header.writeInt32LE(length);
  return Buffer.concat([header, ...elements, Uint8Array.of(0)], length);
}
