// Every string in the emulator holds one byte per character (latin1), so that values of any bytes pass
// through ioredis-mock, which knows strings only, unharmed.

export type Reply =
  | string
  | number
  | null
  | Reply[]
  | { status: string }
  | { error: string }
  | { double: number }
  | { map: [Reply, Reply][] }
  | { pairs: [string, number][] }
  | { set: string[] }
  | { push: Reply[] }
  | { noList: true };

export type Protocol = 2 | 3;

/** An error that is answered to the client as it is, code word included: `ERR …`, `WRONGTYPE …`. */
export class RedisError extends Error {}

export const ok: Reply = { status: "OK" };

export function latin1(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

export function formatDouble(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return "inf";
  if (value === Number.NEGATIVE_INFINITY) return "-inf";
  return Object.is(value, -0) ? "-0" : String(value);
}

function encodeMany(mark: string, count: number, replies: Reply[], protocol: Protocol): string {
  let text = `${mark}${count}\r\n`;
  for (const reply of replies) text += encodeReply(reply, protocol);
  return text;
}

function encodePairs(pairs: [string, number][], protocol: Protocol): string {
  const scored = pairs.map(([member, score]): Reply[] => [member, { double: score }]);
  return encodeReply(protocol === 3 ? scored : scored.flat(), protocol);
}

/** RESP3 has types of its own for maps, sets, doubles and pushes; RESP2 shows them as lists and strings. */
export function encodeReply(reply: Reply, protocol: Protocol): string {
  if (typeof reply === "string") return `$${reply.length}\r\n${reply}\r\n`;
  if (typeof reply === "number") return `:${reply}\r\n`;
  if (reply === null) return protocol === 3 ? "_\r\n" : "$-1\r\n";
  if (Array.isArray(reply)) return encodeMany("*", reply.length, reply, protocol);
  if ("status" in reply) return `+${reply.status}\r\n`;
  if ("error" in reply) return `-${reply.error.replace(/[\r\n]+/g, " ")}\r\n`;
  if ("noList" in reply) return protocol === 3 ? "_\r\n" : "*-1\r\n";
  if ("pairs" in reply) return encodePairs(reply.pairs, protocol);
  if ("double" in reply) {
    const text = formatDouble(reply.double);
    return protocol === 3 ? `,${text}\r\n` : encodeReply(text, 2);
  }
  if ("map" in reply) {
    return protocol === 3
      ? encodeMany("%", reply.map.length, reply.map.flat(), 3)
      : encodeReply(reply.map.flat(), 2);
  }
  if ("set" in reply) return encodeMany(protocol === 3 ? "~" : "*", reply.set.length, reply.set, protocol);
  return encodeMany(protocol === 3 ? ">" : "*", reply.push.length, reply.push, protocol);
}

const maxArguments = 1024 * 1024;
const maxArgumentBytes = 512 * 1024 * 1024;
const maxInlineBytes = 64 * 1024;

/** Cuts a byte stream, which arrives in pieces of any size, into commands. */
export class CommandReader {
  #text = "";
  #at = 0;

  /** Throws a RedisError when the stream is not RESP; nothing after that can be read. */
  read(chunk: string): string[][] {
    this.#text = this.#text.slice(this.#at) + chunk;
    this.#at = 0;
    const commands: string[][] = [];
    for (let command = this.#next(); command; command = this.#next()) {
      if (command.length > 0) commands.push(command);
    }
    return commands;
  }

  #next(): string[] | undefined {
    const start = this.#at;
    const command = this.#text[start] === "*" ? this.#nextList() : this.#nextInline();
    if (!command) this.#at = start;
    return command;
  }

  #nextList(): string[] | undefined {
    const count = this.#length("*", maxArguments, "invalid multibulk length");
    if (count === undefined) return undefined;
    const command: string[] = [];
    for (let index = 0; index < count; index += 1) {
      const mark = this.#text[this.#at];
      if (mark !== undefined && mark !== "$") {
        throw new RedisError(`ERR Protocol error: expected '$', got '${mark}'`);
      }
      const length = this.#length("$", maxArgumentBytes, "invalid bulk length");
      if (length === undefined || this.#text.length < this.#at + length + 2) return undefined;
      command.push(this.#text.slice(this.#at, this.#at + length));
      this.#at += length + 2;
    }
    return command;
  }

  #length(mark: string, max: number, complaint: string): number | undefined {
    const line = this.#line();
    if (line === undefined) return undefined;
    const digits = line.slice(mark.length);
    const length = Number(digits);
    if (!/^-?\d+$/.test(digits) || length > max || (mark === "$" && length < 0)) {
      throw new RedisError(`ERR Protocol error: ${complaint}`);
    }
    return Math.max(length, 0);
  }

  #nextInline(): string[] | undefined {
    const line = this.#line();
    if (line === undefined) return undefined;
    return line.split(/\s+/).filter((word) => word !== "");
  }

  #line(): string | undefined {
    const end = this.#text.indexOf("\n", this.#at);
    if (end < 0) {
      if (this.#text.length - this.#at > maxInlineBytes) {
        throw new RedisError("ERR Protocol error: too big inline request");
      }
      return undefined;
    }
    const line = this.#text.slice(this.#at, this.#text[end - 1] === "\r" ? end - 1 : end);
    this.#at = end + 1;
    return line;
  }
}
