// A Redis for a machine without one: RESP on loopback. Nothing is kept on disk, for the platform keeps nothing in
// Redis that it cannot lose.
import { createServer, type Socket } from "node:net";
import { Keyspace } from "./keyspace.ts";
import { ScriptEngine } from "./script.ts";
import { Session, type Shared } from "./session.ts";

const databaseCount = 16;
const sweepEveryMs = 1000;

/** Listens on 127.0.0.1; port 0 takes a free one. */
export async function startRedisEmulator(port: number) {
  const shared: Shared = {
    databases: Array.from({ length: databaseCount }, () => new Keyspace()),
    subscribers: new Map(),
    scripts: new ScriptEngine(),
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
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen(port, "127.0.0.1", resolve);
  });
  /** Looking at a key removes it when it has expired. */
  const sweep = setInterval(() => shared.databases.map((keyspace) => keyspace.keys()), sweepEveryMs);
  const { port: taken } = server.address() as { port: number };
  return {
    url: `redis://127.0.0.1:${taken}`,
    port: taken,
    async stop(): Promise<void> {
      clearInterval(sweep);
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
