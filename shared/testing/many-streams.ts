// Opens thousands of event streams from one process, each on its own socket, because fetch limits its connections.
import type { Socket } from "bun";

export interface ManyStreams {
  /** Streams that are open. */
  open: () => number;
  /** The number of responses by status. */
  statuses: Map<number, number>;
  close: () => void;
}

export interface ManyStreamsOptions {
  url: string;
  count: number;
  /** Headers of the stream with this number. */
  pathOf: (index: number) => string;
  headersOf: (index: number) => Record<string, string>;
  /** The raw lines of one event. */
  onEvent: (index: number, block: string) => void;
  /** How many connect at once. Default: all. */
  atOnce?: number;
  /** How often a refused stream retries. */
  tries?: number;
}

interface Reader {
  index: number;
  buffer: string;
  status: number;
  answered: (status: number) => void;
}

const AGAIN_MS = 500;
const CHUNK_HEAD = /(?:^|\r\n)[0-9a-f]+\r\n/g;

/** Resolves once every stream has a response. */
export async function openManyStreams(options: ManyStreamsOptions): Promise<ManyStreams> {
  const { url, count, pathOf, headersOf, onEvent, atOnce = count, tries = 1 } = options;
  const { hostname, port } = new URL(url);
  const statuses = new Map<number, number>();
  const sockets = new Set<Socket<Reader>>();
  const decoder = new TextDecoder();
  let isOpen = 0;

  function takeHead(reader: Reader) {
    const end = reader.buffer.indexOf("\r\n\r\n");
    if (end < 0) return;
    reader.status = Number(reader.buffer.slice(9, 12));
    reader.buffer = reader.buffer.slice(end + 4);
    statuses.set(reader.status, (statuses.get(reader.status) ?? 0) + 1);
    if (reader.status === 200) isOpen++;
    reader.answered(reader.status);
  }

  /** Every event ends a chunk of the transfer coding, so only complete chunks are parsed. */
  function takeEvents(reader: Reader) {
    const end = reader.buffer.lastIndexOf("\n\n\r\n");
    if (end < 0) return;
    const text = reader.buffer.slice(0, end).replace(CHUNK_HEAD, "");
    reader.buffer = reader.buffer.slice(end + 4);
    for (const block of text.split("\n\n")) if (block.startsWith("event:")) onEvent(reader.index, block);
  }

  function connect(index: number): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    const headers = Object.entries(headersOf(index)).map(([name, value]) => `${name}: ${value}\r\n`);
    const request = `GET ${pathOf(index)} HTTP/1.1\r\nHost: ${hostname}\r\n${headers.join("")}\r\n`;
    const gone = (socket: Socket<Reader>) => {
      if (sockets.delete(socket) && socket.data.status === 200) isOpen--;
      resolve(0);
    };
    void Bun.connect<Reader>({
      hostname,
      port: Number(port),
      data: { index, buffer: "", status: 0, answered: resolve },
      socket: {
        open(socket) {
          sockets.add(socket);
          socket.write(request);
        },
        data(socket, part) {
          const reader = socket.data;
          reader.buffer += decoder.decode(part);
          if (reader.status === 0) takeHead(reader);
          if (reader.status === 200) takeEvents(reader);
        },
        close: gone,
        error: gone,
      },
    }).catch(() => resolve(0));
    return promise;
  }

  let next = 0;
  const connectAll = async () => {
    while (next < count) {
      const index = next++;
      for (let tried = 1; (await connect(index)) === 503 && tried < tries; tried++) await Bun.sleep(AGAIN_MS);
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, connectAll));
  return {
    statuses,
    open: () => isOpen,
    close: () => {
      for (const socket of [...sockets]) socket.terminate();
    },
  };
}
