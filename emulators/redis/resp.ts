// Every string in the emulator holds one byte per character (latin1), so that values of any bytes pass unharmed.

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
  | { push: Reply[] };

export type Protocol = 2 | 3;

/** An error that is answered to the client as it is, code word included: `ERR …`, `WRONGTYPE …`. */
export class RedisError extends Error {}

export const ok: Reply = { status: "OK" };

export function formatDouble(value: number): string {
  return Number.isFinite(value) ? String(value) : value > 0 ? "inf" : "-inf";
}

/** RESP3 has types of its own for maps, doubles and pushes; RESP2 shows them as lists and strings. */
export function encodeReply(reply: Reply, protocol: Protocol): string {
  const list = (mark: string, count: number, items: Reply[]): string =>
    `${mark}${count}\r\n${items.map((item) => encodeReply(item, protocol)).join("")}`;
  if (typeof reply === "string") return `$${reply.length}\r\n${reply}\r\n`;
  if (typeof reply === "number") return `:${reply}\r\n`;
  if (reply === null) return protocol === 3 ? "_\r\n" : "$-1\r\n";
  if (Array.isArray(reply)) return list("*", reply.length, reply);
  if ("status" in reply) return `+${reply.status}\r\n`;
  if ("error" in reply) return `-${reply.error.replace(/[\r\n]+/g, " ")}\r\n`;
  if ("double" in reply) {
    const text = formatDouble(reply.double);
    return protocol === 3 ? `,${text}\r\n` : encodeReply(text, 2);
  }
  if ("push" in reply) return list(protocol === 3 ? ">" : "*", reply.push.length, reply.push);
  if ("map" in reply) {
    const flat = reply.map.flat();
    return protocol === 3 ? list("%", reply.map.length, flat) : encodeReply(flat, 2);
  }
  const scored = reply.pairs.map(([member, double]): Reply[] => [member, { double }]);
  return encodeReply(protocol === 3 ? scored : scored.flat(), protocol);
}

const maxArguments = 1024 * 1024;
const maxArgumentBytes = 512 * 1024 * 1024;
const maxInlineBytes = 64 * 1024;

/** Cuts a byte stream, which arrives in pieces of any size, into commands. */
export class CommandReader {
  #text = "";
  #at = 0;

  /** Throws a RedisError when the stream is not RESP; nothing after that can be read. */
  *read(chunk: string): Generator<string[]> {
    this.#text = this.#text.slice(this.#at) + chunk;
    for (this.#at = 0; ; ) {
      const start = this.#at;
      const command = this.#next();
      if (!command) {
        this.#at = start;
        return;
      }
      if (command.length > 0) yield command;
    }
  }

  #next(): string[] | undefined {
    const line = this.#line();
    if (!line?.startsWith("*")) return line?.split(/\s+/).filter((word) => word !== "");
    const count = lengthOf(line, maxArguments, "invalid multibulk length");
    const command: string[] = [];
    while (command.length < count) {
      const mark = this.#text[this.#at];
      if (mark !== undefined && mark !== "$") {
        throw new RedisError(`ERR Protocol error: expected '$', got '${mark}'`);
      }
      const header = this.#line();
      if (header === undefined) return undefined;
      const end = this.#at + lengthOf(header, maxArgumentBytes, "invalid bulk length");
      if (this.#text.length < end + 2) return undefined;
      command.push(this.#text.slice(this.#at, end));
      this.#at = end + 2;
    }
    return command;
  }

  #line(): string | undefined {
    const end = this.#text.indexOf("\n", this.#at);
    if (end < 0 && this.#text.length - this.#at <= maxInlineBytes) return undefined;
    if (end < 0) throw new RedisError("ERR Protocol error: too big inline request");
    const line = this.#text.slice(this.#at, this.#text[end - 1] === "\r" ? end - 1 : end);
    this.#at = end + 1;
    return line;
  }
}

function lengthOf(line: string, max: number, complaint: string): number {
  const length = Number(line.slice(1));
  if (!/^.\d+$/.test(line) || length > max) throw new RedisError(`ERR Protocol error: ${complaint}`);
  return length;
}
