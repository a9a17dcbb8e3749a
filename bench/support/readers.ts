// Readers of one address on connections of their own, each of which asks again as soon as it is answered. Written on
// bare sockets: with `fetch` the readers would cost more than the server that they measure.
import { connect, type Socket } from "node:net";

export interface Readers {
  answered: () => number;
  /** Answers that were not a 200, and connections that broke. */
  failed: () => number;
  stop: () => void;
}

const END_OF_HEAD = Buffer.from("\r\n\r\n");

export function startReaders(url: string, connections: number): Readers {
  const { hostname, port, pathname, search } = new URL(url);
  const request = Buffer.from(`GET ${pathname}${search} HTTP/1.1\r\nhost: ${hostname}:${port}\r\n\r\n`);
  let answered = 0;
  let failed = 0;
  let stopped = false;

  const sockets = Array.from({ length: connections }, (): Socket => {
    const socket = connect(Number(port), hostname, () => socket.write(request));
    /** What has come of an answer's head; of its body, how much is still to come. */
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
