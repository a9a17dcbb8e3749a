// A Redis for a machine without one: RESP on loopback. Nothing is kept on disk, for the platform keeps nothing in
// Redis that it cannot lose.

import { createServer, type Socket } from "node:net";
import { Keyspace } from "./keyspace.ts";
import { ScriptEngine } from "./script.ts";
import { Session, type Shared } from "./session.ts";

const databaseCount = 16;
const sweepEveryMs = 1000;

export type RedisEmulator = { port: number; stop(): Promise<void> };

/** Listens on 127.0.0.1; port 0 takes a free one. */
export async function startRedisEmulator(port: number): Promise<RedisEmulator> {
  const shared: Shared = {
    databases: Array.from({ length: databaseCount }, () => new Keyspace()),
    subscribers: new Map(),
    scripts: new ScriptEngine(),
    sessionCount: 0,
  };
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    const session = new Session(shared, (text) => socket.write(text, "latin1"));
    socket.on("data", (chunk) => {
      if (session.receive(chunk.toString("latin1")) === "close") socket.end();
    });
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      sockets.delete(socket);
      session.close();
    });
  });
  /** Looking at a key removes it when it has expired. */
  const sweep = setInterval(() => {
    for (const keyspace of shared.databases) keyspace.keys();
  }, sweepEveryMs);
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const address = server.address();
  return {
    port: typeof address === "object" && address ? address.port : port,
    async stop() {
      clearInterval(sweep);
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
