// Clients that read one URL in a closed loop, each on its own connection. Written on sockets, because `fetch` costs more
// CPU than the server under test.
import { connect, type Socket } from "node:net";

export interface Readers {
  answered: () => number;
  /** Answers other than 200, and broken connections. */
  failed: () => number;
  stop: () => void;
}

const END_OF_HEAD = Buffer.from("\r\n\r\n");

export function startReaders(
  url: string,
  connections: number,
  headers: Record<string, string> = {},
): Readers {
  const { hostname, port, pathname, search } = new URL(url);
  const lines = Object.entries({ host: `${hostname}:${port}`, ...headers }).map(
    ([name, value]) => `${name}: ${value}\r\n`,
  );
  const request = Buffer.from(`GET ${pathname}${search} HTTP/1.1\r\n${lines.join("")}\r\n`);
  let answered = 0;
  let failed = 0;
  let stopped = false;

  const sockets = Array.from({ length: connections }, (): Socket => {
    const socket = connect(Number(port), hostname, () => socket.write(request));
    /** The part of an answer's head received so far, and the bytes of its body still missing. */
    let head: Buffer = Buffer.alloc(0);
    let missing = 0;
    socket.setNoDelay(true);
    socket.on("data", (chunk: Buffer) => {
      if (missing === 0) {
        head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
        const end = head.indexOf(END_OF_HEAD);
        if (end < 0) return;
        const text = head.toString("latin1", 0, end);
        if (!text.startsWith("HTTP/1.1 200")) failed++;
        missing = end + 4 + Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0) - head.length;
        head = Buffer.alloc(0);
      } else missing -= chunk.length;
      if (missing > 0) return;
      answered++;
      if (!stopped) socket.write(request);
    });
    socket.on("error", () => {
      if (!stopped) failed++;
    });
    return socket;
  });

  return {
    answered: () => answered,
    failed: () => failed,
    stop() {
      stopped = true;
      for (const socket of sockets) socket.destroy();
    },
  };
}
