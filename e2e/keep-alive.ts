// An HTTP/1.1 keep-alive client that never retries. A connection that closes between a request and its
// answer is a failure.
import { once } from "node:events";
import { connect, type Socket } from "node:net";

export interface KeepAliveClient {
  /** Returns the status of the answer. Throws without one. */
  get: (path: string, token: string) => Promise<number>;
  /** Number of connections used. */
  connections: () => number;
  close: () => void;
}

const HEAD_END = "\r\n\r\n";

/** Reads one whole answer with a Content-Length. */
function readAnswer(socket: Socket): Promise<{ status: number; mayStay: boolean }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; mayStay: boolean }>();
  let bytes = Buffer.alloc(0);
  const gone = () => reject(new Error("The connection closed before the answer"));
  const read = (chunk: Buffer) => {
    bytes = Buffer.concat([bytes, chunk]);
    const headEnd = bytes.indexOf(HEAD_END);
    if (headEnd < 0) return;
    const head = bytes.toString("latin1", 0, headEnd).toLowerCase();
    const length = Number(/\r\ncontent-length: (\d+)/.exec(head)?.[1]);
    if (Number.isNaN(length)) reject(new Error(`The answer has no Content-Length: ${head}`));
    if (bytes.length >= headEnd + HEAD_END.length + length)
      resolve({ status: Number(head.slice(9, 12)), mayStay: !/\r\nconnection: close/.test(head) });
  };
  socket.on("data", read).on("close", gone);
  return promise.finally(() => socket.off("data", read).off("close", gone));
}

export function keepAliveClient(url: string): KeepAliveClient {
  const { hostname, port, host } = new URL(url);
  let socket: Socket | undefined;
  let connections = 0;

  return {
    async get(path, token) {
      if (!socket || socket.destroyed || socket.readableEnded) {
        socket = connect({ host: hostname, port: Number(port), noDelay: true });
        socket.on("error", () => undefined);
        await once(socket, "connect");
        connections += 1;
      }
      const using = socket;
      const answer = readAnswer(using);
      using.write(`GET ${path} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${token}${HEAD_END}`);
      const { status, mayStay } = await answer;
      if (!mayStay) using.destroy();
      return status;
    },
    connections: () => connections,
    close: () => socket?.destroy(),
  };
}
