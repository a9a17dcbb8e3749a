/**
 * An embedded MongoDB emulator that speaks the real wire protocol on loopback, so that the platform starts
 * on a bare machine with the official driver as its only storage path. One process, and every command runs to
 * its end before the next one starts: what a mongod achieves with locks is here a matter of course.
 */
import type { Socket } from "bun";
import type { Server } from "./commands/call.ts";
import { asCommandError, execute } from "./commands/execute.ts";
import { Cursors } from "./cursors.ts";
import { encodeReply } from "./raw.ts";
import { Store } from "./store.ts";
import { removeExpired } from "./ttl.ts";
import { frameReply, type Request, RequestReader } from "./wire.ts";

export interface MongoEmulatorOptions {
  /** A sqlite file, created when missing. */
  dataFile: string;
  /** 0 or absent: any free port. */
  port?: number;
  hostname?: string;
  ttlSweepMs?: number;
  /** How long a write that does not ask for the journal is in memory alone at most; 100 as with a mongod. */
  journalMs?: number;
  cursorIdleMs?: number;
}

export interface MongoEmulator {
  url: string;
  port: number;
  stop(): Promise<void>;
}

interface Connection {
  id: number;
  reader: RequestReader;
  unsent: Buffer[];
}

const TEN_MINUTES_MS = 600_000;

/** Throws one line that names the data file when another process has it open. */
export async function startMongoEmulator(options: MongoEmulatorOptions): Promise<MongoEmulator> {
  const { hostname = "127.0.0.1", ttlSweepMs = 2000, cursorIdleMs = TEN_MINUTES_MS } = options;
  const store = new Store(options.dataFile, options.journalMs);
  const server: Server = { store, cursors: new Cursors(cursorIdleMs), startedAt: Date.now() };
  const sockets = new Set<Socket<Connection>>();
  let lastConnectionId = 0;

  const listener = listen();
  const timer = setInterval(sweep, ttlSweepMs);
  const url = `mongodb://${hostname}:${listener.port}/?directConnection=true`;
  return { url, port: listener.port, stop };

  function listen() {
    try {
      return Bun.listen<Connection>({
        hostname,
        port: options.port ?? 0,
        socket: {
          open(socket) {
            socket.data = { id: ++lastConnectionId, reader: new RequestReader(), unsent: [] };
            socket.setNoDelay(true);
            sockets.add(socket);
          },
          data: (socket, chunk) => answerAll(server, socket, chunk),
          drain: flush,
          close: (socket) => void sockets.delete(socket),
          error: (socket) => void sockets.delete(socket),
        },
      });
    } catch (error) {
      store.close();
      throw error;
    }
  }

  function sweep(): void {
    removeExpired(store, Date.now());
    server.cursors.sweep(Date.now());
  }

  async function stop(): Promise<void> {
    clearInterval(timer);
    listener.stop(true);
    for (const socket of sockets) socket.end();
    store.close();
  }
}

function answerAll(server: Server, socket: Socket<Connection>, chunk: Uint8Array): void {
  try {
    for (const request of socket.data.reader.push(chunk)) answer(server, socket, request);
  } catch {
    socket.end();
  }
}

function answer(server: Server, socket: Socket<Connection>, request: Request): void {
  const reply = execute(server, request.body, socket.data.id);
  if (request.isSilent) return;
  socket.data.unsent.push(frameReply(request, encodeSafely(reply)));
  if (socket.data.unsent.length === 1) flush(socket);
}

function encodeSafely(reply: Record<string, unknown>): Uint8Array {
  try {
    return encodeReply(reply);
  } catch (error) {
    return encodeReply(asCommandError(error).reply);
  }
}

/** Sends what the socket takes; the rest waits for `drain`. */
function flush(socket: Socket<Connection>): void {
  const { unsent } = socket.data;
  for (let first = unsent[0]; first; first = unsent[0]) {
    const sent = socket.write(first);
    if (sent < first.length) {
      unsent[0] = first.subarray(Math.max(0, sent));
      return;
    }
    unsent.shift();
  }
}
