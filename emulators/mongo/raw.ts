/** Replies with stored documents spliced in as the bytes they are: reading one costs no decode and no encode. */
import { type Document, encode } from "./values.ts";

/** An encoded document that stands in a reply where a document would. */
export class RawDocument {
  constructor(readonly bytes: Uint8Array) {}
}

const DOCUMENT = 0x03;
const ARRAY = 0x04;

/** Like `encode`, for documents that hold RawDocuments in fields and arrays. */
export function encodeReply(reply: Document): Uint8Array {
  if (!holdsRaw(reply)) return encode(reply);
  return wrap(Object.entries(reply).map(([name, value]) => encodeElement(name, value)));
}

function holdsRaw(value: unknown): boolean {
  if (value instanceof RawDocument) return true;
  if (Array.isArray(value)) return value[0] instanceof RawDocument;
  return isPlain(value) && Object.values(value).some(holdsRaw);
}

function isPlain(value: unknown): value is Document {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function encodeElement(name: string, value: unknown): Uint8Array {
  if (value instanceof RawDocument) return element(DOCUMENT, name, value.bytes);
  if (!holdsRaw(value)) return encode({ [name]: value }).subarray(4, -1);
  if (!Array.isArray(value)) return element(DOCUMENT, name, encodeReply(value as Document));
  return element(
    ARRAY,
    name,
    wrap(value.map((item: RawDocument, at) => element(DOCUMENT, String(at), item.bytes))),
  );
}

function element(type: number, name: string, bytes: Uint8Array): Uint8Array {
  return Buffer.concat([Uint8Array.of(type), Buffer.from(`${name}\0`), bytes]);
}

function wrap(elements: Uint8Array[]): Uint8Array {
  const length = elements.reduce((sum, { length }) => sum + length, 5);
  const header = Buffer.allocUnsafe(4);
  header.writeInt32LE(length);
  return Buffer.concat([header, ...elements, Uint8Array.of(0)], length);
}
