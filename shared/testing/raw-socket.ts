// Sends raw bytes on a connection, for requests that no HTTP client sends.
import { eventually } from "./tools.ts";

export interface RawSocket {
  write: (text: string) => void;
  /** All bytes received so far. */
  received: () => string;
  isClosed: () => boolean;
  close: () => void;
}

export async function openRawSocket(url: string): Promise<RawSocket> {
  const { hostname, port } = new URL(url);
  let received = "";
  let closed = false;
  const socket = await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      data: (_, bytes) => {
        received += bytes.toString();
      },
      close: () => {
        closed = true;
      },
    },
  });
  return {
    write: (text) => void socket.write(text),
    received: () => received,
    isClosed: () => closed,
    close: () => socket.end(),
  };
}

/** The complete response, head and body. */
export async function askRaw(url: string, requestLine: string, headers: string[]): Promise<string> {
  const socket = await openRawSocket(url);
  socket.write([`${requestLine} HTTP/1.1`, ...headers, "Connection: close", "", ""].join("\r\n"));
  await eventually(async () => socket.isClosed());
  return socket.received();
}
