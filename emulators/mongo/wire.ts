/**
 * The wire protocol: OP_MSG, and OP_QUERY only because drivers still open a connection with a legacy hello.
 * https://github.com/mongodb/specifications/blob/master/source/message/OP_MSG.md
 */
import { check } from "./errors.ts";
import { type Document, decode } from "./values.ts";

const OP_REPLY = 1;
const OP_QUERY = 2004;
const OP_MSG = 2013;
const CHECKSUM_PRESENT = 1;
const MORE_TO_COME = 2;
const HEADER_BYTES = 16;
const MAX_MESSAGE_BYTES = 48_000_000;

export interface Request {
  id: number;
  body: Document;
  isLegacy: boolean;
  /** The client asked for no reply (an unacknowledged write). */
  isSilent: boolean;
}

/** Cuts a TCP stream into requests; throws when it is not the wire protocol, and the connection must end. */
export class RequestReader {
  #chunks: Uint8Array[] = [];
  #received = 0;
  #needed = HEADER_BYTES;

  /** Chunks are joined only once a message is complete: a large one would else be copied for each of its chunks. */
  *push(chunk: Uint8Array): Generator<Request> {
    this.#chunks.push(chunk.slice());
    this.#received += chunk.length;
    while (this.#received >= this.#needed) {
      const bytes = Buffer.concat(this.#chunks, this.#received);
      const length = bytes.readInt32LE(0);
      check(length >= HEADER_BYTES && length <= MAX_MESSAGE_BYTES, 2, `bad message length ${length}`);
      const isComplete = bytes.length >= length;
      this.#chunks = [isComplete ? bytes.subarray(length) : bytes];
      this.#received = bytes.length - (isComplete ? length : 0);
      this.#needed = isComplete ? HEADER_BYTES : length;
      if (isComplete) yield parseRequest(bytes.subarray(0, length));
    }
  }
}

function parseRequest(message: Buffer): Request {
  const [id, opcode] = [message.readInt32LE(4), message.readInt32LE(12)];
  if (opcode === OP_MSG) return { id, ...parseMessage(message), isLegacy: false };
  check(opcode === OP_QUERY, 2, `unsupported opcode ${opcode}`);
  const nameEnd = message.indexOf(0, HEADER_BYTES + 4);
  const [$db] = message.toString("utf8", HEADER_BYTES + 4, nameEnd).split(".");
  return { id, body: { ...decode(documentAt(message, nameEnd + 9)), $db }, isLegacy: true, isSilent: false };
}

function parseMessage(message: Buffer): Pick<Request, "body" | "isSilent"> {
  const flags = message.readUInt32LE(HEADER_BYTES);
  check(
    (flags & 0xffff & ~(CHECKSUM_PRESENT | MORE_TO_COME)) === 0,
    2,
    `unknown required OP_MSG flags ${flags}`,
  );
  const end = message.length - (flags & CHECKSUM_PRESENT ? 4 : 0);
  const sequences: Document = {};
  let body: Document = {};
  for (let at = HEADER_BYTES + 4; at < end; ) {
    const kind = message[at++];
    const size = message.readInt32LE(at);
    check(kind === 0 || kind === 1, 2, `unknown OP_MSG section kind ${kind}`);
    if (kind === 0) body = decode(documentAt(message, at));
    else {
      const nameEnd = message.indexOf(0, at + 4);
      sequences[message.toString("utf8", at + 4, nameEnd)] = sequenceAt(message, nameEnd + 1, at + size);
    }
    at += size;
  }
  return { body: { ...body, ...sequences }, isSilent: (flags & MORE_TO_COME) !== 0 };
}

function sequenceAt(message: Buffer, start: number, end: number): Document[] {
  const documents: Document[] = [];
  for (let at = start; at < end; at += message.readInt32LE(at))
    documents.push(decode(documentAt(message, at)));
  return documents;
}

const documentAt = (message: Buffer, at: number): Buffer =>
  message.subarray(at, at + message.readInt32LE(at));

let lastReplyId = 0;

export function frameReply({ id, isLegacy }: Request, document: Uint8Array): Buffer {
  const prefix = isLegacy ? 20 : 5;
  const frame = Buffer.alloc(HEADER_BYTES + prefix + document.length);
  lastReplyId = (lastReplyId + 1) & 0x7fffffff;
  for (const [at, value] of [frame.length, lastReplyId, id, isLegacy ? OP_REPLY : OP_MSG].entries()) {
    frame.writeInt32LE(value, at * 4);
  }
  if (isLegacy) {
    frame.writeInt32LE(8, HEADER_BYTES);
    frame.writeInt32LE(1, HEADER_BYTES + 16);
  }
  frame.set(document, HEADER_BYTES + prefix);
  return frame;
}
