/**
 * An embedded MongoDB emulator that speaks the real wire protocol on loopback, so that the platform starts on a bare
 * machine with the official driver as its only storage path. One process, and every command runs to its end before
 * the next one starts: that is its isolation.
 */
import { createServer, type Socket } from "node:net";
import { execute } from "./commands/execute.ts";
import { asCommandError } from "./errors.ts";
import { encodeReply } from "./reply.ts";
import { Store } from "./storage/store.ts";
import type { Document } from "./values.ts";
import { frameReply, type Request, RequestReader } from "./wire.ts";

export interface MongoEmulatorOptions {
  /** A sqlite file, created when missing. */
  dataFile: string;
  /** 0 or absent: any free port. */
  port?: number;
  /** The address to listen on; loopback when absent. */
  host?: string;
  /** Only clients with a login may read and write, as with a mongod's `--auth`. */
  auth?: boolean;
  ttlSweepMs?: number;
  /** How long a write that does not ask for the journal is in memory alone at most; 100 as with a mongod. */
  journalMs?: number | undefined;
}

/** Throws one line that names the data file when another process has it open. */
export async function startMongoEmulator(options: MongoEmulatorOptions) {
  const { dataFile, port = 0, host = "127.0.0.1", auth = false, ttlSweepMs = 2000, journalMs } = options;
  const store = new Store(dataFile, journalMs);
  const sockets = new Set<Socket>();
  let connections = 0;
  const listener = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    const isLocal = socket.remoteAddress === "127.0.0.1";
    const connection = { id: ++connections, isLocal, needsLogin: auth };
    const reader = new RequestReader();
    socket.on("data", (chunk: Buffer) => {
      try {
        for (const request of reader.push(chunk)) {
          send(socket, request, execute(store, connection, request.body));
        }
      } catch {
        socket.destroy();
      }
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => {
    listener.once("error", reject).listen(port, host, resolve);
  }).catch((error) => {
    store.close();
    throw error;
  });
  const timer = setInterval(() => store.removeExpired(Date.now()), ttlSweepMs);
  const { port: taken } = listener.address() as { port: number };
  return {
    url: `mongodb://127.0.0.1:${taken}/?directConnection=true`,
    port: taken,
    async stop(): Promise<void> {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => listener.close(resolve));
      store.close();
    },
  };
}

function send(socket: Socket, request: Request, reply: Document): void {
  if (request.isSilent) return;
  let bytes: Uint8Array;
  try {
    bytes = encodeReply(reply);
  } catch (error) {
    bytes = encodeReply(asCommandError(error).reply);
  }
  socket.write(frameReply(request, bytes));
}
